package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import java.nio.file.Path;

/**
 * Where the JSON Web Token for a login comes from; asked anew at each login, so it need not keep the token fresh. Implementations
 * are thread-safe, and none of their texts and exceptions holds the token.
 */
@FunctionalInterface
public interface JwtSource {
    /**
     * A token that is valid now, in its compact form (three parts in Base64 with dots between them).
     *
     * @param deadline by when it must be there
     * @throws VaultLoginException when there is none to give; see {@link VaultLoginException#withoutCredentials}
     */
    SecretValue token(Deadline deadline);

    /** Forgets a token that is kept from one login to the next; default nothing. */
    default void forget() {}

    /** Always this token: for a function that lives no longer than the token. */
    static JwtSource of(SecretValue token) {
        return new FixedSecret(token);
    }

    /** The content of this file, read at each login; white space at its ends does not count. */
    static JwtSource file(Path file) {
        return new SecretFile(file);
    }
}
