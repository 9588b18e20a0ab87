package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import java.util.List;

/** The secret was read, but is not of the form that its user asked for: no such field, or not convertible to the type. */
public final class SecretFormatException extends VaultException {
    private static final long serialVersionUID = 1;

    SecretFormatException(String what, SecretReference reference) {
        super(reference + " " + what, 200, reference.source().path(), List.of(), null, null);
    }
}
