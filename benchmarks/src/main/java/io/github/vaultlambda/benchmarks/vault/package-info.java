/** The Vaults that measured programs ask: without a network, in this process, and in one of its own. */
@NullMarked
package io.github.vaultlambda.benchmarks.vault;

import org.jspecify.annotations.NullMarked;
