package io.github.vaultlambda.extension;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** How long the extension may take for what, as Lambda's deadlines allow. Immutable and thread-safe. */
final class TimeLeft {
    /** Lambda grants extensions two seconds; the rest is for the process to end in, which takes the JVM a third of one. */
    static final Duration LONGEST_STOP = Duration.ofMillis(1_200);
    /** Of what Lambda's deadline leaves, kept for the process to end in. */
    private static final Duration STOP_RESERVE = Duration.ofMillis(600);
    /** Of the time to stop, kept for the revocation of token and leases where that is asked for. */
    static final Duration REVOCATION_RESERVE = Duration.ofMillis(400);
    /** An invocation ends only when the extension has asked for the next event, so it is not kept longer than this. */
    static final Duration LONGEST_REFRESH = Duration.ofSeconds(2);
    /** Of what the invocation's deadline leaves, kept for the function's answer. */
    private static final Duration REFRESH_RESERVE = Duration.ofMillis(200);

    private final InstantSource clock;

    TimeLeft(InstantSource clock) {
        this.clock = clock;
    }

    /** For what is done during an invocation; zero when there is none. */
    Duration toRefresh(LambdaEvent invocation) {
        return left(invocation, LONGEST_REFRESH, REFRESH_RESERVE);
    }

    /** For everything at the end of the environment. */
    Duration toStop(LambdaEvent shutdown) {
        return left(shutdown, LONGEST_STOP, STOP_RESERVE);
    }

    private Duration left(LambdaEvent event, Duration most, Duration reserve) {
        if (event.deadline().equals(Instant.EPOCH)) {
            return most; // Lambda named none
        }
        Duration left = Duration.between(clock.instant(), event.deadline()).minus(reserve);
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(most) > 0 ? most : left;
    }
}
