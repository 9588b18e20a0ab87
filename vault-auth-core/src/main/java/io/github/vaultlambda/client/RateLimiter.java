package io.github.vaultlambda.client;

import io.github.vaultlambda.config.RateLimit;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Spaces requests out, as {@code VAULT_RATE_LIMIT} asks; a request over the limit waits for its turn. Thread-safe. */
final class RateLimiter {
    private final InstantSource clock;
    private final double perMilli;
    private final int burst;
    private double available;
    private long countedMillis;

    RateLimiter(RateLimit limit, InstantSource clock) {
        this.clock = clock;
        this.perMilli = limit.perSecond() / 1_000;
        this.burst = limit.burst();
        this.available = burst;
        this.countedMillis = clock.millis();
    }

    /**
     * Books a turn. The clock is read inside, or late threads would count the same time twice.
     *
     * @return how long to wait for it, or null, and nothing is booked, when that is longer than {@code longest}
     */
    synchronized @Nullable Duration book(Duration longest) {
        long nowMillis = clock.millis();
        if (nowMillis > countedMillis) {
            available = Math.min(burst, available + (nowMillis - countedMillis) * perMilli);
        }
        countedMillis = nowMillis;
        Duration wait =
                available >= 1 ? Duration.ZERO : Duration.ofMillis((long) Math.ceil((1 - available) / perMilli));
        if (wait.compareTo(longest) > 0) {
            return null;
        }
        available--; // below zero: turns that are booked but not yet due
        return wait;
    }
}
