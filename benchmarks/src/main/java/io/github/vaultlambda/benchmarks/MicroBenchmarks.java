package io.github.vaultlambda.benchmarks;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks briefly and prints one small table with targets and ratios. */
final class MicroBenchmarks {
    private static final String BYTES = "gc.alloc.rate.norm";
    /** What a function may pay. The signature is measured inside of a whole login, which costs more than it. */
    private static final Map<String, Target> TARGETS = Map.of(
            "SignerBenchmark.login", new Target(60_000, Double.POSITIVE_INFINITY),
            "WarmReadBenchmark.secret", new Target(25, 0),
            "WarmReadBenchmark.token", new Target(50, 0),
            "WarmInvocationBenchmark.tenSecrets", new Target(200, Double.POSITIVE_INFINITY));

    private final PrintStream out;

    MicroBenchmarks(PrintStream out) {
        this.out = out;
    }

    /** Runs {@code signer}, {@code warm} or {@code all}. */
    void run(String chosen) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(2)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(4)
                .measurementTime(TimeValue.milliseconds(700))
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuProfiler.class)
                .jvmArgsAppend("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn") // no login's line inside the table
                .verbosity(VerboseMode.SILENT);
        if (!chosen.equals("warm")) {
            options.include(SignerBenchmark.class.getName());
        }
        if (!chosen.equals("signer")) {
            options.include(WarmReadBenchmark.class.getName());
            options.include(WarmInvocationBenchmark.class.getName());
        }
        Map<String, Double> nanos = new LinkedHashMap<>();
        out.printf(
                "%nJMH: nanoseconds per operation%n%-38s %10s %10s %10s %10s %10s  %s%n",
                "", "best", "mean", "+-", "CPU", "bytes/op", "target");
        for (RunResult result : new Runner(options.build()).run()) {
            String name = result.getParams().getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)", "$1");
            double cpu = secondary(result, CpuProfiler.LABEL);
            nanos.put(name, cpu); // other work on the machine changes it least
            out.printf(
                    Locale.ROOT,
                    "%-38s %10.1f %10.1f %10.1f %10.1f %10.0f  %s%n",
                    name,
                    result.getPrimaryResult().getStatistics().getMin(),
                    result.getPrimaryResult().getScore(),
                    result.getPrimaryResult().getScoreError(),
                    cpu,
                    secondary(result, BYTES),
                    verdict(TARGETS.get(name), result));
        }
        ratio(nanos, "SignerBenchmark.login", "SignerBenchmark.loginWithSdkSigner");
        ratio(nanos, "SignerBenchmark.login", "SignerBenchmark.sdkSignatureAlone");
        ratio(nanos, "WarmReadBenchmark.secret", "WarmReadBenchmark.clock");
        ratio(nanos, "WarmReadBenchmark.secretByTwoThreads", "WarmReadBenchmark.secret");
        ratio(nanos, "WarmReadBenchmark.token", "WarmReadBenchmark.clock");
    }

    private static String verdict(@Nullable Target target, RunResult result) {
        return target == null
                ? ""
                : target.verdict(
                        result.getPrimaryResult().getScore(),
                        secondary(result, CpuProfiler.LABEL),
                        secondary(result, BYTES));
    }

    private static double secondary(RunResult result, String label) {
        for (String name : result.getSecondaryResults().keySet()) {
            if (name.endsWith(label)) {
                return result.getSecondaryResults().get(name).getScore();
            }
        }
        return Double.NaN;
    }

    private void ratio(Map<String, Double> nanos, String part, String whole) {
        Double dividend = nanos.get(part);
        Double divisor = nanos.get(whole);
        if (dividend != null && divisor != null) {
            out.printf(Locale.ROOT, "ratio %s / %s (CPU): %.2f%n", part, whole, dividend / divisor);
        }
    }
}
