package io.github.vaultlambda.client;

/**
 * No secure connection to Vault came about: its certificate is not trusted, has expired or is for another host, or Vault asks
 * for a client certificate. Asking again does not help; the hint says what does.
 */
public final class VaultTlsException extends VaultUnavailableException {
    private static final long serialVersionUID = 1;

    /** An exception that says this. */
    public VaultTlsException(VaultFailure failure) {
        super(failure);
    }
}
