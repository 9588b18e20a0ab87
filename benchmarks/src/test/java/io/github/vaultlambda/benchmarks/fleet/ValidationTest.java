package io.github.vaultlambda.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.benchmarks.fleet.Fleet.Policy;
import org.junit.jupiter.api.Test;

/**
 * A few real sessions in real time, for some seconds. Against the stand-in, or against the real Vault that the variables of the benchmark
 * name.
 */
class ValidationTest {
    private static final int FEW = 40;
    private static final int LOGINS_PER_SECOND = 20;

    @Test
    void realSessionsAllGetTheirSecretAndAskHardlyMoreOftenThanSimulated() throws Exception {
        Scenario scenario = ValidationBenchmark.scenario(FEW, 0.5, LOGINS_PER_SECOND, 60);
        Fleet.Result simulated = Fleet.run(scenario, Policy.LIBRARY, 1);
        try (ValidationVault vault = ValidationVault.of(System.getenv(), LOGINS_PER_SECOND)) {
            Course real = LiveFleet.play(scenario, 1, vault);

            assertThat(real.readySeconds(1)).as("the last one has its secret").isFinite();
            // On a slow machine they are fewer: who comes later is refused less often.
            assertThat(vault.requests())
                    .as(
                            "a login and a read each, and what was refused: simulated %s",
                            simulated.traffic().received())
                    .isBetween(2L * FEW, Math.round(1.5 * simulated.traffic().received()));
            assertThat(real.invocations()).isEqualTo(FEW + real.failures());
        }
    }
}
