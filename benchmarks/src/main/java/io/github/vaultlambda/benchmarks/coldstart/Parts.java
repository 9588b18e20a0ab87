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
import java.util.Objects;

/** Where the library's first use goes: time and classes of each part, in fresh JVMs. */
public final class Parts {
    private final Connection connection;
    private final int runs;
    private final Map<Part, double[]> millis = new EnumMap<>(Part.class);
    private final Map<Part, FreshJvm.ClassCount> classes = new EnumMap<>(Part.class);

    private Parts(Connection connection, int runs) {
        this.connection = connection;
        this.runs = runs;
        for (Part part : Part.values()) {
            millis.put(part, new double[runs]);
        }
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
            for (int run = 0; run < runs; run++) {
                parts.time(jvm, run, vault.password());
            }
        }
        return parts;
    }

    private void count(FreshJvm jvm) throws IOException, InterruptedException {
        classes.putAll(count(jvm.loaded(PartsProgram.class.getName(), ClassPath.ofLibrary())));
    }

    /** From the JVM's lines on the classes it loads: from each part's marker to the next one's. */
    static Map<Part, FreshJvm.ClassCount> count(List<String> loaded) {
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
        Map<Part, FreshJvm.ClassCount> counts = new EnumMap<>(Part.class);
        perPart.forEach((part, lines) -> counts.put(part, FreshJvm.ClassCount.of(lines)));
        return counts;
    }

    private void time(FreshJvm jvm, int run, String password) throws IOException, InterruptedException {
        String printed = jvm.output(PartsProgram.class.getName(), ClassPath.ofLibrary(), List.of());
        parse(printed, password).forEach((part, time) -> values(part)[run] = time);
    }

    /** Milliseconds of each part, from what the program printed: nanoseconds, then the hash of the value it read. */
    static Map<Part, Double> parse(String printed, String password) {
        Part[] parts = Part.values();
        String[] fields = printed.strip().split(" ", -1);
        if (!printed.strip().matches("(-?\\d+ ){" + parts.length + "}-?\\d+")) {
            throw new IllegalArgumentException("the parts printed something else than their figures: " + printed);
        }
        if (Integer.parseInt(fields[parts.length]) != password.hashCode()) {
            throw new IllegalStateException("the parts read something else than the secret");
        }
        Map<Part, Double> millis = new EnumMap<>(Part.class);
        for (int i = 0; i < parts.length; i++) {
            millis.put(parts[i], Double.parseDouble(fields[i]) / 1e6);
        }
        return millis;
    }

    private Spread millis(Part part) {
        return Spread.of(values(part));
    }

    private FreshJvm.ClassCount classes(Part part) {
        return classes.getOrDefault(part, new FreshJvm.ClassCount(0, 0));
    }

    private double[] values(Part part) {
        return Objects.requireNonNull(millis.get(part));
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
