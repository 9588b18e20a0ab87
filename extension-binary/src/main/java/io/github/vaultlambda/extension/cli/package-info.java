/** The commands of the program: {@code login}, {@code read}, {@code exec}, {@code doctor}, {@code version}. */
@NullMarked
package io.github.vaultlambda.extension.cli;

import org.jspecify.annotations.NullMarked;
