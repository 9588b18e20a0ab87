/** The extension's proxy: the function beside it asks here, and need not know of tokens. */
@NullMarked
package io.github.vaultlambda.extension.proxy;

import org.jspecify.annotations.NullMarked;
