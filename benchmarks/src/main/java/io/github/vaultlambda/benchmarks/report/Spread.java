package io.github.vaultlambda.benchmarks.report;

import java.util.Arrays;

/**
 * One figure over all runs of a program. Quartiles and not a standard deviation, because other work on the machine makes
 * outliers to one side.
 */
public record Spread(double min, double lowerQuartile, double median, double upperQuartile, double max) {
    /** Of at least one value. */
    public static Spread of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Spread(
                sorted[0],
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                sorted[sorted.length - 1]);
    }

    /** Between two values in proportion, as spreadsheets do it. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
