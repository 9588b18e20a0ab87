package io.github.vaultlambda.client;

import org.jspecify.annotations.Nullable;

/**
 * Vault could not be reached or could not answer in time: connection refused, time-out, 429 or 5xx after all retries, or no time
 * left before the deadline. Trying again later may help.
 */
public class VaultUnavailableException extends VaultException {
    private static final long serialVersionUID = 1;

    /** An exception that says this. */
    public VaultUnavailableException(VaultFailure failure) {
        super(failure);
    }

    /** No time was left while waiting for another thread that does the same. */
    public static VaultUnavailableException notInTime(String path, @Nullable Throwable cause) {
        return new VaultUnavailableException(
                VaultFailure.of("No answer in time for " + path + ", for which another thread has asked")
                        .withPath(path)
                        .withHint("VAULT_CLIENT_TIMEOUT and the function's own time-out limit the wait")
                        .withCause(cause));
    }
}
