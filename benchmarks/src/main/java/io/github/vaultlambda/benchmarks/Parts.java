package io.github.vaultlambda.benchmarks;

import io.github.vaultlambda.benchmarks.report.Spread;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the library's first use goes: time and classes of each part, in fresh JVMs. */
final class Parts {
    private final Connection connection;
    private final Map<Part, double[]> millis = new EnumMap<>(Part.class);
    private final Map<Part, FreshJvm.ClassCount> classes = new EnumMap<>(Part.class);

    private Parts(Connection connection) {
        this.connection = connection;
    }

    static Parts measure(Connection connection, int runs) throws IOException, InterruptedException {
        Parts parts = new Parts(connection);
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

    Connection connection() {
        return connection;
    }

    Spread millis(Part part) {
        return Spread.of(values(part));
    }

    FreshJvm.ClassCount classes(Part part) {
        FreshJvm.ClassCount count = classes.get(part);
        return count == null ? new FreshJvm.ClassCount(0, 0) : count;
    }

    private double[] values(Part part) {
        double[] values = millis.get(part);
        return values == null ? new double[0] : values;
    }

    /** What each adds when the ones above it have been used. */
    void print(PrintStream out) {
        out.printf(
                "%n%-38s %15s %15s%n%-38s %7s %7s %7s %7s%n",
                "library by part, over " + connection.scheme(),
                "milliseconds",
                "classes",
                "each after those above",
                "median",
                "min",
                "all",
                "parsed");
        double[] sums = new double[4];
        for (Part part : Part.values()) {
            double[] figures = {
                millis(part).median(),
                millis(part).min(),
                classes(part).all(),
                classes(part).parsed()
            };
            for (int i = 0; i < sums.length; i++) {
                sums[i] += figures[i];
            }
            line(out, part.title(), figures);
        }
        line(out, "sum", sums);
        double before = 0;
        for (Part part : Part.values()) {
            if (part == Part.STORE) {
                break;
            }
            before += millis(part).median();
        }
        out.printf(
                Locale.ROOT,
                "the first secret adds %.0f %% to what comes before it (aim: 15 %%)%n",
                100 * millis(Part.STORE).median() / before);
    }

    private static void line(PrintStream out, String title, double[] figures) {
        out.printf("%-38s ", title);
        out.printf(
                Locale.ROOT,
                "%7.1f %7.1f %7.0f %7.0f%n",
                Arrays.stream(figures).boxed().toArray());
    }
}
