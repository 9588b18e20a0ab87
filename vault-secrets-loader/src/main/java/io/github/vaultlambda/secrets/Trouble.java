package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import org.jspecify.annotations.Nullable;

/**
 * Why a secret could not be had, and until when Vault is not asked for it again. Immutable.
 *
 * @param failure what happened
 * @param refusal whether Vault said no, rather than nothing
 * @param sinceMillis when, in wall-clock milliseconds since 1970
 * @param untilMillis until when Vault is left alone
 * @param failures how many in a row
 */
record Trouble(VaultException failure, boolean refusal, long sinceMillis, long untilMillis, int failures) {
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final int MOST_DOUBLINGS = 6;

    /** Vault said no. */
    static Trouble refusal(VaultException failure, long nowMillis, long pauseMillis) {
        return new Trouble(failure, true, nowMillis, Reading.later(nowMillis, pauseMillis), 1);
    }

    /**
     * Vault said nothing: it is left alone for half to a whole of a second, twice as long after each further failure, up to a
     * minute.
     *
     * @param jitter 0 to 1
     */
    static Trouble outage(VaultException failure, long nowMillis, @Nullable Trouble before, double jitter) {
        int failures = before == null || before.refusal ? 1 : before.failures + 1;
        long full = FIRST_PAUSE_MILLIS << Math.min(failures - 1, MOST_DOUBLINGS);
        return new Trouble(failure, false, nowMillis, nowMillis + (long) (full * (1 + jitter) / 2), failures);
    }

    /** This with another end. */
    Trouble until(long millis) {
        return new Trouble(failure, refusal, sinceMillis, millis, failures);
    }

    /** Whether Vault is left alone at this moment; not when the clock was set back. */
    boolean holdsAt(long nowMillis) {
        return nowMillis >= sinceMillis && nowMillis < untilMillis;
    }

    /** As {@link #holdsAt(long)}, for a secret with these options: each says for itself how long a refusal is believed. */
    boolean holdsAt(long nowMillis, SecretOptions options) {
        return nowMillis >= sinceMillis && nowMillis < untilMillis(options);
    }

    /** Until when Vault is left alone for a secret with these options. */
    long untilMillis(SecretOptions options) {
        return refusal
                ? Math.min(untilMillis, Reading.later(sinceMillis, Reading.millis(options.refusalTtl())))
                : untilMillis;
    }
}
