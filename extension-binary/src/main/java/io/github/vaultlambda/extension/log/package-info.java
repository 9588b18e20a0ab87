/** What the extension writes to its log. */
@NullMarked
package io.github.vaultlambda.extension.log;

import org.jspecify.annotations.NullMarked;
