package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.secrets.LivingVault.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StaleTest extends OneSecret {
    @ParameterizedTest
    @EnumSource(
            value = Outage.class,
            names = {"REFUSED_CONNECTION", "STATUS_503", "SEALED"})
    void anOldValueServesWhileVaultCannotBeAsked(Outage outage) {
        Secret<String> secret = secret("password", ttl(60).withMaxStale(Duration.ofSeconds(100)));
        secret.get();
        vault.outage(outage);
        pass(60);

        SecretState<String> state = secret.state();

        assertThat(state.value()).isEqualTo("n0tf0rl0gs-1");
        assertThat(state.stale()).isTrue();
        pass(99);
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        pass(1);
        assertThatThrownBy(secret::get).isInstanceOf(VaultUnavailableException.class);
    }

    @Test
    void aRefreshThatFailsMakesAFreshValueNotStale() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        pass(5);
        vault.outage(Outage.STATUS_503);
        secret.refresh();
        secret.refresh();

        assertThat(secret.state().stale()).isFalse();
        pass(55);
        assertThat(secret.state().stale()).isTrue();
    }

    @Test
    void vaultIsAskedLessAndLessOftenWhileItIsDown() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        pass(60);
        vault.outage(Outage.REFUSED_CONNECTION);
        List<Long> asked = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            int before = vault.asked(DB);
            secret.get();
            if (vault.asked(DB) > before) {
                asked.add(vault.vaultMillis());
            }
            vault.pass(Duration.ofMillis(100));
        }

        long full = 1_000;
        for (int i = 1; i < asked.size(); i++) {
            assertThat(asked.get(i) - asked.get(i - 1)).isBetween(full / 2, full + 100);
            full = Math.min(2 * full, 64_000);
        }
        assertThat(asked).hasSizeBetween(9, 16);
    }

    @Test
    void whileVaultHangsOneSecretIsWaitedForAndNotEachOfThem() {
        List<String> paths = List.of("secret/data/a", "secret/data/b", "secret/data/c");
        List<Secret<String>> all = new ArrayList<>();
        VaultSecrets secrets = vault.builder().build();
        for (String path : paths) {
            vault.kv(path);
            all.add(secrets.secret(path + "#password"));
            all.get(all.size() - 1).get();
        }
        pass(120);
        vault.outage(Outage.REFUSED_CONNECTION);
        int waits = 0;
        for (int i = 0; i < 50; i++) {
            paths.forEach(path -> vault.during(path, () -> pass(2)));
            long before = vault.millis();
            for (Secret<String> secret : all) {
                assertThat(secret.state().stale()).isTrue();
            }
            waits += (int) (vault.millis() - before) / 2_000;
            pass(1);
        }
        assertThat(waits).isBetween(2, 8);
        vault.outage(Outage.NONE);
        pass(60);

        for (Secret<String> secret : all) {
            assertThat(secret.state().stale()).isFalse();
        }
    }

    @Test
    void aSecondSecretOfThePathDoesNotAskEither() {
        Secret<String> user = secret("user", ttl(60));
        Secret<String> password = secret("password", ttl(30));
        user.get();
        pass(60);
        vault.outage(Outage.REFUSED_CONNECTION);

        user.get();
        password.get();

        assertThat(vault.asked(DB)).isEqualTo(2);
    }

    @Test
    void theNewValueComesWhenVaultIsBack() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        pass(60);
        vault.outage(Outage.STATUS_503);
        secret.get();
        vault.outage(Outage.NONE);
        vault.rotate(DB);
        pass(1);

        SecretState<String> state = secret.state();

        assertThat(state.value()).isEqualTo("n0tf0rl0gs-2");
        assertThat(state.stale()).isFalse();
    }

    @Test
    void nothingStaleServesAfterARefusal() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        pass(60);
        vault.kv(DB).deleted = true;
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        vault.outage(Outage.STATUS_503);
        pass(5);

        assertThatThrownBy(secret::get).isInstanceOf(VaultUnavailableException.class);
    }

    @Test
    void aClockThatIsSetBackEndsThePauseInWhichVaultIsLeftAlone() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        pass(1800);
        vault.outage(Outage.STATUS_503);
        secret.get();
        vault.outage(Outage.NONE);
        vault.rotate(DB);
        vault.setClockBack(Duration.ofSeconds(1690));

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void whoWantsNothingStaleGetsTheFailure() {
        Secret<String> secret = secret("password", ttl(60).withMaxStale(Duration.ZERO));
        secret.get();
        pass(60);
        vault.outage(Outage.SEALED);

        assertThatThrownBy(secret::get).isInstanceOf(VaultUnavailableException.class);
    }

    @Test
    void withoutAnEndToStalenessItServesForYears() {
        Secret<String> secret = secret("password", ttl(60).withMaxStale(Duration.ofSeconds(Long.MAX_VALUE)));
        secret.get();
        vault.outage(Outage.SEALED);
        vault.pass(Duration.ofDays(1000));

        assertThat(secret.state().stale()).isTrue();
    }
}
