package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Login with a user name and a password, which is asked for at each login. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/auth/userpass#login">Vault: userpass login</a>
 */
public final class UserpassLogin implements LoginMethod {
    private final UserpassOptions options;

    /** Logs in as the options say. */
    public UserpassLogin(UserpassOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        SecretValue password = options.password().secret(deadline);
        String mount = "auth/" + options.mount();
        VaultRequest request = VaultRequest.repeatablePut(
                mount + "/login/" + options.user(), SecretValue.of(Map.of("password", password)));
        try {
            return LoginExchange.send(vault, request, deadline);
        } catch (VaultException failure) {
            Refusal refusal = new Refusal(failure, "the login of " + options, mount, password);
            throw refusal.exception(hint(refusal, mount));
        }
    }

    private @Nullable String hint(Refusal refusal, String mount) {
        if (refusal.says("invalid username or password")
                || refusal.says("invalid credentials")
                || refusal.says("ldap operation failed")) {
            return "the user " + options.user() + " of " + mount
                    + " does not exist or has another password: check VAULT_AUTH_USERNAME, and VAULT_AUTH_PASSWORD"
                    + " or VAULT_AUTH_PASSWORD_FILE";
        }
        if (refusal.says("auth method not configured") || refusal.says("ldap backend not configured")) {
            return "the auth method has no configuration yet: write " + mount + "/config";
        }
        String elsewhere = refusal.mountHint("a userpass");
        return elsewhere == null || !refusal.isDenied()
                ? elsewhere
                : elsewhere + "; or the user is locked for a while after too many wrong passwords, or this address is"
                        + " not in the user's token_bound_cidrs";
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
