package io.github.vaultlambda.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What the first secret costs in a fresh JVM: the library beside the same two requests written by hand. The programs take
 * turns, so that whatever else the machine does hits all alike.
 */
final class FirstUse {
    private final PrintStream out;
    private final int runs;

    FirstUse(PrintStream out, int runs) {
        this.out = out;
        this.runs = runs;
    }

    void run() throws IOException, InterruptedException {
        List<Series> all = new ArrayList<>();
        try (LocalVault vault = new LocalVault()) {
            FreshJvm jvm = new FreshJvm(vault.functionEnvironment());
            for (Program program : Program.values()) {
                measure(jvm, program, vault); // warms the file cache and the server in this process
                all.add(new Series(program, jvm.classes(program)));
            }
            for (int i = 0; i < runs; i++) {
                for (Series series : all) {
                    series.add(measure(jvm, series.program(), vault));
                }
            }
        }
        print(all);
    }

    private static Measured measure(FreshJvm jvm, Program program, LocalVault vault)
            throws IOException, InterruptedException {
        Measured result = jvm.measure(program);
        String expected = program == Program.EMPTY ? "" : vault.password();
        if (result.valueHash() != expected.hashCode()) {
            throw new IllegalStateException(program.title() + " read something else than the secret");
        }
        return result;
    }

    private void print(List<Series> all) {
        out.printf("%nFirst use: a fresh JVM reads one secret; %d runs each, %s%n", runs, FreshJvm.flags());
        out.printf("%-26s %15s %15s %15s %15s %8s%n", "", "start to value", "in main", "CPU", "classes", "peak MB");
        out.printf(
                "%-26s %7s %7s %7s %7s %7s %7s %7s %7s %8s%n",
                "milliseconds", "median", "min", "median", "min", "median", "min", "all", "parsed", "median");
        double[] byHand = new double[0];
        double[] library = new double[0];
        for (Series series : all) {
            double[] figures = series.figures();
            line(series.program().title(), "%7.0f %7.0f %7.0f %7.0f %7.0f %7.0f %7.0f %7.0f %8.1f", figures);
            switch (series.program()) {
                case HAND_WRITTEN -> byHand = figures;
                case LIBRARY -> library = figures;
                case EMPTY -> {}
            }
        }
        double[] ratios = new double[library.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = library[i] / byHand[i];
        }
        line("ratio library/hand-written", "%7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %8.2f", ratios);
    }

    private void line(String title, String format, double[] figures) {
        out.printf("%-26s ", title);
        out.printf(Locale.ROOT, format + "%n", Arrays.stream(figures).boxed().toArray());
    }
}
