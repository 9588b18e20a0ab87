package io.github.vaultlambda.auth;

import io.github.vaultlambda.client.VaultException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vault refused the login. The subclasses name the causes that can be told apart.
 */
public class VaultLoginException extends VaultException {
    private static final long serialVersionUID = 1;

    VaultLoginException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }

    /**
     * For an {@link AwsCredentialsSource} that has no credentials to give: the login ends before Vault is asked.
     *
     * @param what one sentence that names the source, without the hint and without any secret
     * @param hint what to change, or null
     * @param cause the underlying failure, whose messages hold no secret either, or null
     */
    public static VaultLoginException withoutCredentials(
            String what, @Nullable String hint, @Nullable Throwable cause) {
        return new VaultLoginException(what, 0, "", List.of(), hint, cause);
    }
}
