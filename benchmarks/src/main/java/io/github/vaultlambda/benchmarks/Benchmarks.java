package io.github.vaultlambda.benchmarks;

import java.util.List;

/** The command: {@code all}, {@code first-use}, {@code signer} or {@code warm}, and the number of runs for first-use. */
final class Benchmarks {
    private Benchmarks() {}

    /** Runs what the first argument names. */
    public static void main(String[] arguments) throws Exception {
        String chosen = arguments.length > 0 ? arguments[0] : "all";
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9;
        if (!List.of("all", "first-use", "signer", "warm").contains(chosen) || runs < 1) {
            throw new IllegalArgumentException(
                    "all, first-use, signer or warm, and a number of runs; not " + String.join(" ", arguments));
        }
        System.out.println(Machine.describe());
        if (!chosen.equals("first-use")) {
            new MicroBenchmarks(System.out).run(chosen);
        }
        if (chosen.equals("first-use") || chosen.equals("all")) {
            new FirstUse(System.out, runs).run();
        }
        System.out.println(Machine.describe());
    }
}
