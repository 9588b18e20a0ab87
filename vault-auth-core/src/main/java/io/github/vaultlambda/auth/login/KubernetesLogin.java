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
 * Login with the token of a Kubernetes service account, which Kubernetes replaces from time to time and which is therefore read
 * at each login. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/kubernetes">Vault: Kubernetes auth method</a>
 */
public final class KubernetesLogin implements LoginMethod {
    private final KubernetesOptions options;

    /** Logs in as the options say. */
    public KubernetesLogin(KubernetesOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        SecretValue jwt = options.tokenSource().token(deadline);
        Map<String, SecretValue> body = new LinkedHashMap<>();
        body.put("role", SecretValue.of(options.role()));
        body.put("jwt", jwt);
        String mount = "auth/" + options.mount();
        try {
            return LoginExchange.send(
                    vault, VaultRequest.repeatablePut(mount + "/login", SecretValue.of(body)), deadline);
        } catch (VaultException failure) {
            Refusal refusal = new Refusal(failure, "the login of " + options, mount, jwt);
            throw refusal.exception(hint(refusal, mount));
        }
    }

    private @Nullable String hint(Refusal refusal, String mount) {
        String role = mount + "/role/" + options.role();
        if (refusal.says("invalid role name")) {
            return "set VAULT_AUTH_ROLE to a role that exists in " + mount + "/role";
        }
        if (refusal.says("service account name not authorized")) {
            return "add the pod's service account to bound_service_account_names of " + role;
        }
        if (refusal.says("namespace not authorized")) {
            return "add the pod's Kubernetes namespace to bound_service_account_namespaces of " + role;
        }
        if (refusal.says("could not load backend configuration")) {
            return "the auth method has no configuration yet: write " + mount + "/config with kubernetes_host";
        }
        if (refusal.says("audience claim does not match")) {
            return "audience of " + role + " must be one that the token was issued for; a projected volume has its own"
                    + " (VAULT_KUBERNETES_TOKEN_FILE)";
        }
        if (refusal.says("invalid issuer (iss)")) {
            return "issuer in " + mount + "/config must be that of the token, or set disable_iss_validation there";
        }
        if (refusal.says("token is expired")) {
            return "the token has expired: its file must be one that Kubernetes keeps fresh";
        }
        String elsewhere = refusal.mountHint("a Kubernetes");
        return elsewhere == null || !refusal.isDenied()
                ? elsewhere
                : elsewhere + "; or Kubernetes did not confirm the token: check token_reviewer_jwt, kubernetes_host,"
                        + " kubernetes_ca_cert and pem_keys in " + mount + "/config, and token_bound_cidrs of " + role;
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
