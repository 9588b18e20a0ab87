package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultFailure;

/**
 * The AWS identity is genuine, but the Vault role does not exist or is not bound to it.
 */
public final class RoleNotBoundException extends VaultLoginException {
    private static final long serialVersionUID = 1;

    RoleNotBoundException(VaultFailure failure) {
        super(failure);
    }
}
