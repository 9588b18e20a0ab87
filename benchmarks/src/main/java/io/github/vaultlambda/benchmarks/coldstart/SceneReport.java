package io.github.vaultlambda.benchmarks.coldstart;

import io.github.vaultlambda.benchmarks.report.BarChart;
import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.report.Spread;
import io.github.vaultlambda.benchmarks.report.Table;
import io.github.vaultlambda.benchmarks.vault.Connection;
import java.io.IOException;
import java.util.Locale;

/** What a report says of one {@link Scene}: time, then what a program takes besides, and a picture. */
final class SceneReport {
    private final Scene scene;
    private final String where;

    SceneReport(Scene scene) {
        this.scene = scene;
        this.where =
                "over " + scene.connection().scheme() + ", " + scene.setting().title();
    }

    void addTo(Report report) throws IOException {
        report.add(times()).add(footprint()).add(chart());
    }

    private Table times() {
        Table table = Table.titled(String.format(
                        Locale.ROOT,
                        "%s; the stand-in answers a warm client's login%s in %.1f ms and its read in %.1f ms",
                        where,
                        scene.connection() == Connection.TLS ? " with a whole handshake" : "",
                        scene.answers().login(),
                        scene.answers().read()))
                .column("start to value", "ms")
                .column("fastest", "ms")
                .column("in main", "ms")
                .column("CPU", "ms")
                .comparedWith(Program.HAND_WRITTEN.title());
        for (Series series : scene.all()) {
            double[] start = series.values(Figure.START_TO_VALUE);
            table.rowOfRuns(
                    series.program().title(),
                    start,
                    new double[] {Spread.of(start).min()},
                    series.values(Figure.IN_MAIN),
                    series.values(Figure.CPU));
        }
        return table;
    }

    private Table footprint() throws IOException {
        Table table = Table.titled("what it takes, " + where)
                .column("classes", "")
                .plainColumn("of them parsed", "")
                .column("peak of resident memory", "MB")
                .plainColumn("jars", "")
                .plainColumn("of together", "kB")
                .comparedWith(Program.HAND_WRITTEN.title());
        for (Series series : scene.all()) {
            table.rowOfRuns(
                    series.program().title(),
                    new double[] {series.classes().all()},
                    new double[] {series.classes().parsed()},
                    series.values(Figure.PEAK),
                    new double[] {series.classPath().dependencies().size()},
                    new double[] {series.classPath().dependencyBytes() / 1e3});
        }
        return table;
    }

    private BarChart chart() {
        BarChart chart = BarChart.titled(scene.name(), "From JVM start to the first secret, " + where, "ms");
        for (Series series : scene.all()) {
            chart.bar(series.program().title(), series.values(Figure.START_TO_VALUE));
        }
        return chart;
    }
}
