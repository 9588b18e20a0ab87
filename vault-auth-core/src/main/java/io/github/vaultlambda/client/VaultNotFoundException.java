package io.github.vaultlambda.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * There is nothing at this path (404): the secret does not exist, its version is deleted, or the path is not the one it is
 * read from.
 */
public final class VaultNotFoundException extends VaultException {
    private static final long serialVersionUID = 1;

    VaultNotFoundException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }
}
