package io.github.vaultlambda.benchmarks.fleet;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.AppRoleLogin;
import io.github.vaultlambda.auth.login.AppRoleOptions;
import io.github.vaultlambda.auth.login.SecretSource;
import io.github.vaultlambda.benchmarks.fleet.Fleet.Policy;
import io.github.vaultlambda.benchmarks.report.LineChart;
import io.github.vaultlambda.benchmarks.report.Report;
import io.github.vaultlambda.benchmarks.report.Table;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.RetryBudget;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Whether the simulation is true: 200 real sessions, each in a thread, on real time against a Vault that takes 20 logins a second,
 * beside the same fleet on the virtual clock.
 */
public final class ValidationBenchmark {
    private static final long SEED = 1;
    private static final int SECONDS = 40;
    private static final int ENVIRONMENTS = 200;
    private static final int LOGINS_PER_SECOND = 20;
    private static final Scenario SCENARIO = new Scenario(
            "validation",
            "200 environments in 2 s onto 20 logins/s",
            ENVIRONMENTS,
            2,
            0,
            0.1,
            SECONDS,
            Duration.ofMinutes(1),
            new Capacity(LOGINS_PER_SECOND, 10_000, 0, 3_600),
            List.of());

    private final Course real = new Course(ENVIRONMENTS);

    private ValidationBenchmark() {}

    /** Runs both, prints how far they are from each other and writes it into the documentation. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new ValidationBenchmark().run();
    }

    private void run() throws IOException, InterruptedException {
        try (ValidationVault vault = new ValidationVault(LOGINS_PER_SECOND)) {
            String name = "validation-" + vault.title().toLowerCase(Locale.ROOT).replace(' ', '-');
            Report report = Report.begin(name, "The simulation beside a real fleet against the " + vault.title());
            Fleet.Result simulated = Fleet.run(SCENARIO, Policy.LIBRARY, SEED);
            play(vault);
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

    private void play(ValidationVault vault) throws IOException, InterruptedException {
        VaultConfig config = VaultConfig.builder().address(vault.address()).build();
        SecretValue roleId = vault.roleId();
        long[] starts = Fleet.starts(SCENARIO, SEED);
        List<Secret<String>> secrets = new ArrayList<>();
        for (int i = 0; i < ENVIRONMENTS; i++) {
            Platform platform = Platform.system()
                    .withTransport(vault)
                    .withRandom(new SplittableRandom(i))
                    .withRetryBudget(new RetryBudget());
            AppRoleLogin login = new AppRoleLogin(AppRoleOptions.of(roleId.reveal())
                    .withSecretId(SecretSource.of(vault.newSecretId()))
                    .withMount("fleet"));
            secrets.add(
                    VaultSecrets.of(VaultSession.of(config, login, platform)).secret("secret/data/fleet#version"));
        }
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < ENVIRONMENTS; i++) {
            int number = i;
            Thread thread = new Thread(() -> live(number, secrets.get(number), begin, starts[number]));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(2 * SECONDS).toMillis());
        }
    }

    private void live(int number, Secret<String> secret, long begin, long startMicros) {
        SplittableRandom random = new SplittableRandom(~number);
        pauseUntil(begin, startMicros);
        while (micros(begin) < SECONDS * 1_000_000L) {
            long asked = micros(begin);
            try {
                secret.get();
                synchronized (real) {
                    real.served(number, micros(begin), micros(begin) - asked, 0);
                }
                return;
            } catch (VaultException e) {
                synchronized (real) {
                    real.failed(micros(begin), micros(begin) - asked);
                }
            }
            pauseUntil(begin, micros(begin) + Math.round(100_000 * random.nextDouble(0.5, 1.5)));
        }
    }

    private static long micros(long begin) {
        return (System.nanoTime() - begin) / 1_000;
    }

    private static void pauseUntil(long begin, long micros) {
        long left = micros - micros(begin);
        if (left > 0) {
            try {
                Thread.sleep(left / 1_000, (int) (left % 1_000) * 1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
