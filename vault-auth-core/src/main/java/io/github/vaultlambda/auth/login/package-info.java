/** Ways to log in to Vault, each a method with its options. */
@NullMarked
package io.github.vaultlambda.auth.login;

import org.jspecify.annotations.NullMarked;
