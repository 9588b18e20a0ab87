package io.github.vaultlambda.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which requests were refused (403) even with a token that had just been made for them. For a minute, a new refusal of such a
 * request to that token or a newer one is believed at once: without this memory, each read that a policy denies would cost a
 * login. So would the reads of several such paths by turns if newer tokens did not count, because each heals to another token.
 * A request is named by its method and path, such as {@code GET secret/data/orders/db}. Bounded; thread-safe.
 */
public final class RefusedPaths {
    private static final int MOST = 100;
    private static final long MEMORY_MILLIS = 60_000;

    private final Map<String, Refusal> refusals = new LinkedHashMap<>();

    /** An empty memory. */
    RefusedPaths() {}

    /**
     * Judges a refusal: whether the token may have died unnoticed, so that a new login may help. Takes note of the refusal when
     * the token was made for this very request.
     *
     * @param request method and path
     * @param token the token that it was refused to
     * @param beganMillis when the request was taken up, before it had a token; wall-clock milliseconds since 1970
     */
    public boolean mayHeal(String request, VaultToken token, long beganMillis, long nowMillis) {
        if (token.issuedAt().toEpochMilli() >= beganMillis) {
            note(request, token, nowMillis);
            return false;
        }
        return !isKnown(request, token, nowMillis);
    }

    /** Takes note that this request was refused to a token which was made for it. */
    public synchronized void note(String request, VaultToken token, long nowMillis) {
        refusals.remove(request);
        if (refusals.size() >= MOST) {
            refusals.remove(refusals.keySet().iterator().next());
        }
        refusals.put(request, new Refusal(token, nowMillis));
    }

    /** Knows no refusal any more, nor the tokens that were refused. */
    public synchronized void forget() {
        refusals.clear();
    }

    private synchronized boolean isKnown(String request, VaultToken token, long nowMillis) {
        Refusal refusal = refusals.get(request);
        return refusal != null
                && (refusal.token.isSameAs(token) || !token.issuedAt().isBefore(refusal.token.issuedAt()))
                && Math.abs(nowMillis - refusal.atMillis) < MEMORY_MILLIS;
    }

    private record Refusal(VaultToken token, long atMillis) {}
}
