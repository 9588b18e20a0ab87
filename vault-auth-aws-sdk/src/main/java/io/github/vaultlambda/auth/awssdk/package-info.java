/**
 * Credentials of the AWS SDK for Java 2.x as a source for logins to Vault.
 *
 * <p>Keep the logger {@code software.amazon.awssdk} at {@code info} or above: at {@code debug} the SDK itself prints the
 * requests that it signs, session token included.
 */
@NullMarked
package io.github.vaultlambda.auth.awssdk;

import org.jspecify.annotations.NullMarked;
