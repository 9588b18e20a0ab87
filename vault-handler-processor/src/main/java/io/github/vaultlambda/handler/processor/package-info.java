/** Writes, at compile time, the classes that give handlers their secrets. */
@NullMarked
package io.github.vaultlambda.handler.processor;

import org.jspecify.annotations.NullMarked;
