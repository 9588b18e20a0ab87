package io.github.vaultlambda.client;

/**
 * Vault is sealed (503): it answers nothing until an operator unseals it.
 */
public final class VaultSealedException extends VaultUnavailableException {
    private static final long serialVersionUID = 1;

    /** An exception that says this. */
    public VaultSealedException(VaultFailure failure) {
        super(failure);
    }
}
