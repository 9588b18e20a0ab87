package io.github.vaultlambda.benchmarks.warm;

import java.util.Locale;

/**
 * What an operation may cost.
 *
 * @param nanos nanoseconds
 * @param bytes allocated memory; infinite where it does not matter
 */
record Target(double nanos, double bytes) {
    /** Less than this is what the measuring itself allocates, divided among the operations. */
    private static final double NO_BYTES = 0.5;

    /** The target and whether it holds: by the clock, or on a machine that has other work to do in processor time alone. */
    String verdict(double mean, double cpu, double allocated) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "<= %,.0f ns", nanos));
        if (Double.isFinite(bytes)) {
            text.append(String.format(Locale.ROOT, ", %.0f B", bytes));
        }
        boolean lean = allocated <= bytes + NO_BYTES;
        if (lean && mean <= nanos) {
            return text.append(": holds").toString();
        }
        return text.append(lean && cpu <= nanos ? ": holds in processor time" : ": MISSED")
                .toString();
    }
}
