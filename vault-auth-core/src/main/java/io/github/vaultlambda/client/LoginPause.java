package io.github.vaultlambda.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When the next login may be tried after one could not be made. A fleet that starts while Vault is sick has nothing else to do than
 * to log in, all at once and again and again; so what a process has learnt of Vault it keeps from one operation to the next, and
 * tries ever more rarely. Yet each operation that has the time tries once: it waits for the end of the pause, but not so long that no
 * time is left. Judged by wall clock. Thread-safe.
 */
final class LoginPause {
    private static final int TOO_MANY_REQUESTS = 429;
    /**
     * At most so long after the first, second, ... failure in a row, and at least half of it. The first may have been the network;
     * the second is within one operation; the last is about what a large fleet needs to log in, so that it comes back spread.
     */
    private static final long[] LONGEST_MILLIS = {200, 2_000, 8_000, 24_000};

    /** Vault is there, and only too much is asked of it: so the last is left out. */
    private static final int MOST_WHEN_LIMITED = 3;

    /** Kept of the time for the login itself, or half of the time where that is less. */
    private static final Duration ENOUGH = Duration.ofSeconds(2);
    /** So long after its end a pause counts no more. */
    private static final long MEMORY_MILLIS = 60_000;

    private int failures;
    private long sinceMillis;
    private long untilMillis;

    /** How long somebody who has so much time waits before the next login. */
    synchronized Duration left(long nowMillis, Duration remaining) {
        if (nowMillis < sinceMillis || nowMillis >= untilMillis) {
            return Duration.ZERO; // over, or the clock was set back
        }
        return shorter(Duration.ofMillis(untilMillis - nowMillis), remaining.minus(kept(remaining)));
    }

    /** Whether somebody who has so much time can wait so long, and still log in. */
    static boolean fits(Duration wait, Duration remaining) {
        return wait.compareTo(remaining.minus(kept(remaining))) < 0;
    }

    private static Duration kept(Duration remaining) {
        return shorter(ENOUGH, remaining.dividedBy(2));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * A login could not be made.
     *
     * @param status Vault's answer; 0 when there was none
     * @param wishedMillis how long Vault asks to be left alone; zero when it does not
     * @return how long the pause is
     */
    synchronized Duration begin(long nowMillis, int status, long wishedMillis, RandomGenerator random) {
        if (nowMillis < sinceMillis || nowMillis - untilMillis > MEMORY_MILLIS) {
            failures = 0;
        }
        failures = Math.min(failures + 1, status == TOO_MANY_REQUESTS ? MOST_WHEN_LIMITED : LONGEST_MILLIS.length);
        long longest = LONGEST_MILLIS[failures - 1];
        long wait = Math.max(longest / 2 + random.nextLong(longest / 2 + 1), wishedMillis);
        sinceMillis = nowMillis;
        untilMillis = nowMillis + wait;
        return Duration.ofMillis(wait);
    }

    /** Vault has answered, be it with a refusal; or what was before shall not count. */
    synchronized void end() {
        failures = 0;
        untilMillis = 0;
    }
}
