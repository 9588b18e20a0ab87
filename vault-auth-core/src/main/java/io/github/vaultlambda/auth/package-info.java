/** Login methods and the session that owns the token they yield. */
@NullMarked
package io.github.vaultlambda.auth;

import org.jspecify.annotations.NullMarked;
