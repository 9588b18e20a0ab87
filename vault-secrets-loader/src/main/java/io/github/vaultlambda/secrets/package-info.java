/** Secret references, their values kept fresh, and the ways to hand them out. */
@NullMarked
package io.github.vaultlambda.secrets;

import org.jspecify.annotations.NullMarked;
