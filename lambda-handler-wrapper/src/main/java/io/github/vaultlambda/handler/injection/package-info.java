/**
 * What the code that is generated for annotated handlers stands on: how secrets get into a handler, whole sets at a time. Not meant
 * to be used by hand.
 */
@NullMarked
package io.github.vaultlambda.handler.injection;

import org.jspecify.annotations.NullMarked;
