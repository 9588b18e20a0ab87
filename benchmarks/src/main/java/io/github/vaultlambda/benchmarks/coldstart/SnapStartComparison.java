package io.github.vaultlambda.benchmarks.coldstart;

import io.github.vaultlambda.benchmarks.programs.OneSecretWithVault;
import io.github.vaultlambda.benchmarks.report.BarChart;
import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.report.Table;
import io.github.vaultlambda.benchmarks.vault.Connection;
import io.github.vaultlambda.benchmarks.vault.LocalVault;
import io.github.vaultlambda.handler.RestorePolicy;
import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From the restore of a snapshot to the answer of the first invocation, beside a cold start of the same annotated function, both
 * under AWS's runtime interface client and the testkit's Lambda. Between snapshot and restore the process is frozen, and goes on as
 * it is: that Lambda has to fetch its memory, which takes the same whatever the function, is not in the figures.
 */
public final class SnapStartComparison {
    private static final String HANDLER = OneSecretWithVault.class.getName();

    private final PrintStream out;
    private final int runs;

    /**
     * Of this many runs.
     *
     * @param out where the report is printed
     */
    public SnapStartComparison(PrintStream out, int runs) {
        this.out = out;
        this.runs = runs;
    }

    /** How an environment comes to its first invocation. */
    private enum Way {
        COLD,
        LAZY,
        LOGIN;

        String title() {
            return switch (this) {
                case COLD -> "cold start";
                case LAZY, LOGIN ->
                    "restored, " + RestorePolicy.valueOf(name()).name().toLowerCase(Locale.ROOT);
            };
        }
    }

    /** Milliseconds until Lambda may invoke, and those of the first invocation. */
    private record Times(double ready, double invocation) {
        double together() {
            return ready + invocation;
        }
    }

    /** Measures, prints the tables and writes them into the documentation. */
    public void run() throws IOException {
        Report report = Report.begin("snapstart", "An annotated function's first answer with one secret")
                .note(runs + " runs each, in turn, under AWS's runtime interface client; -Dbenchmark=snapstart")
                .note("ready: cold, from the start of the process; restored, from the restore, with its hooks")
                .note("without what Lambda takes to fetch a snapshot's memory; aim: together 0.5 of the cold start");
        for (Connection connection : Connection.values()) {
            Map<Way, List<Times>> times = measure(connection);
            Table table = Table.titled("over " + connection.scheme())
                    .column("ready", "ms")
                    .column("first invocation", "ms")
                    .column("together", "ms")
                    .comparedWith(Way.COLD.title());
            BarChart chart = BarChart.titled(
                    connection.scheme(),
                    "From start or restore to the first answer, over " + connection.scheme(),
                    "ms");
            times.forEach((way, all) -> {
                double[] together = all.stream().mapToDouble(Times::together).toArray();
                table.rowOfRuns(
                        way.title(),
                        all.stream().mapToDouble(Times::ready).toArray(),
                        all.stream().mapToDouble(Times::invocation).toArray(),
                        together);
                chart.bar(way.title(), together);
            });
            report.add(table).add(chart);
        }
        report.finish(out, Report.DOCUMENTS);
    }

    private Map<Way, List<Times>> measure(Connection connection) throws IOException {
        Map<Way, List<Times>> times = new EnumMap<>(Way.class);
        try (LocalVault vault = new LocalVault(connection)) {
            for (Way way : Way.values()) {
                once(way, vault); // brings files into memory
                times.put(way, new ArrayList<>());
            }
            for (int run = 0; run < runs; run++) {
                times.forEach((way, all) -> all.add(once(way, vault)));
            }
        }
        return times;
    }

    private static Times once(Way way, LocalVault vault) {
        LambdaEmulator.Builder builder = LambdaEmulator.builder()
                .environment(vault.functionEnvironment())
                .timeout(Duration.ofSeconds(30))
                .javaFunction(ClassPath.ofFunction().argument(), HANDLER);
        if (way != Way.COLD) {
            builder.environment(Map.of("VAULT_HANDLER_RESTORE", way.name().toLowerCase(Locale.ROOT)))
                    .snapStart(vault.containerCredentials());
        }
        try (LambdaEmulator lambda = builder.build()) {
            long start = System.nanoTime();
            lambda.init();
            if (way != Way.COLD) {
                lambda.collectGarbage();
                lambda.freeze();
                start = System.nanoTime();
                lambda.restore();
            }
            long ready = System.nanoTime();
            InvocationResult result = lambda.invoke("\"event\"");
            long end = System.nanoTime();
            if (!result.payloadText().equals('"' + vault.password() + '"')) {
                throw new IllegalStateException("the function answered something else than the secret, "
                        + result.outcome() + ": " + lambda.output(LambdaEmulator.FUNCTION));
            }
            return new Times((ready - start) / 1e6, (end - ready) / 1e6);
        }
    }
}
