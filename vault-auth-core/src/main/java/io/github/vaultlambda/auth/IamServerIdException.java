package io.github.vaultlambda.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vault's auth method asks for another value of the signed header {@code X-Vault-AWS-IAM-Server-ID} than the login carried.
 */
public final class IamServerIdException extends VaultLoginException {
    private static final long serialVersionUID = 1;

    IamServerIdException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }
}
