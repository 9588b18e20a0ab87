/** How long the library takes, always beside something to compare it with. */
@NullMarked
package io.github.vaultlambda.benchmarks;

import org.jspecify.annotations.NullMarked;
