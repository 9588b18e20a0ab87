package io.github.vaultlambda.benchmarks.fleet;

import java.util.Arrays;

/** What a fleet went through: for each environment when it first had its secret, and what its invocations were given. */
final class Course {
    private final long[] readyMicros;
    private long invocations;
    private long failed;
    private long stale;
    private long mostStaleMicros;
    private double waitedSeconds;
    private long lastFailureMicros;

    Course(int environments) {
        readyMicros = new long[environments];
        Arrays.fill(readyMicros, -1);
    }

    void failed(long micros, long waitedMicros) {
        invocations++;
        failed++;
        waitedSeconds += waitedMicros / 1e6;
        lastFailureMicros = micros;
    }

    void served(int environment, long micros, long waitedMicros, long staleMicros) {
        invocations++;
        waitedSeconds += waitedMicros / 1e6;
        if (readyMicros[environment] < 0) {
            readyMicros[environment] = micros;
        }
        if (staleMicros > 0) {
            stale++;
            mostStaleMicros = Math.max(mostStaleMicros, staleMicros);
        }
    }

    /** Seconds until that share of all environments had the secret; infinite when it never had. */
    double readySeconds(double share) {
        long[] sorted = readyMicros.clone();
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = sorted[i] < 0 ? Long.MAX_VALUE : sorted[i];
        }
        Arrays.sort(sorted);
        long last = sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
        return last == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : last / 1e6;
    }

    /** Seconds until an environment had the secret, on average; infinite when one never had. */
    double meanReadySeconds() {
        double sum = 0;
        for (long micros : readyMicros) {
            sum += micros < 0 ? Double.POSITIVE_INFINITY : micros / 1e6;
        }
        return sum / readyMicros.length;
    }

    /** How many environments had the secret at the end of each second. */
    double[] readyBySecond(int seconds) {
        double[] ready = new double[seconds];
        for (long micros : readyMicros) {
            for (int second = seconds - 1; second >= 0 && micros >= 0 && micros < (second + 1) * 1_000_000L; second--) {
                ready[second]++;
            }
        }
        return ready;
    }

    long invocations() {
        return invocations;
    }

    long failures() {
        return failed;
    }

    /** When the last of the failed invocations ended. */
    double lastFailureSeconds() {
        return lastFailureMicros / 1e6;
    }

    /** Invocations that were given what was the secret's value no more. */
    long staleInvocations() {
        return stale;
    }

    /** For how long that had been so, at most. */
    double mostStaleSeconds() {
        return mostStaleMicros / 1e6;
    }

    /** What all invocations waited together. */
    double waitedSeconds() {
        return waitedSeconds;
    }
}
