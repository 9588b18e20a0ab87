package io.github.vaultlambda.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vault understood the request and refused it for a reason other than permission: a malformed path, an unsupported operation, a
 * redirect, any other answer below 500.
 */
public final class VaultRequestException extends VaultException {
    private static final long serialVersionUID = 1;

    VaultRequestException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }
}
