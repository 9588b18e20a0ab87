package io.github.vaultlambda.benchmarks.workloads;

import io.github.vaultlambda.client.SecretValue;

/** A function's way to its secrets, in one execution environment. */
interface Client {
    /** The secret's fields, without what Vault puts around them. */
    SecretValue use(String path);

    /** What happens when an invocation is over. */
    void afterwards();
}
