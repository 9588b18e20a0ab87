package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import java.nio.file.Path;

/**
 * Where a secret for a login comes from, such as a password, a secret id or a token; asked anew at each login. Implementations
 * are thread-safe, and none of their texts and exceptions holds the secret.
 */
@FunctionalInterface
public interface SecretSource {
    /**
     * The secret as it is now.
     *
     * @param deadline by when it must be there
     * @throws VaultLoginException when there is none to give; see {@link VaultLoginException#withoutCredentials}
     */
    SecretValue secret(Deadline deadline);

    /** Always this secret. */
    static SecretSource of(SecretValue secret) {
        return new FixedSecret(secret);
    }

    /** The content of this file, read at each login; white space at its ends does not count. */
    static SecretSource file(Path file) {
        return new SecretFile(file);
    }
}
