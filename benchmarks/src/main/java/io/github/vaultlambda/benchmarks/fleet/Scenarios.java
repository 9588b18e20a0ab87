package io.github.vaultlambda.benchmarks.fleet;

import io.github.vaultlambda.benchmarks.fleet.Scenario.Incident;
import io.github.vaultlambda.benchmarks.fleet.VaultModel.Health;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What the fleets are put through. */
final class Scenarios {
    /** When Vault is back in the storm. */
    static final double STORM_ENDS = 30;
    /** When Vault is back after the outage. */
    static final double OUTAGE_ENDS = 300;
    /** When all tokens are revoked, and when the secret is rotated. */
    static final double INCIDENT = 180;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Scenarios() {}

    /** 10,000 environments start within 10 s; Vault takes 500 logins a second, but none in the first 30 s. */
    static Scenario storm() {
        return storm(10_000);
    }

    /** The same with another number, for which Vault is as large as it is for 10,000. */
    static Scenario storm(int environments) {
        return new Scenario(
                "storm",
                String.format(
                        Locale.ROOT,
                        "Cold-start storm: %,d environments in 10 s, %,d logins/s, Vault fails for the first 30 s",
                        environments,
                        environments / 20),
                environments,
                10,
                0,
                0.1,
                300,
                MINUTE,
                new Capacity(environments / 20.0, environments / 2.0, 1, 3_600),
                List.of(
                        new Incident(0, vault -> vault.become(Health.FAILING)),
                        new Incident(STORM_ENDS, vault -> vault.become(Health.WELL))));
    }

    /**
     * 1,000 environments start while Vault fails for some seconds, as it does when its leader changes; after that it has room for
     * all of them at once, so that it is their own pauses that they wait for.
     */
    static Scenario blip(double seconds) {
        return new Scenario(
                "blip",
                String.format(Locale.ROOT, "Vault fails for %.0f s, in which 1,000 environments start", seconds),
                1_000,
                seconds,
                0,
                0.1,
                300,
                MINUTE,
                new Capacity(1e6, 1e6, 1, 3_600),
                List.of(
                        new Incident(0, vault -> vault.become(Health.FAILING)),
                        new Incident(seconds, vault -> vault.become(Health.WELL))));
    }

    /** Nobody listens for two minutes. */
    static Scenario outage() {
        return lasting(
                "outage",
                "Outage: 20,000 environments, used once a minute; nobody listens from second 180 to 300",
                20_000,
                60,
                List.of(
                        new Incident(INCIDENT, vault -> vault.become(Health.GONE)),
                        new Incident(OUTAGE_ENDS, vault -> vault.become(Health.WELL))));
    }

    /** All tokens end at once. */
    static Scenario expiry() {
        return lasting(
                "expiry",
                "Mass expiry: 100,000 environments, used once in two minutes; all tokens are revoked in second 180",
                100_000,
                120,
                List.of(new Incident(INCIDENT, VaultModel::revokeTokens)));
    }

    /** The secret changes. */
    static Scenario rotation() {
        return lasting(
                "rotation",
                "Rotation: 20,000 environments, used once in 10 s; the secret changes in second 180",
                20_000,
                10,
                List.of(new Incident(INCIDENT, VaultModel::rotate)));
    }

    private static Scenario lasting(
            String name, String title, int environments, double everySeconds, List<Incident> incidents) {
        return new Scenario(
                name,
                title,
                environments,
                150,
                everySeconds,
                everySeconds, // nobody tries again
                INCIDENT + 300,
                MINUTE,
                new Capacity(1_000, 10_000, 1, 3_600),
                incidents);
    }
}
