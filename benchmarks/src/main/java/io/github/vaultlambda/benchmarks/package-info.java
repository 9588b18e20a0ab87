/** The command that runs what is measured, and two programs that print a line of their own. */
@NullMarked
package io.github.vaultlambda.benchmarks;

import org.jspecify.annotations.NullMarked;
