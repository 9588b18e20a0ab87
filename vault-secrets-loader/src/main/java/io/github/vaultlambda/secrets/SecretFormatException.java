package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;

/**
 * Vault answered, but not with what its user asked for: there is no such field, it does not fit the type, a version was asked for of
 * a secret that has none, or the path is none of a secret. The message holds no value.
 */
public final class SecretFormatException extends VaultException {
    private static final long serialVersionUID = 1;

    SecretFormatException(String what, SecretReference reference) {
        super(VaultFailure.of(reference + " " + what)
                .withStatus(200)
                .withPath(reference.source().path()));
    }
}
