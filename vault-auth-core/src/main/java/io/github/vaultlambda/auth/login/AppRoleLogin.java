package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Login with a role id and, unless the role goes without, a secret id, which may be response-wrapped. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/approle">Vault: AppRole auth method</a>
 */
public final class AppRoleLogin implements LoginMethod {
    private final AppRoleOptions options;
    private final @Nullable WrappedSecretId unwrapped;

    /** Logs in as the options say. */
    public AppRoleLogin(AppRoleOptions options) {
        this.options = Objects.requireNonNull(options, "options");
        SecretSource source = options.secretId();
        this.unwrapped = source != null && options.isWrapped() ? new WrappedSecretId(source, options) : null;
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        SecretValue secretId = secretId(vault, deadline);
        Map<String, SecretValue> body = new LinkedHashMap<>();
        body.put("role_id", SecretValue.of(options.roleId()));
        if (secretId != null) {
            body.put("secret_id", secretId);
        }
        String mount = "auth/" + options.mount();
        try {
            return LoginExchange.send(
                    vault, VaultRequest.repeatablePut(mount + "/login", SecretValue.of(body)), deadline);
        } catch (VaultException failure) {
            Refusal refusal = new Refusal(failure, "the login of " + options, mount, secretId);
            throw refusal.exception(hint(refusal, mount));
        }
    }

    private @Nullable SecretValue secretId(VaultEndpoint vault, Deadline deadline) {
        if (unwrapped != null) {
            return unwrapped.secretId(vault, deadline);
        }
        SecretSource source = options.secretId();
        return source == null ? null : source.secret(deadline);
    }

    private @Nullable String hint(Refusal refusal, String mount) {
        if (refusal.says("missing secret_id")) {
            return "this role has bind_secret_id=true: set VAULT_APPROLE_SECRET_ID, VAULT_APPROLE_SECRET_ID_FILE or"
                    + " VAULT_APPROLE_WRAPPED_SECRET_ID";
        }
        if (refusal.says("invalid role or secret ID") || refusal.says("invalid secret_id")) {
            return options.secretId() == null
                    ? "check that VAULT_APPROLE_ROLE_ID is the role id of a role in " + mount + "/role (not its name)"
                    : "check that VAULT_APPROLE_ROLE_ID is the role id of a role in " + mount
                            + "/role (not its name), and that the secret id was made for this role, has not expired"
                            + " (secret_id_ttl) and is not used up (secret_id_num_uses)";
        }
        if (refusal.says("CIDR")) {
            return "this address must be in secret_id_bound_cidrs of the role and in cidr_list of the secret id";
        }
        return refusal.mountHint("an AppRole");
    }

    @Override
    public String describe() {
        return options.toString();
    }

    /** Forgets an unwrapped secret id; a later login needs a fresh wrapping token then. */
    @Override
    public void forget() {
        if (unwrapped != null) {
            unwrapped.forget();
        }
    }

    /** As {@link #describe}. */
    @Override
    public String toString() {
        return describe();
    }
}
