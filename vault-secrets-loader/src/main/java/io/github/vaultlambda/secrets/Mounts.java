package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which engine serves which paths, as far as it is known: told by the user, or learnt from Vault. A mount may have several
 * segments ({@code team/kv/}). Bounded; thread-safe.
 */
final class Mounts {
    /** So long a mount, or a refusal to tell of it, is believed without another question when something fails. */
    private static final long BELIEVED_MILLIS = 60_000;

    private static final int MOST = 500;
    private static final int MOST_REFUSALS = 100;

    private final InstantSource clock;
    private volatile @Nullable Map<String, Mount> known;
    private final Map<String, Long> refusals = new LinkedHashMap<>();

    Mounts(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Takes the user's word for a KV engine.
     *
     * @param mount such as {@code team/kv}
     * @param kv the engine's version, 1 or 2
     * @throws IllegalArgumentException when it is another, or the mount is no path
     */
    void tell(String mount, int kv) {
        if (kv != 1 && kv != 2) {
            throw new IllegalArgumentException("the version of a KV engine is 1 or 2, and not " + kv);
        }
        String path = mount.endsWith("/") ? mount.substring(0, mount.length() - 1) : mount;
        add(Mount.told(ReferenceText.path(path) + "/", kv));
    }

    /** The mount that serves this path, or null when none is known that does. */
    @Nullable
    Mount find(String path) {
        Map<String, Mount> mounts = known;
        if (mounts == null) {
            return null;
        }
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            Mount mount = mounts.get(path.substring(0, slash + 1));
            if (mount != null) {
                return mount;
            }
        }
        return null;
    }

    /** Whether asking Vault for the mount of this path may bring something new. */
    boolean isWorthAsking(String path) {
        Mount mount = find(path);
        long now = clock.millis();
        if (mount != null && !mount.isOlderThan(BELIEVED_MILLIS, now)) {
            return false;
        }
        synchronized (refusals) {
            Long refusedAt = refusals.get(path);
            return refusedAt == null || Math.abs(now - refusedAt) >= BELIEVED_MILLIS;
        }
    }

    /**
     * Takes note of what Vault said of the mount of this path.
     *
     * @param info the data of {@code sys/internal/ui/mounts/<path>}, or null when there was none
     */
    void learn(String path, @Nullable SecretValue info) {
        String told = info == null ? null : info.text("path");
        String mount = told == null ? null : matching(told, path);
        if (info == null || mount == null) {
            refuse(path); // an answer of which nothing can be learnt
            return;
        }
        String type = info.text("type");
        boolean isKv = "kv".equals(type) || "generic".equals(type);
        SecretValue options = info.field("options");
        boolean isSecond = options != null && "2".equals(options.text("version"));
        int version = isSecond ? 2 : 1;
        add(Mount.learnt(mount, type == null ? "nameless" : type, isKv ? version : 0, clock.millis()));
    }

    /** The mount's path as it stands in requests: Vault begins it with the namespace when that was part of the path's start. */
    private static @Nullable String matching(String mount, String path) {
        String rest = mount.endsWith("/") ? mount : mount + "/";
        while (!rest.isEmpty()) {
            if (path.startsWith(rest)) {
                return rest;
            }
            rest = rest.substring(rest.indexOf('/') + 1);
        }
        return null;
    }

    /** Takes note that Vault does not say who serves this path. */
    void refuse(String path) {
        synchronized (refusals) {
            refusals.remove(path);
            if (refusals.size() >= MOST_REFUSALS) {
                refusals.remove(refusals.keySet().iterator().next());
            }
            refusals.put(path, clock.millis());
        }
    }

    private synchronized void add(Mount mount) {
        Map<String, Mount> before = known;
        if (before == null) {
            known = Map.of(mount.path(), mount);
        } else if (before.size() < MOST || before.containsKey(mount.path())) {
            Map<String, Mount> next = new HashMap<>(before);
            next.put(mount.path(), mount);
            known = next;
        }
    }
}
