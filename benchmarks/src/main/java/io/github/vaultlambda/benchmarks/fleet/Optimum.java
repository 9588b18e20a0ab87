package io.github.vaultlambda.benchmarks.fleet;

import java.util.Arrays;

/**
 * What a scheduler could do that knows the capacity, when Vault will be back, and who waits: no request is made in vain, and Vault is
 * never idle while somebody waits. Each environment logs in and reads once; the logins are what takes long. No policy can be
 * quicker.
 */
final class Optimum {
    private final long[] readyMicros;

    private Optimum(long[] readyMicros) {
        this.readyMicros = readyMicros;
    }

    /**
     * For environments that start at these moments.
     *
     * @param backMicros before that moment Vault answers nobody
     */
    static Optimum of(long[] startMicros, long backMicros, Capacity capacity) {
        long[] ready = startMicros.clone();
        Arrays.sort(ready);
        long login = Math.round(1e6 / capacity.loginsPerSecond());
        long read = Math.round(1e6 / capacity.readsPerSecond());
        long loggedIn = backMicros;
        long readDone = 0;
        for (int i = 0; i < ready.length; i++) {
            loggedIn = Math.max(loggedIn, ready[i]) + login;
            readDone = Math.max(readDone, loggedIn + VaultModel.NETWORK_MICROS) + read;
            ready[i] = readDone + VaultModel.NETWORK_MICROS;
        }
        return new Optimum(ready);
    }

    /** As of those that had their secret then. */
    Course course() {
        Course course = new Course(readyMicros.length);
        for (int i = 0; i < readyMicros.length; i++) {
            course.served(i, readyMicros[i], 0, 0);
        }
        return course;
    }

    long requests() {
        return 2L * readyMicros.length;
    }
}
