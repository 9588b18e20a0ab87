package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import java.util.Objects;

/** A secret that was given once and for all. */
final class FixedSecret implements SecretSource, JwtSource {
    private final SecretValue secret;

    FixedSecret(SecretValue secret) {
        this.secret = Objects.requireNonNull(secret, "secret");
    }

    @Override
    public SecretValue secret(Deadline deadline) {
        return secret;
    }

    @Override
    public SecretValue token(Deadline deadline) {
        return secret;
    }

    @Override
    public String toString() {
        return "given";
    }
}
