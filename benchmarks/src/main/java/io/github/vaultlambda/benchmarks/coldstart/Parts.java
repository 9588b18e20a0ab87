package io.github.vaultlambda.benchmarks.coldstart;

import io.github.vaultlambda.benchmarks.programs.PartsProgram;
import io.github.vaultlambda.benchmarks.report.BarChart;
import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.report.Spread;
import io.github.vaultlambda.benchmarks.report.Table;
import io.github.vaultlambda.benchmarks.vault.Connection;
import io.github.vaultlambda.benchmarks.vault.LocalVault;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the library's first use goes: time and classes of each part, in fresh JVMs. */
public final class Parts {
    private final Connection connection;
    private final int runs;
    private final Map<Part, double[]> millis = new EnumMap<>(Part.class);
    private final Map<Part, FreshJvm.ClassCount> classes = new EnumMap<>(Part.class);

    private Parts(Connection connection, int runs) {
        this.connection = connection;
        this.runs = runs;
    }

    /** Measures over each kind of connection, prints the tables and writes them into the documentation. */
    public static void report(PrintStream out, int runs) throws IOException, InterruptedException {
        Report report = Report.begin("parts", "Where the library's first use goes")
                .note(runs + " fresh JVMs; " + FreshJvm.flags() + "; -Dbenchmark=parts");
        for (Connection connection : Connection.values()) {
            Parts parts = measure(connection, runs);
            report.note(parts.share()).add(parts.table()).add(parts.chart());
        }
        report.finish(out, Report.DOCUMENTS);
    }

    private static Parts measure(Connection connection, int runs) throws IOException, InterruptedException {
        Parts parts = new Parts(connection, runs);
        try (LocalVault vault = new LocalVault(connection)) {
            FreshJvm jvm = new FreshJvm(vault.functionEnvironment());
            parts.count(jvm); // warms the file cache and the server too
            for (Part part : Part.values()) {
                parts.millis.put(part, new double[runs]);
            }
            for (int run = 0; run < runs; run++) {
                parts.time(jvm, run, vault.password());
            }
        }
        return parts;
    }

    private void count(FreshJvm jvm) throws IOException, InterruptedException {
        List<String> loaded = jvm.loaded(PartsProgram.class.getName(), ClassPath.ofLibrary());
        Map<Part, List<String>> perPart = new EnumMap<>(Part.class);
        List<String> current = new ArrayList<>(); // the JVM's own start
        for (String line : loaded) {
            for (Part part : Part.values()) {
                if (line.contains(part.marker() + ' ')) {
                    current = new ArrayList<>();
                    perPart.put(part, current);
                }
            }
            current.add(line);
        }
        for (Part part : Part.values()) {
            classes.put(part, FreshJvm.ClassCount.of(perPart.getOrDefault(part, List.of())));
        }
    }

    private void time(FreshJvm jvm, int run, String password) throws IOException, InterruptedException {
        String[] fields = jvm.output(PartsProgram.class.getName(), ClassPath.ofLibrary(), List.of())
                .strip()
                .split(" ", -1);
        int field = 0;
        for (double[] times : millis.values()) {
            times[run] = Double.parseDouble(fields[field++]) / 1e6;
        }
        if (Integer.parseInt(fields[field]) != password.hashCode()) {
            throw new IllegalStateException("the parts read something else than the secret");
        }
    }

    private Spread millis(Part part) {
        return Spread.of(values(part));
    }

    private FreshJvm.ClassCount classes(Part part) {
        FreshJvm.ClassCount count = classes.get(part);
        return count == null ? new FreshJvm.ClassCount(0, 0) : count;
    }

    private double[] values(Part part) {
        double[] values = millis.get(part);
        return values == null ? new double[0] : values;
    }

    /** What each adds when the ones above it have been used. */
    private Table table() {
        Table table = Table.titled("over " + connection.scheme() + ": each after those above")
                .plainColumn("time", "ms")
                .plainColumn("classes", "")
                .plainColumn("of them parsed", "");
        double[] sum = new double[runs];
        double all = 0;
        double parsed = 0;
        for (Part part : Part.values()) {
            double[] times = values(part);
            FreshJvm.ClassCount count = classes(part);
            table.rowOfRuns(part.title(), times, new double[] {count.all()}, new double[] {count.parsed()});
            Arrays.setAll(sum, run -> sum[run] + times[run]);
            all += count.all();
            parsed += count.parsed();
        }
        return table.rowOfRuns("sum", sum, new double[] {all}, new double[] {parsed});
    }

    private BarChart chart() {
        BarChart chart = BarChart.titled(
                connection.scheme(), "The library's first use by part, over " + connection.scheme(), "ms");
        for (Part part : Part.values()) {
            chart.bar(part.title(), values(part));
        }
        return chart;
    }

    /** What the first secret adds to all before it. */
    private String share() {
        double before = 0;
        for (Part part : Part.values()) {
            if (part == Part.STORE) {
                break;
            }
            before += millis(part).median();
        }
        return String.format(
                Locale.ROOT,
                "over %s the first secret adds %.0f %% to what comes before it (aim: 15 %%)",
                connection.scheme(),
                100 * millis(Part.STORE).median() / before);
    }
}
