/** What is paid when nothing has to be fetched, by JMH. */
@NullMarked
package io.github.vaultlambda.benchmarks.warm;

import org.jspecify.annotations.NullMarked;
