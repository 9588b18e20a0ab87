package io.github.vaultlambda.benchmarks;

import io.github.vaultlambda.benchmarks.report.Spread;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/** The report of one {@link Scene}: figures per program, then what each has in proportion to the hand-written one. */
final class FirstUseTable {
    private static final int TITLE = 42;

    private final PrintStream out;
    private final Scene scene;

    FirstUseTable(PrintStream out, Scene scene) {
        this.out = out;
        this.scene = scene;
    }

    void print() {
        out.printf(
                Locale.ROOT,
                "%nover %s; the stand-in answers a warm client's login%s in %.1f ms and its read in %.1f ms%n",
                scene.connection().scheme(),
                scene.connection() == Connection.TLS ? " with a whole handshake" : "",
                scene.answers().login(),
                scene.answers().read());
        out.printf(
                "%-" + TITLE + "s %15s %15s %15s %15s %8s %5s%n",
                "",
                "start to value",
                "in main",
                "CPU",
                "classes",
                "peak MB",
                "jars");
        out.printf(
                "%-" + TITLE + "s %7s %7s %7s %7s %7s %7s %7s %7s %8s%n",
                "milliseconds",
                "median",
                "min",
                "median",
                "min",
                "median",
                "min",
                "all",
                "parsed",
                "median");
        for (Series series : scene.all()) {
            line(series.program().title(), "%7.0f %7.0f %7.0f %7.0f %7.0f %7.0f %7.0f %7.0f %8.1f", figures(series));
            out.printf(" %5d%n", series.dependencies().size());
        }
        double[] byHand = figures(scene.byHand());
        for (Series series : scene.all()) {
            if (series.program() == Program.EMPTY || series == scene.byHand()) {
                continue;
            }
            double[] ratios = figures(series);
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] /= byHand[i];
            }
            line(
                    "ratio " + series.program().title() + "/hand-written",
                    "%7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %7.2f %8.2f",
                    ratios);
            out.println();
        }
    }

    private static double[] figures(Series series) {
        Spread start = series.spread(Figure.START_TO_VALUE);
        Spread main = series.spread(Figure.IN_MAIN);
        Spread cpu = series.spread(Figure.CPU);
        return new double[] {
            start.median(),
            start.min(),
            main.median(),
            main.min(),
            cpu.median(),
            cpu.min(),
            series.classes().all(),
            series.classes().parsed(),
            series.spread(Figure.PEAK).median()
        };
    }

    private void line(String title, String format, double[] figures) {
        out.printf("%-" + TITLE + "s ", title);
        out.printf(Locale.ROOT, format, Arrays.stream(figures).boxed().toArray());
    }
}
