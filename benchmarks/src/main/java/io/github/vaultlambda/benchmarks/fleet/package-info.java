/**
 * A fleet of functions on a virtual clock: the library's own classes, one set for each execution environment, against a model of
 * Vault with a capacity. The same seed gives the same run, whatever the machine.
 */
@NullMarked
package io.github.vaultlambda.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
