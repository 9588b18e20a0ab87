package io.github.vaultlambda.client;

/**
 * There is nothing at this path (404): the secret does not exist, its version is deleted, or the path is not the one it is
 * read from.
 */
public final class VaultNotFoundException extends VaultException {
    private static final long serialVersionUID = 1;

    /** An exception that says this. */
    public VaultNotFoundException(VaultFailure failure) {
        super(failure);
    }
}
