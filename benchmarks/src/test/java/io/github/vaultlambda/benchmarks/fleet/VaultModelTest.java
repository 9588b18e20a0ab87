package io.github.vaultlambda.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.vaultlambda.benchmarks.fleet.VaultModel.Health;
import io.github.vaultlambda.benchmarks.fleet.VaultModel.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VaultModelTest {
    private static final long MINUTE = 60_000_000;

    private final VirtualTime time = new VirtualTime();

    private VaultModel vault(double perSecond, double longestQueueSeconds) {
        return new VaultModel(time, new Capacity(perSecond, perSecond, longestQueueSeconds, 60));
    }

    /** Requests that come at random wait as queueing theory says: load / (2 (1 - load)) times the time of service (M/D/1). */
    @Test
    void waitsAsTheTextbookSays() {
        double perSecond = 100;
        double load = 0.7;
        VaultModel vault = vault(perSecond, 1_000);
        SplittableRandom random = new SplittableRandom(5);
        int requests = 40_000;
        long[] waited = {0};
        double at = 0;
        for (int i = 0; i < requests; i++) {
            at += -Math.log(1 - random.nextDouble()) / (load * perSecond);
            time.start(Math.round(at * 1e6), () -> {
                long begin = time.micros();
                vault.login(MINUTE);
                waited[0] += time.micros() - begin - VaultModel.NETWORK_MICROS - 10_000;
            });
        }

        time.run();

        double expected = load / (2 * (1 - load)) * 10_000;
        assertThat(waited[0] / (double) requests).isCloseTo(expected, within(expected * 0.05));
    }

    @Test
    void takesAsManyAsItsCapacityAndRefusesTheRest() {
        VaultModel vault = vault(500, 1);
        for (int i = 0; i < 2_000; i++) {
            time.start(0, () -> vault.login(MINUTE));
        }

        time.run();

        assertThat(vault.traffic().answered()).isEqualTo(501); // in the queue of a second, and the one at its head
        assertThat(vault.traffic().limited()).isEqualTo(1_499);
    }

    @Test
    void worksInVainForWhoDoesNotWait() {
        VaultModel vault = vault(1, 100);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            time.start(i, () -> outcomes.add(vault.login(2_500_000)));
        }
        time.start(3, () -> outcomes.add(vault.login(5_000_000)));

        time.run();

        assertThat(outcomes).containsExactly(Outcome.ANSWERED, Outcome.ANSWERED, Outcome.TIMED_OUT, Outcome.ANSWERED);
        assertThat(vault.traffic().dropped()).isEqualTo(1);
    }

    @Test
    void knowsItsTokens() {
        VaultModel vault = vault(100, 1);
        List<Outcome> outcomes = new ArrayList<>();
        time.start(0, () -> {
            vault.login(MINUTE);
            String token = vault.newToken();
            outcomes.add(vault.read(token, MINUTE));
            time.pauseUntil(50_000_000);
            outcomes.add(vault.renew(token, MINUTE));
            time.pauseUntil(100_000_000);
            outcomes.add(vault.read(token, MINUTE));
            time.pauseUntil(120_000_000);
            outcomes.add(vault.read(token, MINUTE));
            vault.login(MINUTE);
            String next = vault.newToken();
            vault.revokeTokens();
            outcomes.add(vault.read(next, MINUTE));
        });

        time.run();

        assertThat(outcomes)
                .containsExactly(Outcome.ANSWERED, Outcome.ANSWERED, Outcome.ANSWERED, Outcome.DENIED, Outcome.DENIED);
    }

    @Test
    void isOutOfOrderInItsWays() {
        VaultModel vault = vault(100, 1);
        List<Outcome> outcomes = new ArrayList<>();
        time.start(0, () -> {
            for (Health health : List.of(Health.SEALED, Health.FAILING, Health.GONE, Health.SILENT)) {
                vault.become(health);
                outcomes.add(vault.login(1_000_000));
            }
            vault.become(Health.WELL);
            outcomes.add(vault.login(1_000_000));
        });

        time.run();

        assertThat(outcomes)
                .containsExactly(
                        Outcome.FAILED, Outcome.FAILED, Outcome.NO_CONNECTION, Outcome.TIMED_OUT, Outcome.ANSWERED);
    }
}
