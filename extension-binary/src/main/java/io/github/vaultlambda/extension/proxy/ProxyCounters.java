package io.github.vaultlambda.extension.proxy;

import java.util.concurrent.atomic.AtomicLong;

/** What the proxy has done since it was opened. Each number grows only. Thread-safe. */
public final class ProxyCounters {
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong coalesced = new AtomicLong();
    private final AtomicLong stale = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong upstreamErrors = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();

    /** No counts yet. */
    ProxyCounters() {}

    /** Requests that were answered or broke off, refused ones included. */
    public long requests() {
        return requests.get();
    }

    /** Requests that were answered from the cache while the answer was fresh. */
    public long hits() {
        return hits.get();
    }

    /** Requests that got the answer to an equal one that was under way. */
    public long coalesced() {
        return coalesced.get();
    }

    /** Requests that were answered from the cache because Vault could not be asked. */
    public long stale() {
        return stale.get();
    }

    /** Requests that the proxy answered itself because they must not go to Vault. */
    public long refused() {
        return refused.get();
    }

    /** Requests to Vault that were repeated. */
    public long retries() {
        return retries.get();
    }

    /** Requests to which Vault gave no answer in the end, or one with a status of 500 or more. */
    public long upstreamErrors() {
        return upstreamErrors.get();
    }

    /** The time that all requests took together, from their head to the end of their answer, in nanoseconds. */
    public long nanos() {
        return nanos.get();
    }

    /** The longest time that a request took since this was asked last, in nanoseconds. */
    public long takeLongestNanos() {
        return longestNanos.getAndSet(0);
    }

    void countRequest(long took) {
        requests.incrementAndGet();
        nanos.addAndGet(took);
        long longest = longestNanos.get();
        while (took > longest && !longestNanos.compareAndSet(longest, took)) {
            longest = longestNanos.get();
        }
    }

    void countHit() {
        hits.incrementAndGet();
    }

    void countCoalesced() {
        coalesced.incrementAndGet();
    }

    void countStale() {
        stale.incrementAndGet();
    }

    void countRefused() {
        refused.incrementAndGet();
    }

    void countRetry() {
        retries.incrementAndGet();
    }

    void countFailure() {
        upstreamErrors.incrementAndGet();
    }
}
