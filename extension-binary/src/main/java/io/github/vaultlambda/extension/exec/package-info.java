/** Programs that are started with secrets in their variables. */
@NullMarked
package io.github.vaultlambda.extension.exec;

import org.jspecify.annotations.NullMarked;
