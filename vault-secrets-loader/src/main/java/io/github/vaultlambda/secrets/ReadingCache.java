package io.github.vaultlambda.secrets;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The kept readings. A few lie in a plain map; when there are more than that, Caffeine takes over and keeps the most useful
 * ones. Most functions read a handful of secrets, and for them the first use of Caffeine would be the largest item in the
 * first read of a cold start. Thread-safe.
 */
final class ReadingCache {
    /** Up to here a bound by use is not worth a cold start's time. */
    static final int FEW = 32;

    static final int MAX_ENTRIES = 1_000;

    private final Map<SecretReference.Source, Reading> few = new ConcurrentHashMap<>();
    private volatile @Nullable Cache<SecretReference.Source, Reading> many;

    /** What was put last, or null when it is not there or no longer. */
    @Nullable
    Reading get(SecretReference.Source source) {
        Cache<SecretReference.Source, Reading> cache = many;
        return cache == null ? few.get(source) : cache.getIfPresent(source);
    }

    /** Keeps a reading. One at a time, which follows a request to Vault and so is rare. */
    synchronized void put(SecretReference.Source source, Reading reading) {
        Cache<SecretReference.Source, Reading> cache = many;
        if (cache != null) {
            cache.put(source, reading);
            return;
        }
        few.put(source, reading);
        if (few.size() > FEW) {
            cache = Caffeine.newBuilder()
                    .maximumSize(MAX_ENTRIES)
                    .executor(Runnable::run)
                    .build();
            cache.putAll(few);
            many = cache;
            few.clear();
        }
    }

    /** How many are kept. */
    long size() {
        Cache<SecretReference.Source, Reading> cache = many;
        if (cache == null) {
            return few.size();
        }
        cache.cleanUp();
        return cache.estimatedSize();
    }
}
