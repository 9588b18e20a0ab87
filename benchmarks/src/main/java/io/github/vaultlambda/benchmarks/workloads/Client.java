package io.github.vaultlambda.benchmarks.workloads;

import io.github.vaultlambda.client.SecretValue;
import java.util.Objects;

/** A function's way to its secrets, in one execution environment. */
interface Client extends AutoCloseable {
    /** The secret's fields, without what Vault puts around them. */
    SecretValue use(String path);

    /** What happens when an invocation is over. */
    default void afterwards() {}

    /** The environment ends; Vault is not told. */
    @Override
    default void close() {}

    /** The secret's fields in an answer of Vault. */
    static SecretValue fields(SecretValue answer) {
        SecretValue data = Objects.requireNonNull(answer.field("data"));
        return data.field("metadata") == null ? data : Objects.requireNonNull(data.field("data"));
    }
}
