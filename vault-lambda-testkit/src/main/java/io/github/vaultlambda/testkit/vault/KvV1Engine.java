package io.github.vaultlambda.testkit.vault;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The KV secrets engine, version 1. */
final class KvV1Engine implements Backend {
    private final TreeMap<String, Map<String, @Nullable Object>> secrets = new TreeMap<>();

    @Override
    public String type() {
        return "kv";
    }

    @Override
    public boolean exists(String rest) {
        return secrets.containsKey(rest);
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        return switch (call.operation()) {
            case READ -> read(rest);
            case LIST -> KeyTree.answer(KeyTree.children(secrets, rest));
            case CREATE, UPDATE -> write(rest, call.fields());
            case DELETE -> {
                secrets.remove(rest);
                yield VaultAnswer.none();
            }
            default -> throw Backend.unsupportedOperation();
        };
    }

    private VaultAnswer read(String key) throws VaultFailure {
        Map<String, @Nullable Object> secret = secrets.get(key);
        if (secret == null) {
            throw VaultFailure.absent();
        }
        return VaultAnswer.data(secret).withTtl(ttl(secret));
    }

    // A "ttl" or "lease" inside the secret is what the answer says.
    private static long ttl(Map<String, @Nullable Object> secret) {
        Object value = secret.containsKey("ttl") ? secret.get("ttl") : secret.get("lease");
        if (value == null) {
            return TokenStore.SYSTEM_TTL;
        }
        try {
            return GoDuration.seconds(value);
        } catch (NumberFormatException e) {
            return TokenStore.SYSTEM_TTL;
        }
    }

    private VaultAnswer write(String key, Fields fields) throws VaultFailure {
        if (key.isEmpty()) {
            throw VaultFailure.bad("missing path");
        }
        if (fields.raw().isEmpty()) {
            throw VaultFailure.bad("missing data fields");
        }
        secrets.put(key, new TreeMap<>(fields.raw()));
        return VaultAnswer.none();
    }
}
