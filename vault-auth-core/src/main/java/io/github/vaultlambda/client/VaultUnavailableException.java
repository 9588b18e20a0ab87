package io.github.vaultlambda.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vault could not be reached or could not answer in time: connection refused, time-out, 429 or 5xx after all retries, or no time
 * left before the deadline. Trying again later may help.
 */
public class VaultUnavailableException extends VaultException {
    private static final long serialVersionUID = 1;

    VaultUnavailableException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }

    /** No time was left while waiting for another thread that does the same. */
    public static VaultUnavailableException notInTime(String path) {
        return new VaultUnavailableException(
                "No answer in time for " + path + ", which another thread is asking for",
                0,
                path,
                List.of(),
                null,
                null);
    }
}
