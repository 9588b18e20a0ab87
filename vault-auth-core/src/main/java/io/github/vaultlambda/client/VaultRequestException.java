package io.github.vaultlambda.client;

/**
 * Vault understood the request and refused it for a reason other than permission: a malformed path, an unsupported operation, a
 * redirect, any other answer below 500.
 */
public final class VaultRequestException extends VaultException {
    private static final long serialVersionUID = 1;

    /** An exception that says this. */
    public VaultRequestException(VaultFailure failure) {
        super(failure);
    }
}
