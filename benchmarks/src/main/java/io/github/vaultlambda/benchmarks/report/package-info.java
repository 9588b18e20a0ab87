/** How every benchmark tells its figures: one table with ratios, the same as JSON, and charts. */
@NullMarked
package io.github.vaultlambda.benchmarks.report;

import org.jspecify.annotations.NullMarked;
