/** Vault's side: tokens, policies, secrets engines, the AWS auth method. Not API. */
@NullMarked
package io.github.vaultlambda.testkit.vault;

import org.jspecify.annotations.NullMarked;
