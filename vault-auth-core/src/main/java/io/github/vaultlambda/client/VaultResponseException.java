package io.github.vaultlambda.client;

/**
 * What came back is no answer of Vault: not JSON, or larger than the limit of 32 MiB. Usually something else listens at the
 * address.
 */
public final class VaultResponseException extends VaultException {
    private static final long serialVersionUID = 1;

    /** An exception that says this. */
    public VaultResponseException(VaultFailure failure) {
        super(failure);
    }
}
