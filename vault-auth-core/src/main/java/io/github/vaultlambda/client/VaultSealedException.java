package io.github.vaultlambda.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vault is sealed (503): it answers nothing until an operator unseals it.
 */
public final class VaultSealedException extends VaultUnavailableException {
    private static final long serialVersionUID = 1;

    VaultSealedException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }
}
