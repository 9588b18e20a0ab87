package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The KV secrets engine, version 2: every write makes a version; versions are deleted, restored or destroyed. */
final class KvV2Engine implements Backend {
    private static final int DEFAULT_VERSIONS = 10;

    private static final class Version {
        final Instant created;
        Map<String, @Nullable Object> data;

        @Nullable
        Instant deleted;

        boolean destroyed;

        Version(Instant created, Map<String, @Nullable Object> data) {
            this.created = created;
            this.data = data;
        }

        boolean goneAt(Instant now) {
            Instant time = deleted;
            return destroyed || (time != null && !time.isAfter(now));
        }
    }

    private static final class Item {
        final TreeMap<Integer, Version> versions = new TreeMap<>();
        final Instant created;
        Instant updated;
        int current;
        int maxVersions;
        boolean casRequired;
        long deleteAfter;

        @Nullable
        Map<String, @Nullable Object> custom;

        Item(Instant created) {
            this.created = created;
            this.updated = created;
        }
    }

    private final InstantSource clock;
    private final TreeMap<String, Item> items = new TreeMap<>();
    private int maxVersions;
    private boolean casRequired;

    KvV2Engine(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String type() {
        return "kv";
    }

    @Override
    public boolean exists(String rest) {
        for (String area : List.of("data/", "metadata/")) {
            if (rest.startsWith(area)) {
                return items.containsKey(rest.substring(area.length()));
            }
        }
        return true;
    }

    @Override
    public VaultAnswer handle(VaultCall call, String rest) throws VaultFailure {
        if (rest.equals("config")) {
            return config(call);
        }
        if (List.of("data", "metadata", "delete", "undelete", "destroy").contains(rest)) {
            return VaultAnswer.warning("Non-listing operations on the root of a K/V v2 mount are not supported.")
                    .withStatus(404);
        }
        int slash = rest.indexOf('/');
        String area = slash < 0 ? "" : rest.substring(0, slash);
        String key = rest.substring(slash + 1);
        return switch (area) {
            case "data" -> key.isEmpty() || key.endsWith("/") ? wrongPath(call.operation()) : data(call, key);
            case "metadata" -> metadata(call, key);
            case "delete", "undelete", "destroy" -> versions(call, area, key);
            default -> wrongPath(call.operation());
        };
    }

    private static VaultAnswer wrongPath(Operation operation) {
        String command = switch (operation) {
            case READ -> "get";
            case LIST -> "list";
            case DELETE -> "delete";
            case PATCH -> "patch";
            default -> "put";
        };
        return VaultAnswer.warning("Invalid path for a versioned K/V secrets engine. See the API docs for the"
                        + " appropriate API endpoints to use. If using the Vault CLI, use 'vault kv " + command
                        + "' for this operation.")
                .withStatus(404);
    }

    private VaultAnswer config(VaultCall call) throws VaultFailure {
        if (call.operation() == Operation.READ) {
            return VaultAnswer.data(
                    Map.of("max_versions", maxVersions, "cas_required", casRequired, "delete_version_after", "0s"));
        }
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        maxVersions = call.fields().number("max_versions", maxVersions);
        casRequired = call.fields().flag("cas_required", casRequired);
        return VaultAnswer.none();
    }

    private VaultAnswer data(VaultCall call, String key) throws VaultFailure {
        return switch (call.operation()) {
            case READ -> read(key, call.fields().number("version", 0));
            case CREATE, UPDATE -> write(key, call.fields());
            case PATCH -> patch(key, call.fields());
            case DELETE -> {
                Item item = items.get(key);
                Version latest = item == null ? null : item.versions.get(item.current);
                if (latest != null && !latest.goneAt(clock.instant())) {
                    latest.deleted = clock.instant();
                }
                yield VaultAnswer.none();
            }
            default -> throw Backend.unsupportedOperation();
        };
    }

    private VaultAnswer read(String key, int wanted) throws VaultFailure {
        Item item = items.get(key);
        Version version = item == null ? null : item.versions.get(wanted > 0 ? wanted : item.current);
        if (item == null || version == null) {
            throw VaultFailure.absent();
        }
        boolean gone = version.goneAt(clock.instant());
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("data", gone ? null : GoNumbers.throughFloat(version.data));
        data.put("metadata", describe(item, wanted > 0 ? wanted : item.current, version));
        return gone ? VaultAnswer.data(data).withStatus(404) : VaultAnswer.data(data);
    }

    private static Map<String, @Nullable Object> describe(Item item, int number, Version version) {
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("created_time", version.created.toString());
        data.put("custom_metadata", item.custom);
        data.put("deletion_time", Objects.toString(version.deleted, ""));
        data.put("destroyed", version.destroyed);
        data.put("version", number);
        return data;
    }

    private VaultAnswer write(String key, Fields fields) throws VaultFailure {
        if (key.isEmpty()) {
            throw VaultFailure.bad("missing path");
        }
        Map<String, @Nullable Object> data = fields.map("data");
        if (data == null) {
            throw VaultFailure.bad("no data provided");
        }
        Item known = items.get(key);
        checkAndSet(fields, known);
        Item item = known == null ? new Item(clock.instant()) : known;
        items.put(key, item);
        return add(item, data);
    }

    private VaultAnswer patch(String key, Fields fields) throws VaultFailure {
        Item item = items.get(key);
        Version latest = item == null ? null : item.versions.get(item.current);
        if (item == null || latest == null || latest.goneAt(clock.instant())) {
            throw VaultFailure.absent();
        }
        Map<String, @Nullable Object> change = fields.map("data");
        if (change == null) {
            throw VaultFailure.bad("no data provided");
        }
        checkAndSet(fields, item);
        return add(item, merge(latest.data, change));
    }

    private static Map<String, @Nullable Object> merge(
            Map<String, @Nullable Object> base, Map<String, @Nullable Object> change) {
        Map<String, @Nullable Object> merged = new TreeMap<>(base);
        change.forEach((name, value) -> {
            if (value == null) {
                merged.remove(name);
            } else if (value instanceof Map<?, ?> && merged.get(name) instanceof Map<?, ?> inner) {
                merged.put(name, merge(Json.object(inner), Json.object(value)));
            } else {
                merged.put(name, value);
            }
        });
        return merged;
    }

    private void checkAndSet(Fields fields, @Nullable Item item) throws VaultFailure {
        Map<String, @Nullable Object> options = fields.map("options");
        Object cas = options == null ? null : options.get("cas");
        if (cas == null) {
            if (casRequired || (item != null && item.casRequired)) {
                throw VaultFailure.bad("check-and-set parameter required for this call");
            }
            return;
        }
        if (!cas.toString().matches("-?\\d{1,9}")) {
            throw VaultFailure.bad("error parsing check-and-set parameter");
        }
        if (Integer.parseInt(cas.toString()) != (item == null ? 0 : item.current)) {
            throw VaultFailure.bad("check-and-set parameter did not match the current version");
        }
    }

    private VaultAnswer add(Item item, Map<String, @Nullable Object> data) {
        Version version = new Version(clock.instant(), new TreeMap<>(data));
        if (item.deleteAfter > 0) {
            version.deleted = version.created.plusSeconds(item.deleteAfter);
        }
        item.current++;
        item.updated = version.created;
        item.versions.put(item.current, version);
        int keep = Math.max(item.maxVersions, maxVersions);
        int limit = item.maxVersions > 0 ? item.maxVersions : keep > 0 ? keep : DEFAULT_VERSIONS;
        while (item.versions.size() > limit) {
            item.versions.pollFirstEntry();
        }
        return VaultAnswer.data(describe(item, item.current, version));
    }

    private VaultAnswer metadata(VaultCall call, String key) throws VaultFailure {
        Item item = items.get(key);
        switch (call.operation()) {
            case LIST -> {
                return KeyTree.answer(KeyTree.children(items, key));
            }
            case DELETE -> {
                items.remove(key);
                return VaultAnswer.none();
            }
            case CREATE, UPDATE -> {
                Item changed = item == null ? new Item(clock.instant()) : item;
                items.put(key, changed);
                changed.maxVersions = call.fields().number("max_versions", changed.maxVersions);
                changed.casRequired = call.fields().flag("cas_required", changed.casRequired);
                changed.deleteAfter = call.fields().seconds("delete_version_after", changed.deleteAfter);
                Map<String, @Nullable Object> custom = call.fields().map("custom_metadata");
                changed.custom = custom == null ? changed.custom : new TreeMap<>(custom);
                return VaultAnswer.none();
            }
            case READ -> {
                if (item == null) {
                    throw VaultFailure.absent();
                }
                return VaultAnswer.data(describe(item));
            }
            default -> {
                throw Backend.unsupportedOperation();
            }
        }
    }

    private static Map<String, @Nullable Object> describe(Item item) {
        Map<String, @Nullable Object> versions = new LinkedHashMap<>();
        item.versions.forEach((number, version) -> {
            Map<String, @Nullable Object> one = new TreeMap<>();
            one.put("created_time", version.created.toString());
            one.put("deletion_time", Objects.toString(version.deleted, ""));
            one.put("destroyed", version.destroyed);
            one.put("created_by", null);
            one.put("deleted_by", null);
            versions.put(number.toString(), one);
        });
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("versions", versions);
        data.put("current_version", item.current);
        // Vault counts the oldest version only once the first was dropped.
        int oldest = item.versions.isEmpty() ? 0 : item.versions.firstKey();
        data.put("oldest_version", oldest <= 1 ? 0 : oldest);
        data.put("created_time", item.created.toString());
        data.put("updated_time", item.updated.toString());
        data.put("max_versions", item.maxVersions);
        data.put("cas_required", item.casRequired);
        data.put("delete_version_after", GoDuration.text(item.deleteAfter));
        data.put("custom_metadata", item.custom);
        data.put("last_updated_by", null);
        return data;
    }

    private VaultAnswer versions(VaultCall call, String action, String key) throws VaultFailure {
        if (!call.operation().writes()) {
            throw Backend.unsupportedOperation();
        }
        List<Integer> numbers = call.fields().numbers("versions");
        if (numbers.isEmpty()) {
            throw VaultFailure.bad("No version number provided");
        }
        Item item = items.get(key);
        if (item != null) {
            for (int number : numbers) {
                Version version = item.versions.get(number);
                if (version != null) {
                    change(version, action);
                }
            }
        }
        return VaultAnswer.none();
    }

    private void change(Version version, String action) {
        if (version.destroyed) {
            return;
        }
        switch (action) {
            case "delete" -> version.deleted = version.goneAt(clock.instant()) ? version.deleted : clock.instant();
            case "undelete" -> version.deleted = null;
            default -> {
                version.destroyed = true;
                version.data = Map.of();
            }
        }
    }
}
