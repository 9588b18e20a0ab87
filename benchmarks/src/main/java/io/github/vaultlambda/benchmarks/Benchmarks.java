package io.github.vaultlambda.benchmarks;

import io.github.vaultlambda.benchmarks.coldstart.ClassPath;
import io.github.vaultlambda.benchmarks.coldstart.FirstUse;
import io.github.vaultlambda.benchmarks.coldstart.FreshJvm;
import io.github.vaultlambda.benchmarks.coldstart.Parts;
import io.github.vaultlambda.benchmarks.coldstart.SnapStartComparison;
import io.github.vaultlambda.benchmarks.extension.ExtensionComparison;
import io.github.vaultlambda.benchmarks.fleet.FleetBenchmark;
import io.github.vaultlambda.benchmarks.fleet.ValidationBenchmark;
import io.github.vaultlambda.benchmarks.report.Machine;
import io.github.vaultlambda.benchmarks.warm.MicroBenchmarks;
import io.github.vaultlambda.benchmarks.warm.MicroGroup;
import io.github.vaultlambda.benchmarks.workloads.WorkloadBenchmark;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;

/**
 * The command: {@code all}, {@code extension}, {@code first-use}, {@code memory}, {@code parts}, {@code signer}, {@code
 * snapstart}, {@code testkit} or {@code warm}, and the number of runs for fresh JVMs; or one of those that do not measure time: {@code fleet}, {@code
 * validation}, {@code workloads}. {@code all} leaves those out, and {@code extension} and {@code snapstart}.
 */
final class Benchmarks {
    private static final List<String> COMMANDS = List.of(
            "all",
            "extension",
            "first-use",
            "fleet",
            "memory",
            "parts",
            "signer",
            "snapstart",
            "testkit",
            "validation",
            "warm",
            "workloads");

    private Benchmarks() {}

    /** Runs what the first argument names. */
    public static void main(String[] arguments) throws Exception {
        String chosen = arguments.length > 0 ? arguments[0] : "all";
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9;
        if (!COMMANDS.contains(chosen) || runs < 1) {
            throw new IllegalArgumentException("one of " + String.join(", ", COMMANDS) + ", and a number of runs; not "
                    + String.join(" ", arguments));
        }
        System.out.println(Machine.describe());
        switch (chosen) {
            case "extension" -> new ExtensionComparison(System.out, runs).run();
            case "first-use" -> firstUse(runs);
            case "parts" -> Parts.report(System.out, runs);
            case "snapstart" -> new SnapStartComparison(System.out, runs).run();
            case "memory" -> program(MemoryProgram.class);
            case "testkit" -> program(TestVaultProgram.class);
            case "fleet" ->
                OwnJvm.runOnNewest(
                        FleetBenchmark.class,
                        "-XX:+UseSerialGC",
                        "-Xmx6g",
                        "-Djdk.virtualThreadScheduler.parallelism=1"); // only one thread of it runs at any time
            case "validation" -> OwnJvm.run(ValidationBenchmark.class);
            case "workloads" -> OwnJvm.run(WorkloadBenchmark.class);
            case "all" -> {
                new MicroBenchmarks(System.out).run("warm", List.of(MicroGroup.values()));
                program(MemoryProgram.class);
                program(TestVaultProgram.class);
                firstUse(runs);
            }
            case "signer" -> new MicroBenchmarks(System.out).run(chosen, List.of(MicroGroup.SIGNER));
            default -> new MicroBenchmarks(System.out).run(chosen, List.of(MicroGroup.values()));
        }
        System.out.println(Machine.describe());
    }

    private static void program(Class<?> program) throws IOException, InterruptedException {
        FreshJvm jvm = new FreshJvm(Map.of());
        System.out.print("\n" + jvm.output(program.getName(), ClassPath.ofLibraryAndTestkit(), List.of()));
    }

    private static void firstUse(int runs) throws IOException, InterruptedException, GeneralSecurityException {
        new FirstUse(System.out, runs).run();
        Parts.report(System.out, runs);
    }
}
