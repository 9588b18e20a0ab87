package io.github.vaultlambda.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/**
 * The instant by which an operation has to be over, with all its waits and retries. Judged by wall clock on purpose: when
 * Lambda freezes the process in the middle, the time asleep counts. Immutable and thread-safe.
 */
public final class Deadline {
    /** 292 years: what fits in nanoseconds, so that no use of it can overflow. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final InstantSource clock;
    private final Instant end;

    private Deadline(InstantSource clock, Instant end) {
        this.clock = clock;
        this.end = end;
    }

    /** A deadline at this instant. */
    public static Deadline at(InstantSource clock, Instant end) {
        return new Deadline(Objects.requireNonNull(clock, "clock"), Objects.requireNonNull(end, "end"));
    }

    /** A deadline this long after now. */
    public static Deadline after(InstantSource clock, Duration time) {
        return at(clock, clock.instant().plus(shorter(time, LONGEST)));
    }

    /** The earlier of this deadline and one that ends after {@code time} from now. */
    public Deadline within(Duration time) {
        Instant other = clock.instant().plus(shorter(time, LONGEST));
        return other.isBefore(end) ? new Deadline(clock, other) : this;
    }

    /** The time left; zero when it is over, never negative. */
    public Duration remaining() {
        Duration left = Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : shorter(left, LONGEST);
    }

    /** Whether no time is left. */
    public boolean isOver() {
        return remaining().isZero();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
