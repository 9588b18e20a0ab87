package io.github.vaultlambda.benchmarks.fleet;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.AppRoleLogin;
import io.github.vaultlambda.auth.login.AppRoleOptions;
import io.github.vaultlambda.auth.login.SecretSource;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.RetryBudget;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A scenario in which one invocation that succeeds is all, in real time: a session of its own for each environment, in a thread of its
 * own, over the network.
 */
final class LiveFleet {
    /** An invocation that began just before the end may last so much longer. */
    private static final double PATIENCE_SECONDS = 60;

    private final Scenario scenario;
    private final Course course;
    private long begin;

    private LiveFleet(Scenario scenario) {
        this.scenario = scenario;
        this.course = new Course(scenario.environments());
    }

    /**
     * Plays it; environments start when those of {@link Fleet} do with this seed.
     *
     * @throws IOException when the Vault cannot be prepared, or environments do not come to an end
     */
    static Course play(Scenario scenario, long seed, ValidationVault vault) throws IOException, InterruptedException {
        LiveFleet fleet = new LiveFleet(scenario);
        fleet.play(fleet.secrets(vault), Fleet.starts(scenario, seed));
        return fleet.course;
    }

    private List<Secret<String>> secrets(ValidationVault vault) throws IOException {
        VaultConfig config = VaultConfig.builder().address(vault.address()).build();
        SecretValue roleId = vault.roleId();
        List<Secret<String>> secrets = new ArrayList<>();
        for (int i = 0; i < scenario.environments(); i++) {
            Platform platform = Platform.system()
                    .withTransport(vault)
                    .withRandom(new SplittableRandom(i))
                    .withRetryBudget(new RetryBudget());
            AppRoleLogin login = new AppRoleLogin(AppRoleOptions.of(roleId.reveal())
                    .withSecretId(SecretSource.of(vault.newSecretId()))
                    .withMount(ValidationVault.MOUNT));
            secrets.add(
                    VaultSecrets.of(VaultSession.of(config, login, platform)).secret(ValidationVault.SECRET));
        }
        return secrets;
    }

    private void play(List<Secret<String>> secrets, long[] starts) throws IOException, InterruptedException {
        begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            int number = i;
            Thread thread = new Thread(() -> live(number, secrets.get(number), starts[number]));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        long most = Math.round((scenario.lastsSeconds() + PATIENCE_SECONDS) * 1e6);
        for (Thread thread : threads) {
            thread.join(Math.max(1, (most - micros()) / 1_000));
            if (thread.isAlive()) {
                throw new IOException("an environment is in its invocation since " + PATIENCE_SECONDS + " s");
            }
        }
    }

    private void live(int number, Secret<String> secret, long startMicros) {
        SplittableRandom random = new SplittableRandom(~number);
        pauseUntil(startMicros);
        while (micros() < scenario.lastsSeconds() * 1e6) {
            long asked = micros();
            try {
                secret.get();
                synchronized (course) {
                    course.served(number, micros(), micros() - asked, 0);
                }
                return;
            } catch (VaultException e) {
                synchronized (course) {
                    course.failed(micros(), micros() - asked);
                }
            }
            pauseUntil(micros() + Math.round(1e6 * scenario.againAfterSeconds() * random.nextDouble(0.5, 1.5)));
        }
    }

    private long micros() {
        return (System.nanoTime() - begin) / 1_000;
    }

    private void pauseUntil(long micros) {
        try {
            TimeUnit.MICROSECONDS.sleep(micros - micros());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
