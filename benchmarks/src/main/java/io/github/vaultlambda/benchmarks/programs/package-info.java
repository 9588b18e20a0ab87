/** What is run in fresh JVMs: the library, decorated and annotated handlers, and the same by hand; the peers add theirs. */
@NullMarked
package io.github.vaultlambda.benchmarks.programs;

import org.jspecify.annotations.NullMarked;
