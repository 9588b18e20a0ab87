package io.github.vaultlambda.client;

import io.github.vaultlambda.log.Log;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the next login may be tried after one could not be made. A fleet that starts while Vault is sick has nothing else to do than
 * to log in, all at once and again and again; so what a process has learnt of Vault it keeps from one operation to the next, and
 * tries ever more rarely. An operation waits for the end of the pause. One that has not the time waits as long as it can spare.
 * Then it tries all the same, but in a long pause it fails as the last login did: so it neither asks in vain nor uses up one event
 * after the other at once. Judged by wall clock. Thread-safe.
 */
final class LoginPause {
    private static final Log LOG = Log.of(LoginPause.class);
    private static final int TOO_MANY_REQUESTS = 429;
    /**
     * At most so long after the first, second, ... failure in a row, and at least half of it. The first may have been the network.
     * The last is about what a large fleet needs to log in, so that it comes back spread.
     */
    private static final long[] LONGEST_MILLIS = {200, 2_000, 7_000, 7_000, 22_000};

    /**
     * Longer ones are long: an operation with the default time-out cannot wait for their ends. So the operation after one that
     * failed has its try.
     */
    private static final long WITHIN_REACH_MILLIS = 7_000;

    /** Who answers that he cannot will hardly be able a moment later: so this is the first. */
    private static final int FIRST_WHEN_ANSWERED = 2;

    /** Vault is there, and only too much is asked of it: so this is the last. */
    private static final int LAST_WHEN_LIMITED = 4;

    /** Vault may ask for more, but nobody who cannot wait is turned away for longer. */
    private static final long LONGEST_WISH_MILLIS = 60_000;

    /** Kept of the time for the login itself, or half of the time where that is less. */
    private static final Duration ENOUGH = Duration.ofSeconds(2);
    /** So long after its end a pause counts no more. */
    private static final long MEMORY_MILLIS = 60_000;

    private final Platform platform;
    private int failures;
    private int step;
    private @Nullable VaultException last;
    private long sinceMillis;
    private long untilMillis;

    LoginPause(Platform platform) {
        this.platform = platform;
    }

    /** What somebody who has so much time can wait, and still log in. */
    static Duration spare(Duration remaining) {
        Duration half = remaining.dividedBy(2);
        return remaining.minus(ENOUGH.compareTo(half) < 0 ? ENOUGH : half);
    }

    /** Whether no login may be tried at this moment. */
    boolean holds() {
        return leftMillis() > 0;
    }

    private synchronized long leftMillis() {
        long now = platform.clock().millis();
        return now < sinceMillis ? 0 : Math.max(0, untilMillis - now); // none when the clock was set back
    }

    /**
     * Waits until a login may be tried.
     *
     * @throws VaultException as the last one failed, after what can be spared, when the end of a long pause is later
     */
    void await(Deadline deadline) throws InterruptedException {
        long left = leftMillis();
        if (left == 0) {
            return;
        }
        long wait = Math.min(left, spare(deadline.remaining()).toMillis());
        LOG.debug("Waiting {} ms with the next login, because those before it failed", wait);
        platform.sleeper().sleep(Duration.ofMillis(wait));
        if (wait < left) {
            cutShort();
        }
    }

    /** Fails as the last login did in a long pause; a short one ends, so that the login which is tried now does not wait once more. */
    private synchronized void cutShort() {
        long left = leftMillis();
        VaultException failure = last;
        if (left > 0 && failure != null && untilMillis - sinceMillis > WITHIN_REACH_MILLIS) {
            throw VaultErrors.loginNotTried(failure, failures, left, Instant.ofEpochMilli(untilMillis));
        }
        untilMillis -= left;
    }

    /**
     * A login could not be made.
     *
     * @param wishedMillis how long Vault asks to be left alone; zero when it does not
     * @param spare what the operation can wait before it tries once more; zero when it does not. The pause ends in that time if
     *     it can
     * @return how long the pause is
     */
    synchronized Duration begin(VaultException failure, long wishedMillis, Duration spare) {
        long now = platform.clock().millis();
        if (now < sinceMillis || now - untilMillis > MEMORY_MILLIS) {
            failures = 0;
            step = 0;
        }
        failures++;
        step = nextStep(failure.status());
        last = failure;
        long longest = LONGEST_MILLIS[step - 1];
        long shortest = longest / 2;
        long spareMillis = spare.toMillis();
        if (spareMillis >= shortest) {
            longest = Math.min(longest, spareMillis);
        }
        long drawn = shortest + platform.random().nextLong(longest - shortest + 1);
        long wait = Math.max(drawn, Math.min(wishedMillis, LONGEST_WISH_MILLIS));
        sinceMillis = now;
        untilMillis = now + wait;
        return Duration.ofMillis(wait);
    }

    private int nextStep(int status) {
        int first = status == 0 ? 1 : FIRST_WHEN_ANSWERED;
        int most = status == TOO_MANY_REQUESTS ? LAST_WHEN_LIMITED : LONGEST_MILLIS.length;
        return Math.max(first, Math.min(step + 1, most));
    }

    /** Vault has answered, be it with a refusal; or what was before shall not count. */
    synchronized void end() {
        failures = 0;
        step = 0;
        last = null;
        untilMillis = 0;
    }
}
