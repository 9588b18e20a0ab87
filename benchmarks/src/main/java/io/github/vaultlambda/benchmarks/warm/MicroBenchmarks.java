package io.github.vaultlambda.benchmarks.warm;

import io.github.vaultlambda.benchmarks.report.BarChart;
import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks briefly: a table for each {@link MicroGroup}, with every iteration, and what is made of the targets. */
public final class MicroBenchmarks {
    private static final String BYTES = "gc.alloc.rate.norm";
    /** What a function may pay, by the benchmark's method. The signature is measured inside of a login, which costs more than it. */
    private static final Map<String, Target> TARGETS = Map.of(
            "login", new Target(60_000, Double.POSITIVE_INFINITY),
            "secret", new Target(25, 0),
            "token", new Target(50, 0),
            "tenSecrets", new Target(200, Double.POSITIVE_INFINITY),
            "tenSecretsDecorated", new Target(200, Double.POSITIVE_INFINITY));

    private final PrintStream out;

    /**
     * Runs nothing yet.
     *
     * @param out where the report is printed
     */
    public MicroBenchmarks(PrintStream out) {
        this.out = out;
    }

    /** Runs these and writes a report of this name. */
    public void run(String name, Collection<MicroGroup> groups) throws RunnerException, IOException {
        Report report = Report.begin(name, "What is paid when nothing has to be fetched")
                .note("JMH: nanoseconds and bytes for one operation, of all threads of the JVM; -Dbenchmark=" + name);
        for (MicroGroup group : groups) {
            Table table = Table.titled(group.title())
                    .column("time", "ns")
                    .column("CPU", "ns")
                    .plainColumn("allocated", "bytes")
                    .comparedWith(group.base());
            BarChart chart = BarChart.titled(group.name().toLowerCase(Locale.ROOT), "Time of " + group.title(), "ns");
            for (RunResult result : new Runner(options(group)).run()) {
                String method = result.getParams().getBenchmark().replaceAll(".*\\.", "");
                String label = MicroGroup.label(method);
                double[] nanos = values(result, IterationResult::getPrimaryResult);
                table.rowOfRuns(
                        label,
                        nanos,
                        values(result, iteration -> secondary(iteration, CpuProfiler.LABEL)),
                        values(result, iteration -> secondary(iteration, BYTES)));
                chart.bar(label, nanos);
                Target target = TARGETS.get(method);
                if (target != null) {
                    report.note(label + ": " + verdict(target, result));
                }
            }
            report.add(table).add(chart);
        }
        report.finish(out, Report.DOCUMENTS);
    }

    private static Options options(MicroGroup group) {
        return new OptionsBuilder()
                .forks(2)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(4)
                .measurementTime(TimeValue.milliseconds(700))
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuProfiler.class)
                .jvmArgsAppend("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn") // no login's line inside the table
                .verbosity(VerboseMode.SILENT)
                .include("\\." + group.benchmark().getSimpleName() + "\\.")
                .build();
    }

    private static String verdict(Target target, RunResult result) {
        return target.verdict(
                mean(values(result, IterationResult::getPrimaryResult)),
                mean(values(result, iteration -> secondary(iteration, CpuProfiler.LABEL))),
                mean(values(result, iteration -> secondary(iteration, BYTES))));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /** Of each iteration in each JVM. */
    private static double[] values(RunResult result, Function<IterationResult, Result<?>> figure) {
        return result.getBenchmarkResults().stream()
                .flatMap(jvm -> jvm.getIterationResults().stream())
                .mapToDouble(iteration -> figure.apply(iteration).getScore())
                .toArray();
    }

    private static Result<?> secondary(IterationResult result, String label) {
        for (String name : result.getSecondaryResults().keySet()) {
            if (name.endsWith(label)) {
                return result.getSecondaryResults().get(name);
            }
        }
        throw new IllegalStateException("JMH has measured no " + label);
    }
}
