/** Puts the extension's layers together: a runtime linked for it alone, a cache of its classes, licences. */
@NullMarked
package io.github.vaultlambda.layer;

import org.jspecify.annotations.NullMarked;
