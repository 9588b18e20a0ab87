package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;

/**
 * Vault answered, but not with what its user asked for: there is no such field, it does not fit the type, a version was asked for of
 * a secret that has none, or the path is none of a secret. The message holds no value.
 */
public final class SecretFormatException extends VaultException {
    private static final long serialVersionUID = 1;

    private final boolean missing;

    SecretFormatException(String what, SecretReference reference) {
        this(what, reference, false);
    }

    private SecretFormatException(String what, SecretReference reference, boolean missing) {
        super(VaultFailure.of(reference + " " + what)
                .withStatus(200)
                .withPath(reference.source().path()));
        this.missing = missing;
    }

    /** Of a secret that has not the field that was asked for. */
    static SecretFormatException withoutField(String what, SecretReference reference) {
        return new SecretFormatException(what, reference, true);
    }

    /** Whether the secret is there, and only the field that was asked for is not, or is null. */
    public boolean isMissingField() {
        return missing;
    }
}
