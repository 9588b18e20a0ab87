package io.github.vaultlambda.benchmarks;

import io.github.vaultlambda.benchmarks.report.Spread;
import java.util.ArrayList;
import java.util.List;

/** The runs of one program over one kind of connection. */
final class Series {
    private final Program program;
    private final List<String> dependencies;
    private final FreshJvm.ClassCount classes;
    private final List<Measured> runs = new ArrayList<>();

    Series(Program program, List<String> dependencies, FreshJvm.ClassCount classes) {
        this.program = program;
        this.dependencies = dependencies;
        this.classes = classes;
    }

    Program program() {
        return program;
    }

    /** Names of the jars beside the program. */
    List<String> dependencies() {
        return dependencies;
    }

    FreshJvm.ClassCount classes() {
        return classes;
    }

    void add(Measured run) {
        runs.add(run);
    }

    /** In the order of the runs. */
    double[] values(Figure figure) {
        return runs.stream().mapToDouble(figure::of).toArray();
    }

    Spread spread(Figure figure) {
        return Spread.of(values(figure));
    }
}
