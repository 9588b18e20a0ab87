/** What the variables say, for the extension's life and for its command line alike. */
@NullMarked
package io.github.vaultlambda.extension.settings;

import org.jspecify.annotations.NullMarked;
