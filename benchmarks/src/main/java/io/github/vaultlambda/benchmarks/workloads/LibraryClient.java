package io.github.vaultlambda.benchmarks.workloads;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** The library with its defaults; its read-ahead happens between two invocations. */
final class LibraryClient implements Client {
    private final Map<String, Secret<SecretValue>> known = new HashMap<>();
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final VaultSecrets secrets;

    LibraryClient(VaultSession session) {
        secrets = VaultSecrets.builder(session).executor(background::add).build();
    }

    @Override
    public SecretValue use(String path) {
        return known.computeIfAbsent(path, it -> secrets.secret(SecretReference.parse(it), SecretValue.class))
                .get();
    }

    @Override
    public void afterwards() {
        for (Runnable task = background.poll(); task != null; task = background.poll()) {
            task.run();
        }
    }
}
