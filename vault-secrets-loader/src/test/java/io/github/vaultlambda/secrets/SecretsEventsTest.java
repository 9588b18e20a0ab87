package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.secrets.LivingVault.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretsEventsTest {
    private static final String DB = "secret/data/db";

    private final LivingVault vault = new LivingVault();
    private final List<String> told = new ArrayList<>();
    private final SecretsListener listener = new SecretsListener() {
        @Override
        public void hit(SecretReference secret) {
            told.add("hit");
        }

        @Override
        public void missed(SecretReference secret) {
            told.add("missed");
        }

        @Override
        public void refreshed(SecretReference secret, Duration inVault, boolean changed) {
            told.add(changed ? "changed" : "refreshed");
        }

        @Override
        public void servedStale(SecretReference secret, Duration age) {
            told.add("stale " + age.toSeconds());
        }

        @Override
        public void failed(SecretReference secret, Duration inVault, VaultException failure) {
            told.add("failed");
        }
    };
    private final SecretsListener broken = new SecretsListener() {
        @Override
        public void hit(SecretReference secret) {
            throw new IllegalStateException("on purpose");
        }
    };
    private final Secret<String> secret = vault.builder()
            .listener(broken)
            .listener(listener)
            .options(SecretOptions.defaults().withRefreshAhead(false))
            .build()
            .secret(DB + "#password");

    SecretsEventsTest() {
        vault.kv(DB);
    }

    @Test
    void eachUseIsOneHitOrOneMiss() {
        secret.get();
        secret.get();
        secret.state();
        vault.rotate(DB);
        vault.pass(Duration.ofMinutes(1));
        secret.get();
        vault.pass(Duration.ofMinutes(1));
        secret.get();
        secret.refresh();

        assertThat(told)
                .containsExactly(
                        "missed", "refreshed", "hit", "hit", "missed", "changed", "missed", "refreshed", "hit");
    }

    @Test
    void eachUseOfAnOldValueIsOneStaleOne() {
        secret.get();
        told.clear();
        vault.pass(Duration.ofMinutes(2));
        vault.outage(Outage.STATUS_503);
        secret.get();
        secret.get();
        secret.get();

        assertThat(told).containsExactly("missed", "failed", "stale 120", "stale 120", "stale 120");
    }

    @Test
    void aRefusalThatIsRememberedIsOneFailure() {
        vault.kv(DB).deleted = true;
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);

        assertThat(told).containsExactly("missed", "failed");
    }

    @Test
    void aRefreshThatFailsAndOneThatIsNotTriedAreHitsWhileTheValueIsFresh() {
        secret.get();
        vault.pass(Duration.ofSeconds(5));
        vault.outage(Outage.STATUS_503);
        told.clear();
        secret.refresh();
        secret.refresh();

        assertThat(told).containsExactly("missed", "failed", "hit");
    }
}
