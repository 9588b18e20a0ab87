package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.internal.SingleFlight;
import io.github.vaultlambda.log.Log;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that AWS gave until a certain moment, kept and replaced some time before it. Judged when it is asked for, by wall
 * clock; however many threads ask, one of them fetches. When that fails, the one in hand serves until its end. Thread-safe.
 *
 * @param <T> what is kept
 */
abstract class Kept<T> {
    private static final Log LOG = Log.of(Kept.class);
    /** While the one in hand is still good, nobody waits long for the next one, */
    private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(3);
    /** nor tries again at once when it could not be had. */
    private static final long REFRESH_FLOOR_MILLIS = 5_000;

    private final String operation;
    private final Duration margin;
    private final InstantSource clock;
    private final SingleFlight<String, T> flights = new SingleFlight<>();
    private final Object lock = new Object();
    private volatile @Nullable T current;
    private volatile long failedAt;
    private int generation;

    /**
     * @param operation what fetches, for messages
     * @param margin how long before its end it is replaced
     */
    Kept(String operation, Duration margin, InstantSource clock) {
        this.operation = operation;
        this.margin = margin;
        this.clock = clock;
    }

    /** Asks AWS. */
    abstract T fetch(Deadline deadline);

    /** The moment until which it is good; null when that is unknown, and then it is not kept. */
    abstract @Nullable Instant endOf(T value);

    final T get(Deadline deadline) {
        T kept = current;
        if (kept != null && hasMoreThan(kept, margin)) {
            return kept;
        }
        return flights.run(operation, deadline, new Refresh(deadline));
    }

    final void drop() {
        synchronized (lock) {
            generation++;
            current = null;
            failedAt = 0;
        }
    }

    private boolean hasMoreThan(T value, Duration time) {
        Instant end = endOf(value);
        return end != null && clock.instant().isBefore(end.minus(time));
    }

    /** A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private final class Refresh implements Supplier<T> {
        private final Deadline deadline;

        Refresh(Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public T get() {
            T held;
            int begun;
            synchronized (lock) {
                held = current;
                begun = generation;
            }
            if (held != null && hasMoreThan(held, margin)) {
                return held; // another thread was quicker
            }
            boolean good = held != null && hasMoreThan(held, Duration.ZERO);
            long now = clock.millis();
            if (held != null && good && now >= failedAt && now - failedAt < REFRESH_FLOOR_MILLIS) {
                return held; // the first comparison: unless the clock was set back
            }
            T latest;
            try {
                latest = fetch(good ? deadline.within(REFRESH_TIMEOUT) : deadline);
            } catch (VaultException e) {
                if (held != null && good && hasMoreThan(held, Duration.ZERO)) {
                    failedAt = clock.millis();
                    LOG.warn("{} failed, so what is in hand serves until its end: {}", operation, e.getMessage());
                    return held;
                }
                throw e;
            }
            synchronized (lock) {
                if (generation == begun) {
                    current = latest;
                }
            }
            return latest;
        }
    }
}
