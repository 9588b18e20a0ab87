/** Log lines through SLF4J, without making the first secret wait for it. */
@NullMarked
package io.github.vaultlambda.log;

import org.jspecify.annotations.NullMarked;
