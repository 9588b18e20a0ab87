package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonException;
import io.github.vaultlambda.testkit.wire.Mint;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The secret ids of one AppRole role. */
final class AppRoleSecretIds {
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private static final class SecretId {
        final String accessor = Mint.uuid();
        final long ttl;
        final Map<String, String> metadata;
        final Instant created;
        Instant updated;
        int uses;

        SecretId(int uses, long ttl, Map<String, String> metadata, Instant created) {
            this.uses = uses;
            this.ttl = ttl;
            this.metadata = metadata;
            this.created = created;
            this.updated = created;
        }

        boolean aliveAt(Instant now) {
            return ttl == 0 || now.isBefore(created.plusSeconds(ttl));
        }

        Map<String, @Nullable Object> describe() {
            Map<String, @Nullable Object> data = new TreeMap<>();
            data.put("cidr_list", List.of());
            data.put("creation_time", created.toString());
            data.put(
                    "expiration_time",
                    ttl == 0 ? NEVER : created.plusSeconds(ttl).toString());
            data.put("last_updated_time", updated.toString());
            data.put("metadata", metadata);
            data.put("secret_id_accessor", accessor);
            data.put("secret_id_num_uses", uses);
            data.put("secret_id_ttl", ttl);
            data.put("token_bound_cidrs", List.of());
            return data;
        }
    }

    private final InstantSource clock;
    private final Map<String, SecretId> ids = new LinkedHashMap<>();

    AppRoleSecretIds(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes {@code id} a secret id with the limits that {@code fields} ask for, within those of the role. */
    Map<String, @Nullable Object> add(String id, AppRoleEntry role, Fields fields) throws VaultFailure {
        if (id.isEmpty()) {
            throw VaultFailure.bad("missing secret_id");
        }
        if (!role.bindSecretId()) {
            throw VaultFailure.bad("bind_secret_id is not set on the role");
        }
        int uses = fields.number("num_uses", role.secretIdUses());
        if (uses < 0) {
            throw VaultFailure.bad("num_uses cannot be negative");
        }
        if (role.secretIdUses() > 0 && (uses == 0 || uses > role.secretIdUses())) {
            throw VaultFailure.bad("num_uses cannot be higher than the role's secret_id_num_uses");
        }
        long ttl = fields.seconds("ttl", role.secretIdTtl());
        if (role.secretIdTtl() > 0 && (ttl == 0 || ttl > role.secretIdTtl())) {
            throw VaultFailure.bad("ttl cannot be longer than the role's secret_id_ttl");
        }
        LocalCidrs.of(fields, "cidr_list");
        LocalCidrs.of(fields, "token_bound_cidrs");
        Map<String, String> metadata = metadata(fields.text("metadata"));
        if (find(id) != null) {
            throw VaultFailure.wrapped(500, "failed to store secret_id: SecretID is already registered");
        }
        SecretId made = new SecretId(uses, Math.min(ttl, TokenStore.SYSTEM_TTL), metadata, clock.instant());
        ids.put(id, made);
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("secret_id", id);
        data.put("secret_id_accessor", made.accessor);
        data.put("secret_id_num_uses", made.uses);
        data.put("secret_id_ttl", made.ttl);
        return data;
    }

    private static Map<String, String> metadata(String text) throws VaultFailure {
        Map<String, String> metadata = new TreeMap<>();
        if (text.isBlank()) {
            return metadata;
        }
        try {
            Json.object(Json.read(text)).forEach((name, value) -> metadata.put(name, String.valueOf(value)));
            return metadata;
        } catch (JsonException e) {
            // Not JSON: names and values with equals signs between.
        }
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw VaultFailure.bad(
                        "failed to parse metadata: failed to parse the input: invalid <key,value> format");
            }
            metadata.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return metadata;
    }

    /** The metadata of a secret id that may be used, after counting this use; null when there is none. */
    @Nullable
    Map<String, String> use(String id) {
        SecretId found = find(id);
        if (found == null) {
            return null;
        }
        if (found.uses == 1) {
            ids.remove(id);
        } else if (found.uses > 1) {
            found.uses--;
            found.updated = clock.instant();
        }
        return found.metadata;
    }

    private @Nullable SecretId find(String id) {
        SecretId found = ids.get(id);
        if (found != null && !found.aliveAt(clock.instant())) {
            ids.remove(id);
            return null;
        }
        return found;
    }

    List<String> accessors() {
        ids.values().removeIf(id -> !id.aliveAt(clock.instant()));
        List<String> accessors = new ArrayList<>();
        ids.values().forEach(id -> accessors.add(id.accessor));
        return accessors;
    }

    /** The secret id with this accessor, or null. */
    @Nullable
    String byAccessor(String accessor) {
        for (Map.Entry<String, SecretId> entry : ids.entrySet()) {
            if (entry.getValue().accessor.equals(accessor)) {
                return find(entry.getKey()) == null ? null : entry.getKey();
            }
        }
        return null;
    }

    VaultAnswer lookUp(String id) {
        SecretId found = find(id);
        return found == null ? VaultAnswer.none() : VaultAnswer.data(found.describe());
    }

    void remove(String id) {
        ids.remove(id);
    }
}
