package io.github.vaultlambda.benchmarks.extension;

import io.github.vaultlambda.benchmarks.report.Spread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two kinds of request in turn, some of the one and then some of the other. What else the machine does lasts
 * longer than two such slices, and so hits both alike: the difference between neighbours has little of it.
 */
final class LoadInTurn {
    /** Enough for a median, and a matter of milliseconds. */
    private static final int SLICE = 50;

    private final List<Double> differences = new ArrayList<>();

    /** Sends both for this time together, one slice of each at least, on one connection each. */
    static LoadInTurn of(HttpLoad first, HttpLoad second, Duration time) throws IOException {
        LoadInTurn inTurn = new LoadInTurn();
        try (RepeatedGet one = first.connect();
                RepeatedGet other = second.connect()) {
            long end = System.nanoTime() + time.toNanos();
            do {
                inTurn.add(one.exchange(SLICE), other.exchange(SLICE));
            } while (System.nanoTime() - end < 0);
        }
        return inTurn;
    }

    /** Neighbouring slices, in nanoseconds. */
    void add(long[] first, long[] second) {
        differences.add(HttpLoad.Result.median(second) - HttpLoad.Result.median(first));
    }

    /** By how many microseconds the second takes longer: the median of all neighbours. */
    double difference() {
        return Spread.of(differences.stream().mapToDouble(Double::doubleValue).toArray())
                .median();
    }
}
