/** The run that shows the whole way of a secret on one machine: Vault, STS and Lambda are emulated, everything else is real. */
@NullMarked
package io.github.vaultlambda.examples.firstlight;

import org.jspecify.annotations.NullMarked;
