package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;

/** The secret was read, but is not of the form that its user asked for: no such field, or not convertible to the type. */
public final class SecretFormatException extends VaultException {
    private static final long serialVersionUID = 1;

    SecretFormatException(String what, SecretReference reference) {
        super(VaultFailure.of(reference + " " + what)
                .withStatus(200)
                .withPath(reference.source().path()));
    }
}
