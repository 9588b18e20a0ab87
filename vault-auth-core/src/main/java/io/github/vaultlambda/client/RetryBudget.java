package io.github.vaultlambda.client;

import java.time.InstantSource;

/**
 * How many failed requests a process may repeat: each retry takes one, each request that succeeds gives a fifth back, and so
 * does each two seconds that pass. While Vault is sick, a process that asks often thus soon stops to double and treble its load.
 * One budget serves all endpoints of a process. Thread-safe.
 */
public final class RetryBudget {
    private static final int CAPACITY = 20;
    private static final double PER_SUCCESS = 0.2;
    private static final double PER_MILLI = 0.2 / 2_000;

    private double left = CAPACITY;
    private long countedMillis = Long.MIN_VALUE;

    /** A full budget of 20 retries. */
    public RetryBudget() {}

    /** Takes one retry; false when none is left. The clock is read inside, or late threads would count the same time twice. */
    synchronized boolean take(InstantSource clock) {
        long nowMillis = clock.millis();
        if (countedMillis != Long.MIN_VALUE && nowMillis > countedMillis) {
            left = Math.min(CAPACITY, left + (nowMillis - countedMillis) * PER_MILLI);
        }
        countedMillis = nowMillis;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }

    /** A request succeeded at its first try. */
    public synchronized void giveBack() {
        left = Math.min(CAPACITY, left + PER_SUCCESS);
    }
}
