package io.github.vaultlambda.client;

/**
 * Vault knows the token but its policies do not allow the request (403), or no longer knows the token and a new login did not
 * help.
 */
public final class VaultPermissionException extends VaultException {
    private static final long serialVersionUID = 1;

    /** An exception that says this. */
    public VaultPermissionException(VaultFailure failure) {
        super(failure);
    }
}
