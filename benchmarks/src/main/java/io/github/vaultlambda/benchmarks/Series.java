package io.github.vaultlambda.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The runs of one program. */
final class Series {
    private final Program program;
    private final FreshJvm.ClassCount classes;
    private final List<Measured> runs = new ArrayList<>();

    Series(Program program, FreshJvm.ClassCount classes) {
        this.program = program;
        this.classes = classes;
    }

    Program program() {
        return program;
    }

    void add(Measured run) {
        runs.add(run);
    }

    /** The columns of the report, in its order. */
    double[] figures() {
        return new double[] {
            median(Measured::fromStart),
            min(Measured::fromStart),
            median(Measured::inMain),
            min(Measured::inMain),
            median(Measured::cpu),
            min(Measured::cpu),
            classes.all(),
            classes.parsed(),
            median(run -> run.peakKilobytes() / 1024.0)
        };
    }

    private double median(ToDoubleFunction<Measured> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private double min(ToDoubleFunction<Measured> figure) {
        return runs.stream().mapToDouble(figure).min().orElse(Double.NaN);
    }
}
