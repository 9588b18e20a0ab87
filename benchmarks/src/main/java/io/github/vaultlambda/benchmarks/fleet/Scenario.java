package io.github.vaultlambda.benchmarks.fleet;

import java.time.Duration;
import java.util.List;

/**
 * What happens to a fleet.
 *
 * @param name of its files
 * @param title one line
 * @param environments how many there are
 * @param startsWithinSeconds they start in the first seconds, evenly at random
 * @param everySeconds between two invocations of one environment, half to one and a half of it; zero when one that succeeds is all
 * @param againAfterSeconds after a failed invocation the next one comes so much later, in the same way
 * @param lastsSeconds no invocation begins after that
 * @param freshness how old a value may be
 * @param capacity what Vault can bear
 * @param incidents what happens to Vault
 */
record Scenario(
        String name,
        String title,
        int environments,
        double startsWithinSeconds,
        double everySeconds,
        double againAfterSeconds,
        double lastsSeconds,
        Duration freshness,
        Capacity capacity,
        List<Incident> incidents) {
    /** Something that happens to Vault. */
    interface Happening {
        void to(VaultModel vault);
    }

    /** Something that happens to Vault, and when. */
    record Incident(double atSeconds, Happening happening) {}
}
