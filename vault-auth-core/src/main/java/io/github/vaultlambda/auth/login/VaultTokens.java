package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultToken;
import java.time.Duration;
import java.time.Instant;

/** Tokens that somebody else got from Vault. */
final class VaultTokens {
    private VaultTokens() {}

    /**
     * A token of which nothing else is known.
     *
     * @param from where it comes from, for the message
     * @throws VaultLoginException when it has characters that no token has; sent as a header they could do harm
     */
    static VaultToken given(SecretValue value, String from) {
        String token = value.reveal();
        boolean sound = !token.isEmpty();
        for (int i = 0; i < token.length(); i++) {
            sound &= token.charAt(i) > ' ' && token.charAt(i) < 0x7f;
        }
        if (!sound) {
            throw VaultLoginException.withoutCredentials(
                    "The token " + from
                            + " is none of Vault's: it is empty or has white space or control characters in it",
                    null,
                    null);
        }
        return new VaultToken(value, null, Instant.EPOCH, Duration.ZERO, false);
    }
}
