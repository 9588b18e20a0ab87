package io.github.vaultlambda.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The AWS identity is genuine, but the Vault role does not exist or is not bound to it.
 */
public final class RoleNotBoundException extends VaultLoginException {
    private static final long serialVersionUID = 1;

    RoleNotBoundException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }
}
