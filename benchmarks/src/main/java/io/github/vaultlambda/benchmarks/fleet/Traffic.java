package io.github.vaultlambda.benchmarks.fleet;

import java.util.Arrays;

/** What came to Vault, and what became of it; second by second, and in all. */
final class Traffic {
    private long[] perSecond = new long[64];
    private int seconds;
    private long received;
    private long logins;
    private long answered;
    private long limited;
    private long failed;
    private long dropped;

    void receive(long micros, boolean login) {
        int second = (int) (micros / 1_000_000);
        if (second >= perSecond.length) {
            perSecond = Arrays.copyOf(perSecond, second * 2);
        }
        perSecond[second]++;
        seconds = Math.max(seconds, second + 1);
        received++;
        logins += login ? 1 : 0;
    }

    void answer() {
        answered++;
    }

    void limit() {
        limited++;
    }

    void fail() {
        failed++;
    }

    void drop() {
        dropped++;
    }

    /** All requests. */
    long received() {
        return received;
    }

    /** Those of them that were logins. */
    long logins() {
        return logins;
    }

    /** Those that Vault answered, be it with a refusal of the token. */
    long answered() {
        return answered;
    }

    /** Those beyond the capacity: 429. */
    long limited() {
        return limited;
    }

    /** Those that came while Vault was out of order. */
    long failed() {
        return failed;
    }

    /** Those whose senders did not wait for the answer. */
    long dropped() {
        return dropped;
    }

    /** Requests in each second. */
    double[] perSecond() {
        double[] all = new double[seconds];
        for (int i = 0; i < seconds; i++) {
            all[i] = perSecond[i];
        }
        return all;
    }

    /** Of the busiest second. */
    long most() {
        return Arrays.stream(perSecond).max().orElse(0);
    }
}
