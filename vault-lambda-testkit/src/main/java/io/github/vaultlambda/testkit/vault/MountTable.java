package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is mounted where; the longest path wins. */
final class MountTable {
    /** A mount; its path ends in a slash and starts with {@code auth/} for an auth method. */
    record Mount(
            String path,
            String accessor,
            String uuid,
            String description,
            @Nullable Map<String, String> options,
            Backend backend) {
        boolean auth() {
            return path.startsWith("auth/");
        }

        Map<String, @Nullable Object> describe(boolean effectiveTtl) {
            long ttl = effectiveTtl ? TokenStore.SYSTEM_TTL : 0;
            Map<String, @Nullable Object> config = new TreeMap<>();
            config.put("default_lease_ttl", ttl);
            config.put("force_no_cache", false);
            config.put("max_lease_ttl", ttl);
            if (backend.type().equals("system")) {
                config.put("passthrough_request_headers", List.of("Accept"));
            }
            if (auth()) {
                config.put("token_type", "default-service");
            }
            Map<String, @Nullable Object> info = new TreeMap<>();
            info.put("accessor", accessor);
            info.put("config", config);
            boolean kv = backend.type().equals("kv");
            if (kv || backend.type().equals("pki") || backend instanceof LoginMethod) {
                info.put("deprecation_status", "supported");
            }
            info.put("description", description);
            info.put("external_entropy_access", false);
            info.put("local", backend.type().equals("cubbyhole"));
            info.put("options", options);
            info.put("plugin_version", "");
            info.put("running_plugin_version", kv ? "v0.25.0+builtin" : "v1.21.0+builtin.vault");
            info.put("running_sha256", "");
            info.put("seal_wrap", backend.type().equals("system"));
            info.put("type", backend.type());
            info.put("uuid", uuid);
            return info;
        }
    }

    private final Map<String, Mount> mounts = new LinkedHashMap<>();

    /** Mounts; the mounts that Vault comes with have no options at all, which is shown as null. */
    void add(String path, String description, @Nullable Map<String, String> options, Backend backend)
            throws VaultFailure {
        String shown = path.startsWith("auth/") ? path.substring("auth/".length()) : path;
        for (Mount mount : mounts.values()) {
            if (mount.path().equals(path)) {
                throw VaultFailure.bad("path is already in use at " + shown);
            }
            if (mount.path().startsWith(path) || path.startsWith(mount.path())) {
                throw VaultFailure.bad("existing mount at " + mount.path());
            }
        }
        String accessor = (path.startsWith("auth/") ? "auth_" : "") + backend.type() + "_"
                + Mint.uuid().substring(0, 8);
        mounts.put(
                path,
                new Mount(
                        path,
                        accessor,
                        Mint.uuid(),
                        description,
                        options == null ? null : Map.copyOf(options),
                        backend));
    }

    void remove(String path) {
        mounts.remove(path);
    }

    /** The mount that serves {@code path}, or null. */
    @Nullable
    Mount find(String path) {
        Mount best = null;
        for (Mount mount : mounts.values()) {
            boolean serves = path.startsWith(mount.path()) || (path + "/").equals(mount.path());
            if (serves && (best == null || mount.path().length() > best.path().length())) {
                best = mount;
            }
        }
        return best;
    }

    /** All auth methods, or all engines, in the order of their making. */
    Map<String, @Nullable Object> list(boolean auth) {
        return list(auth, false, mount -> true);
    }

    /** Those auth methods, or engines, which pass, with the TTLs that are in effect or with those that were set. */
    Map<String, @Nullable Object> list(boolean auth, boolean effectiveTtl, Predicate<Mount> shown) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (Mount mount : mounts.values()) {
            if (mount.auth() == auth && shown.test(mount)) {
                String path = auth ? mount.path().substring("auth/".length()) : mount.path();
                all.put(path, mount.describe(effectiveTtl));
            }
        }
        return all;
    }
}
