package io.github.vaultlambda.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came back is no answer of Vault: not JSON, or larger than the limit of 32 MiB. Usually something else listens at the
 * address.
 */
public final class VaultResponseException extends VaultException {
    private static final long serialVersionUID = 1;

    VaultResponseException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }
}
