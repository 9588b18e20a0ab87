package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultFailure;

/**
 * Vault's auth method asks for another value of the signed header {@code X-Vault-AWS-IAM-Server-ID} than the login carried.
 */
public final class IamServerIdException extends VaultLoginException {
    private static final long serialVersionUID = 1;

    IamServerIdException(VaultFailure failure) {
        super(failure);
    }
}
