package io.github.vaultlambda.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vault knows the token but its policies do not allow the request (403), or no longer knows the token and a new login did not
 * help.
 */
public final class VaultPermissionException extends VaultException {
    private static final long serialVersionUID = 1;

    VaultPermissionException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }
}
