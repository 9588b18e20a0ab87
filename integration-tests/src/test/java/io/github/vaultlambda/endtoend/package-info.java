/** The extension and the functions as processes of their own, in an emulated execution environment. */
@NullMarked
package io.github.vaultlambda.endtoend;

import org.jspecify.annotations.NullMarked;
