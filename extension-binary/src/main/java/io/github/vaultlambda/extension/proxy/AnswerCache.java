package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.client.VaultToken;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are kept, up to a number of bytes; those used longest ago are thrown out first. Thread-safe: the lock is held
 * for a look at the map and never over the network.
 */
final class AnswerCache {
    private final int maxBytes;
    private final Duration ttl;
    private final Duration maxStale;
    private final Supplier<@Nullable VaultToken> heldToken;
    private final Map<CacheKey, KeptAnswer> kept = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;
    private long sweptAtMillis;

    /** @param heldToken the session's token of the moment */
    AnswerCache(ProxySettings settings, Supplier<@Nullable VaultToken> heldToken) {
        this.maxBytes = settings.cacheBytes();
        this.ttl = settings.cacheTtl();
        this.maxStale = settings.maxStale();
        this.heldToken = heldToken;
    }

    /** How many bytes of content one answer may have. */
    int mostContent() {
        return Math.min(1024 * 1024, maxBytes / 4);
    }

    /** The answer that is as good as a new one at this moment, or null. */
    @Nullable
    KeptAnswer fresh(CacheKey key, long nowMillis) {
        KeptAnswer found = get(key);
        return found != null && found.isFreshAt(nowMillis) ? found : null;
    }

    /** The answer that may serve at this moment if Vault cannot be asked, or null. */
    @Nullable
    KeptAnswer bearable(CacheKey key, long nowMillis) {
        if (maxStale.isZero()) {
            return null;
        }
        KeptAnswer found = get(key);
        return found != null && found.isBearableAt(nowMillis, maxStale) ? found : null;
    }

    /** Keeps an answer, if it is good for others and for longer than this moment. */
    void put(CacheKey key, WholeAnswer answer, VaultAnswer from, AnswerTerms terms, long nowMillis) {
        KeptAnswer entry = KeptAnswer.of(answer, from.sentAtMillis(), ttl, terms, from.token());
        if (terms.personal() || !isOfUse(entry, nowMillis) || weight(key, entry) > maxBytes) {
            return;
        }
        synchronized (this) {
            sweep(nowMillis);
            forget(key, kept.put(key, entry));
            bytes += weight(key, entry);
            Iterator<Map.Entry<CacheKey, KeptAnswer>> oldest = kept.entrySet().iterator();
            while (bytes > maxBytes && oldest.hasNext()) {
                Map.Entry<CacheKey, KeptAnswer> out = oldest.next();
                oldest.remove();
                forget(out.getKey(), out.getValue());
            }
        }
    }

    /** Forgets what was read from this path: it has been written. */
    synchronized void drop(String path) {
        Iterator<Map.Entry<CacheKey, KeptAnswer>> all = kept.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<CacheKey, KeptAnswer> entry = all.next();
            if (entry.getKey().isOf(path)) {
                all.remove();
                forget(entry.getKey(), entry.getValue());
            }
        }
    }

    /** Forgets everything. */
    synchronized void clear() {
        kept.clear();
        bytes = 0;
    }

    /** How many bytes are kept, about. */
    synchronized long bytes() {
        return bytes;
    }

    /** How many answers are kept. */
    synchronized int size() {
        return kept.size();
    }

    private @Nullable KeptAnswer get(CacheKey key) {
        KeptAnswer found;
        synchronized (this) {
            found = kept.get(key);
        }
        return found != null && found.isLeased() && found.isOfAnother(heldToken.get()) ? null : found;
    }

    /** Secrets that will not be used any more should not lie about for long. */
    private void sweep(long nowMillis) {
        if (nowMillis >= sweptAtMillis && nowMillis - sweptAtMillis < ttl.toMillis()) {
            return;
        }
        sweptAtMillis = nowMillis;
        Iterator<Map.Entry<CacheKey, KeptAnswer>> all = kept.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<CacheKey, KeptAnswer> entry = all.next();
            if (!isOfUse(entry.getValue(), nowMillis)) {
                all.remove();
                forget(entry.getKey(), entry.getValue());
            }
        }
    }

    /** Whether it may serve at this moment, if only while Vault cannot be asked. */
    private boolean isOfUse(KeptAnswer entry, long nowMillis) {
        return entry.isFreshAt(nowMillis) || entry.isBearableAt(nowMillis, maxStale);
    }

    private void forget(CacheKey key, @Nullable KeptAnswer entry) {
        if (entry != null) {
            bytes -= weight(key, entry);
        }
    }

    private static int weight(CacheKey key, KeptAnswer entry) {
        return key.weight() + entry.weight();
    }
}
