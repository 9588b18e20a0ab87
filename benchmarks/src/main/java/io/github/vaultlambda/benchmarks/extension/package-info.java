/** The packaged extension beside another one, and beside Vault itself. */
@NullMarked
package io.github.vaultlambda.benchmarks.extension;

import org.jspecify.annotations.NullMarked;
