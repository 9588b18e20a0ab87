package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.secrets.LivingVault.Outage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final String DB = "secret/data/db";
    private static final SecretOptions MINUTE = SecretOptions.defaults();

    private final LivingVault vault = new LivingVault();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final VaultSecrets secrets = vault.builder().executor(tasks::add).build();
    private final Secret<String> secret = secrets.secret(DB + "#password");

    ReadAheadTest() {
        vault.kv(DB);
        assertThat(MINUTE.ttl()).isEqualTo(Duration.ofMinutes(1));
        secret.get();
    }

    private void pass(int seconds) {
        vault.pass(Duration.ofSeconds(seconds));
    }

    @Test
    void nothingIsReadAheadBeforeThreeQuartersOfItsTime() {
        pass(44);
        secret.get();
        assertThat(tasks).isEmpty();
    }

    @Test
    void nothingIsReadAheadThatNobodyUses() {
        pass(58);
        assertThat(tasks).isEmpty();
    }

    @Test
    void whoUsesADueValueGetsItAndTheNextOneGetsTheNew() {
        vault.rotate(DB);
        pass(58);
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        assertThat(vault.asked(DB)).isEqualTo(1);
        assertThat(tasks).hasSize(1);

        tasks.remove().run();

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
        assertThat(vault.asked(DB)).isEqualTo(2);
        assertThat(tasks).isEmpty();
    }

    @Test
    void oneAtATimeForAllSecretsOfThePath() {
        Secret<String> other = secrets.secret(DB + "#user");
        pass(58);
        for (int i = 0; i < 10; i++) {
            secret.get();
            other.get();
        }

        assertThat(tasks).hasSize(1);
    }

    @Test
    void anExecutorThatRefusesIsWorkedWithout() {
        Secret<String> alone = vault.builder()
                .executor(work -> {
                    throw new RejectedExecutionException("on purpose");
                })
                .build()
                .secret(DB + "#password");
        alone.get();
        vault.rotate(DB);
        pass(58);
        assertThat(alone.get()).isEqualTo("n0tf0rl0gs-1");
        pass(2);

        assertThat(alone.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void anExecutorThatLosesItsWorkIsGivenMore() {
        pass(58);
        secret.get();
        tasks.clear();
        pass(1);
        secret.get();
        assertThat(tasks).as("it may be slow").isEmpty();
        pass(1);
        secret.get();
        pass(58);

        secret.get();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void aTaskThatWasFrozenForAnHourHarmsNothing() {
        pass(58);
        secret.get();
        pass(3600);
        vault.rotate(DB);
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");

        tasks.remove().run();

        assertThat(vault.asked(DB)).as("it is fresh already").isEqualTo(2);
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void anOutageIsNotedAndVaultLeftAlone() {
        pass(58);
        secret.get();
        vault.outage(Outage.REFUSED_CONNECTION);
        tasks.remove().run();

        secret.get();
        assertThat(tasks).isEmpty();
        vault.outage(Outage.NONE);
        pass(1);
        secret.get();
        assertThat(tasks).hasSize(1);
    }

    @Test
    void aRefusalIsTheAnswerWhenTheValueIsTooOld() {
        pass(58);
        secret.get();
        vault.kv(DB).deleted = true;
        tasks.remove().run();

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        assertThat(tasks).isEmpty();
        pass(2);
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        assertThat(vault.asked(DB)).isEqualTo(2);
    }

    @Test
    void nothingIsReadAheadForAClosedSession() {
        pass(58);
        secret.get();
        secrets.close();

        tasks.remove().run();

        assertThat(vault.asked(DB)).isEqualTo(1);
    }

    @Test
    void aWorkerThatIsTheCallerItselfWorks() {
        Secret<String> direct = vault.builder().executor(Runnable::run).build().secret(DB + "#password");
        direct.get();
        vault.rotate(DB);
        pass(58);

        direct.get();
        assertThat(direct.get()).isEqualTo("n0tf0rl0gs-2");
    }
}
