package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An EC2 instance identity document; parts that it does not name are empty. */
record InstanceIdentity(String instanceId, String ami, String account, String region, String pendingTime) {
    static InstanceIdentity of(byte[] document) throws VaultFailure {
        try {
            Map<String, @Nullable Object> parts = Json.readObject(document);
            return new InstanceIdentity(
                    text(parts, "instanceId"),
                    text(parts, "imageId"),
                    text(parts, "accountId"),
                    text(parts, "region"),
                    text(parts, "pendingTime"));
        } catch (JsonException e) {
            throw new VaultFailure(500, List.of(String.valueOf(e.getMessage())));
        }
    }

    private static String text(Map<String, @Nullable Object> parts, String name) {
        Object value = parts.get(name);
        return value == null ? "" : value.toString();
    }
}
