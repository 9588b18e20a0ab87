/** How many requests honest workloads cost Vault: the testkit's stand-in counts them, on a clock that is set. */
@NullMarked
package io.github.vaultlambda.benchmarks.workloads;

import org.jspecify.annotations.NullMarked;
