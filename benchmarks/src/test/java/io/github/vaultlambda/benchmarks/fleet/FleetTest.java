package io.github.vaultlambda.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.benchmarks.fleet.Fleet.Policy;
import io.github.vaultlambda.benchmarks.fleet.Fleet.Result;
import io.github.vaultlambda.benchmarks.fleet.Scenario.Incident;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetTest {
    private static final int MANY = 200;

    private static Scenario steady(Incident... incidents) {
        return new Scenario(
                "steady",
                "",
                MANY,
                30,
                20,
                1,
                300,
                Duration.ofMinutes(1),
                new Capacity(50, 500, 1, 3_600),
                List.of(incidents));
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void theSameSeedGivesTheSameRun(Policy policy) {
        Result first = Fleet.run(Scenarios.storm(MANY), policy, 3);
        Result second = Fleet.run(Scenarios.storm(MANY), policy, 3);

        assertThat(second.traffic().perSecond()).isEqualTo(first.traffic().perSecond());
        assertThat(second.course().readyBySecond(90)).isEqualTo(first.course().readyBySecond(90));
        assertThat(second.course().failures()).isEqualTo(first.course().failures());
        assertThat(Fleet.run(Scenarios.storm(MANY), policy, 4).traffic().perSecond())
                .as("another seed, another run")
                .isNotEqualTo(first.traffic().perSecond());
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void noRequestIsLost(Policy policy) {
        Traffic traffic = Fleet.run(Scenarios.storm(MANY), policy, 1).traffic();

        assertThat(traffic.answered() + traffic.limited() + traffic.failed() + traffic.dropped())
                .isEqualTo(traffic.received());
        double sum = 0;
        for (double second : traffic.perSecond()) {
            sum += second;
        }
        assertThat((long) sum).isEqualTo(traffic.received());
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void nobodyBeatsTheOptimum(Policy policy) {
        Scenario storm = Scenarios.storm(MANY);
        for (long seed = 1; seed <= 3; seed++) {
            Optimum optimum = Optimum.of(Fleet.starts(storm, seed), 30_000_000, storm.capacity());
            Result result = Fleet.run(storm, policy, seed);

            for (double share : new double[] {0.1, 0.5, 0.9, 1}) {
                assertThat(result.course().readySeconds(share))
                        .isGreaterThanOrEqualTo(optimum.course().readySeconds(share));
            }
            assertThat(result.traffic().received()).isGreaterThanOrEqualTo(optimum.requests());
        }
    }

    @Test
    void theOptimumIsTheCapacity() {
        Scenario storm = Scenarios.storm(MANY);

        double ready = Optimum.of(Fleet.starts(storm, 1), 30_000_000, storm.capacity())
                .course()
                .readySeconds(1);

        assertThat(ready).isBetween(50.0, 50.1); // 30 s, and a second for each twentieth
    }

    @Test
    void afterAStormTheLibraryIsThereQuicklyAndSparesVault() {
        Result library = Fleet.run(Scenarios.storm(1_000), Policy.LIBRARY, 1);
        Result peer = Fleet.run(Scenarios.storm(1_000), Policy.PEER, 1);

        assertThat(library.course().readySeconds(1)).isLessThan(30 + 1.2 * 20);
        assertThat(library.traffic().received())
                .isLessThan((long) (0.26 * peer.traffic().received()));
        assertThat(library.course().failures()).isLessThan(peer.course().failures());
    }

    @Test
    void evenAsAnExtensionWhoseProcessRemembersNothing() {
        Result extension = Fleet.run(Scenarios.storm(1_000), Policy.EXTENSION, 1);
        Result peer = Fleet.run(Scenarios.storm(1_000), Policy.PEER, 1);

        assertThat(extension.course().readySeconds(1)).isLessThan(30 + 1.2 * 20);
        assertThat(extension.traffic().received())
                .isLessThan((long) (0.75 * peer.traffic().received()));
        assertThat(extension.course().failures()).isLessThan(peer.course().failures());
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 3, 5, 10})
    void aShortFailureIsNotMuchLongerForWhoStartsInIt(double seconds) {
        Result library = Fleet.run(Scenarios.blip(seconds), Policy.LIBRARY, 1);
        Result peer = Fleet.run(Scenarios.blip(seconds), Policy.PEER, 1);

        assertThat(library.course().meanReadySeconds()).isLessThan(seconds + 3);
        assertThat(library.course().readySeconds(0.95)).isLessThan(seconds + 6);
        assertThat(library.course().failures())
                .isLessThanOrEqualTo(peer.course().failures());
    }

    @Test
    void anOutageFailsNoInvocationOfTheLibrary() {
        Scenario outage = steady(
                new Incident(100, vault -> vault.become(VaultModel.Health.GONE)),
                new Incident(200, vault -> vault.become(VaultModel.Health.WELL)));

        assertThat(Fleet.run(outage, Policy.LIBRARY, 1).course().failures()).isZero();
        assertThat(Fleet.run(outage, Policy.PEER, 1).course().failures()).isGreaterThan(MANY);
    }

    @Test
    void revokedTokensAreReplacedWithoutAFailure() {
        Scenario expiry = steady(new Incident(100, VaultModel::revokeTokens));
        Result library = Fleet.run(expiry, Policy.LIBRARY, 1);

        assertThat(library.course().failures()).isZero();
        assertThat(library.traffic().logins()).isBetween(2L * MANY, 2L * MANY + MANY / 2);
        assertThat(Fleet.run(expiry, Policy.PEER, 1).course().lastFailureSeconds())
                .isGreaterThan(290);
    }

    @Test
    void aRotatedSecretIsKeptNoLongerThanPromised() {
        Course library = Fleet.run(steady(new Incident(100, VaultModel::rotate)), Policy.LIBRARY, 1)
                .course();

        assertThat(library.staleInvocations()).isPositive();
        assertThat(library.mostStaleSeconds()).isLessThanOrEqualTo(60);
    }
}
