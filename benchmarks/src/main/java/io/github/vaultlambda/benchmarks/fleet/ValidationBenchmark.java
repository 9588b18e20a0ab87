package io.github.vaultlambda.benchmarks.fleet;

import io.github.vaultlambda.benchmarks.fleet.Fleet.Policy;
import io.github.vaultlambda.benchmarks.report.LineChart;
import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.report.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Whether the simulation is true: 200 real sessions, each in a thread, on real time against a Vault that takes 20 logins a second,
 * beside the same fleet on the virtual clock.
 */
public final class ValidationBenchmark {
    private static final long SEED = 1;
    private static final int SECONDS = 40;
    private static final int ENVIRONMENTS = 200;
    private static final int LOGINS_PER_SECOND = 20;
    private static final Scenario SCENARIO = scenario(ENVIRONMENTS, 2, LOGINS_PER_SECOND, SECONDS);

    private ValidationBenchmark() {}

    /** Environments that all want one secret once, from a Vault with a rate-limit quota for logins. */
    static Scenario scenario(int environments, double startWithinSeconds, int loginsPerSecond, int lastsSeconds) {
        return new Scenario(
                "validation",
                String.format(
                        Locale.ROOT,
                        "%d environments in %.0f s onto %d logins/s",
                        environments,
                        startWithinSeconds,
                        loginsPerSecond),
                environments,
                startWithinSeconds,
                0,
                0.1,
                lastsSeconds,
                Duration.ofMinutes(1),
                new Capacity(loginsPerSecond, 10_000, 0, 3_600),
                List.of());
    }

    /** Runs both, prints how far they are from each other and writes it into the documentation. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (ValidationVault vault = ValidationVault.of(System.getenv(), LOGINS_PER_SECOND)) {
            String name = "validation-" + vault.title().toLowerCase(Locale.ROOT).replace(' ', '-');
            Report report = Report.begin(name, "The simulation beside a real fleet against the " + vault.title());
            Fleet.Result simulated = Fleet.run(SCENARIO, Policy.LIBRARY, SEED);
            Course real = LiveFleet.play(SCENARIO, SEED, vault);
            double[] expected = simulated.course().readyBySecond(SECONDS);
            double[] seen = real.readyBySecond(SECONDS);
            report.note("the distance is the largest difference between the two shares of environments that have the"
                    + " secret, at the end of any second; -Dbenchmark=validation");
            report.add(Table.titled(SCENARIO.title())
                    .column("requests", "")
                    .column("half have the secret", "s")
                    .column("all have it", "s")
                    .plainColumn("distance", "% of the fleet")
                    .row(
                            "simulated",
                            (double) simulated.traffic().received(),
                            simulated.course().readySeconds(0.5),
                            simulated.course().readySeconds(1),
                            0)
                    .row(
                            "real",
                            (double) vault.requests(),
                            real.readySeconds(0.5),
                            real.readySeconds(1),
                            100 * distance(expected, seen))
                    .comparedWith("simulated"));
            double[] seconds = new double[SECONDS];
            for (int i = 0; i < SECONDS; i++) {
                seconds[i] = i + 1;
            }
            report.add(LineChart.titled("ready", SCENARIO.title(), "seconds", "environments with the secret")
                    .line("real", seconds, seen)
                    .line("simulated", seconds, expected));
            report.finish(System.out, Report.DOCUMENTS);
        }
    }

    private static double distance(double[] expected, double[] seen) {
        double most = 0;
        for (int i = 0; i < SECONDS; i++) {
            most = Math.max(most, Math.abs(expected[i] - seen[i]));
        }
        return most / ENVIRONMENTS;
    }
}
