package io.github.vaultlambda.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which paths were refused (403) even to a token that had just been made for them. While that token serves and for a minute, a
 * new refusal of such a path is believed at once: without this memory, each read that a policy denies would cost a login.
 * Bounded; thread-safe.
 */
final class RefusedPaths {
    private static final int MOST = 100;
    private static final long MEMORY_MILLIS = 60_000;

    private final Map<String, Refusal> refusals = new LinkedHashMap<>();

    /** An empty memory. */
    RefusedPaths() {}

    /** Takes note that this path was refused to a new token. */
    synchronized void note(String path, Object token, long nowMillis) {
        refusals.remove(path);
        if (refusals.size() >= MOST) {
            refusals.remove(refusals.keySet().iterator().next());
        }
        refusals.put(path, new Refusal(token, nowMillis));
    }

    /** Whether a refusal of this path to this token needs no second opinion. */
    synchronized boolean isKnown(String path, Object token, long nowMillis) {
        Refusal refusal = refusals.get(path);
        return refusal != null && refusal.token == token && Math.abs(nowMillis - refusal.atMillis) < MEMORY_MILLIS;
    }

    private record Refusal(Object token, long atMillis) {}
}
