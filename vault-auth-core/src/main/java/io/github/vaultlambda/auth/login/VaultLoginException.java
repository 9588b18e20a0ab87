package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultResponse;
import org.jspecify.annotations.Nullable;

/**
 * Vault refused the login. The subclasses name the causes that can be told apart.
 */
public class VaultLoginException extends VaultException {
    private static final long serialVersionUID = 1;

    /** An exception that says this. */
    public VaultLoginException(VaultFailure failure) {
        super(failure);
    }

    /** Vault accepted the login but its answer holds no token. */
    public static VaultLoginException withoutToken(VaultRequest request, VaultResponse response) {
        SecretValue auth = response.auth();
        boolean secondFactor = auth != null && auth.field("mfa_requirement") != null;
        return new VaultLoginException(VaultFailure.of("Vault accepted " + request + " but sent no token")
                .withStatus(response.status())
                .withPath(request.path())
                .withWarnings(response.warnings())
                .withHint(
                        secondFactor
                                ? "this login asks for a second factor, which a function cannot give: exempt the auth method or"
                                        + " the role from Vault's login MFA"
                                : "check that the mount in this path is an auth method of the expected type"));
    }

    /**
     * For a source of credentials that has none to give: the login ends before Vault is asked.
     *
     * @param what one sentence that names the source, without the hint and without any secret
     * @param hint what to change, or null
     * @param cause the underlying failure, whose messages hold no secret either, or null
     */
    public static VaultLoginException withoutCredentials(
            String what, @Nullable String hint, @Nullable Throwable cause) {
        return new VaultLoginException(VaultFailure.of(what).withHint(hint).withCause(cause));
    }
}
