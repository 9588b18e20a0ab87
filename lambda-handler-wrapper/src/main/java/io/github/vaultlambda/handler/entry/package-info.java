/** A ready-made handler that gives secrets to functions whose jar cannot be changed. */
@NullMarked
package io.github.vaultlambda.handler.entry;

import org.jspecify.annotations.NullMarked;
