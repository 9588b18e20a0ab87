package io.github.vaultlambda.secrets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.vaultlambda.secrets.SecretReference.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The kept readings, bounded by their size in memory. A few lie in a plain map; when there are more than that, Caffeine takes over
 * and keeps the most useful ones. Most functions read a handful of secrets, and for them the first use of Caffeine would be the
 * largest item in the first read of a cold start. What has a lease is never thrown out: nobody would renew or end it then.
 * Thread-safe.
 */
final class ReadingCache {
    /** Up to here a bound by use is not worth a cold start's time. */
    static final int FEW = 32;

    private final long maxBytes;
    private final Map<Source, Reading> few = new ConcurrentHashMap<>();
    private long fewBytes;
    private volatile @Nullable Cache<Source, Reading> many;

    ReadingCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What was put last, or null when it is not there or no longer. */
    @Nullable
    Reading get(Source source) {
        Cache<Source, Reading> cache = many;
        return cache == null ? few.get(source) : cache.getIfPresent(source);
    }

    /** Keeps a reading. One at a time, which follows a request to Vault and so is rare. */
    synchronized void put(Source source, Reading reading) {
        Cache<Source, Reading> cache = many;
        if (cache != null) {
            cache.put(source, reading);
            if (reading.lease() != null) {
                dropEnded(cache, reading.readAtMillis());
            }
            return;
        }
        Reading before = few.put(source, reading);
        fewBytes += weight(reading) - (before == null ? 0 : weight(before));
        if (few.size() > FEW || fewBytes > maxBytes) {
            cache = Caffeine.newBuilder()
                    .maximumWeight(maxBytes)
                    .weigher(ReadingCache::weigh)
                    .executor(Runnable::run)
                    .build();
            cache.putAll(few);
            many = cache;
            few.clear();
        }
    }

    /** What weighs nothing would stay for ever: of no use are those whose lease is over, which were not asked for again. */
    private static void dropEnded(Cache<Source, Reading> cache, long nowMillis) {
        cache.asMap().values().removeIf(other -> other.lease() != null && other.endsAtMillis() <= nowMillis);
    }

    /** Puts another reading in the place of this one; false when this one is not there any more. */
    synchronized boolean replace(Source source, Reading old, Reading other) {
        if (get(source) != old) {
            return false;
        }
        put(source, other);
        return true;
    }

    synchronized void clear() {
        Cache<Source, Reading> cache = many;
        if (cache != null) {
            cache.invalidateAll();
        }
        few.clear();
        fewBytes = 0;
    }

    /** Those that have a lease, as they are now. */
    List<Map.Entry<Source, Reading>> leased() {
        Cache<Source, Reading> cache = many;
        List<Map.Entry<Source, Reading>> leased = new ArrayList<>();
        for (Map.Entry<Source, Reading> entry : (cache == null ? few : cache.asMap()).entrySet()) {
            Reading reading = entry.getValue();
            if (reading.lease() != null) {
                leased.add(Map.entry(entry.getKey(), reading));
            }
        }
        return leased;
    }

    private static int weigh(Source source, Reading reading) {
        return (int) Math.min(Integer.MAX_VALUE, weight(reading));
    }

    private static long weight(Reading reading) {
        return reading.lease() == null ? reading.footprint() : 0;
    }

    /** How many are kept. */
    long size() {
        Cache<Source, Reading> cache = many;
        if (cache == null) {
            return few.size();
        }
        cache.cleanUp();
        return cache.estimatedSize();
    }
}
