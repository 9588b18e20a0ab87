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
 * Login with the TLS client certificate of the connection to Vault. Nothing between the two may end the TLS connection.
 * Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/cert">Vault: TLS certificate auth method</a>
 */
public final class CertificateLogin implements LoginMethod {
    private final CertificateOptions options;

    /** Logs in as the options say. */
    public CertificateLogin(CertificateOptions options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        Map<String, SecretValue> body = new LinkedHashMap<>();
        if (options.role() != null) {
            body.put("name", SecretValue.of(options.role()));
        }
        String mount = "auth/" + options.mount();
        try {
            return LoginExchange.send(
                    vault, VaultRequest.repeatablePut(mount + "/login", SecretValue.of(body)), deadline);
        } catch (VaultException failure) {
            Refusal refusal = new Refusal(failure, "the login of " + options, mount, null);
            throw refusal.exception(hint(refusal, mount, vault));
        }
    }

    private @Nullable String hint(Refusal refusal, String mount, VaultEndpoint vault) {
        String roles = mount + "/certs" + (options.role() == null ? "" : "/" + options.role());
        if (refusal.says("invalid certificate or no client certificate supplied")
                || refusal.says("no certificate was matched")
                || refusal.says("failed to match all constraints")) {
            return "the client certificate must be issued by the certificate of " + roles
                    + ", be valid now and for client authentication, and fit the names that its allowed_* parameters ask for";
        }
        if (refusal.says("tls connection")
                || refusal.says("certificate must be supplied")
                || refusal.says("no client certificate")) {
            return "no client certificate reached Vault: VAULT_CLIENT_CERT and VAULT_CLIENT_KEY must be set, "
                    + vault.address() + " must be https, and no load balancer on the way may end the TLS connection";
        }
        if (refusal.says("certificate mismatch")) {
            return "another certificate with the same serial number is trusted in " + roles;
        }
        if (refusal.says("failed to verify client's certificate")) {
            return "Vault cannot verify the client certificate: check its dates and its chain";
        }
        String elsewhere = refusal.mountHint("a TLS certificate");
        return elsewhere == null || !refusal.isDenied()
                ? elsewhere
                : elsewhere + "; or this address is not in token_bound_cidrs of " + roles;
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
