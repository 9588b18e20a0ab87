package io.github.vaultlambda.benchmarks.coldstart;

import io.github.vaultlambda.benchmarks.programs.Measured;
import java.util.ArrayList;
import java.util.List;

/** The runs of one program over one kind of connection. */
final class Series {
    private final Program program;
    private final ClassPath classPath;
    private final FreshJvm.ClassCount classes;
    private final List<Measured> runs = new ArrayList<>();

    Series(Program program, ClassPath classPath, FreshJvm.ClassCount classes) {
        this.program = program;
        this.classPath = classPath;
        this.classes = classes;
    }

    Program program() {
        return program;
    }

    /** What the program needs. */
    ClassPath classPath() {
        return classPath;
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
}
