/** What a cold start costs: the first secret in a fresh JVM, its parts, and a restored snapshot. */
@NullMarked
package io.github.vaultlambda.benchmarks.coldstart;

import org.jspecify.annotations.NullMarked;
