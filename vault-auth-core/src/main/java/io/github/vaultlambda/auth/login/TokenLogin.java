package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import java.util.Objects;

/**
 * Takes a token that is there already. Vault is asked once how long it lives ({@code lookup-self}); where its policy does not
 * allow that, it counts as one without an end. It is never revoked, as it belongs to somebody else. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/auth/token#lookup-a-token-self">Vault: lookup-self</a>
 */
public final class TokenLogin implements LoginMethod {
    private static final String LOOKUP = "auth/token/lookup-self";

    private final TokenOptions options;

    /** Takes the token that the options name. */
    public TokenLogin(TokenOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        SecretValue value = options.token().secret(deadline);
        VaultToken given = VaultTokens.given(value, "to log in with");
        VaultToken token;
        try {
            token = VaultToken.lookedUp(value, vault.send(VaultRequest.get(LOOKUP), given, deadline));
        } catch (VaultException failure) {
            Refusal refusal = new Refusal(failure, options.toString(), "auth/token", value);
            boolean dead = refusal.says("invalid token") || refusal.says("bad token");
            if (failure instanceof VaultPermissionException && !dead) {
                return given;
            }
            throw refusal.exception(
                    dead
                            ? "it has expired, was revoked, or is of another Vault or namespace: provide a fresh one"
                                    + " (VAULT_TOKEN, VAULT_TOKEN_FILE or vault login) and check VAULT_ADDR and VAULT_NAMESPACE"
                            : null);
        }
        if (token.isUsedUp()) {
            throw new VaultLoginException(VaultFailure.of("No use is left of " + options)
                    .withPath(LOOKUP)
                    .withMount("auth/token")
                    .withHint("asking Vault for its life is one use: give it a higher num_uses, or none"));
        }
        return token;
    }

    /** No: the token was there before. */
    @Override
    public boolean issuesTokens() {
        return false;
    }

    @Override
    public String describe() {
        return options.toString();
    }

    /** As {@link #describe}. */
    @Override
    public String toString() {
        return describe();
    }
}
