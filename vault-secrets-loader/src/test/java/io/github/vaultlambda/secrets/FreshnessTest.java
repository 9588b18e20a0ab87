package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FreshnessTest extends OneSecret {
    @Test
    void aClockThatIsSetBackHidesNoNewValue() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        vault.setClockBack(Duration.ofHours(2));
        vault.rotate(DB);

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
        assertThat(vault.asked(DB)).isEqualTo(2);
    }

    @Test
    void aClockThatIsSetBackALittleMakesNothingTooOld() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        vault.setClockBack(Duration.ofSeconds(50));

        secret.get();

        assertThat(vault.asked(DB)).isEqualTo(1);
    }

    @Test
    void twoFieldsOfOneSecretAreOfOneReading() {
        Secret<String> user = secret("user", ttl(60));
        Secret<String> password = secret("password", ttl(60));
        user.get();
        password.get();
        vault.rotate(DB);
        pass(5);

        assertThat(user.refresh()).isEqualTo("app-1");
        assertThat(password.get()).isEqualTo("n0tf0rl0gs-2");
        assertThat(vault.asked(DB)).isEqualTo(2);
    }

    @Test
    void aFreezeOfHoursEndsEveryFreshness() {
        Secret<String> secret = secret("password", ttl(600));
        secret.get();
        vault.rotate(DB);
        pass(7200);

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void timeInWhichTheProcessWasFrozenDuringTheRequestCounts() {
        Secret<String> secret = secret("password", ttl(60));
        vault.during(DB, () -> pass(59));
        secret.get();
        vault.rotate(DB);
        pass(1);

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void refreshAsksOnceInASecond() {
        Secret<String> secret = secret("password", ttl(600));
        secret.get();
        vault.rotate(DB);
        vault.pass(Duration.ofMillis(999));
        assertThat(secret.refresh()).isEqualTo("n0tf0rl0gs-1");

        vault.pass(Duration.ofMillis(1));
        assertThat(secret.refresh()).isEqualTo("n0tf0rl0gs-2");
        assertThat(secret.refresh()).isEqualTo("n0tf0rl0gs-2");
        assertThat(vault.asked(DB)).isEqualTo(2);
    }

    @Test
    void refreshAsksAfterTheClockWasSetBackALittle() {
        Secret<String> secret = secret("password", ttl(600));
        secret.get();
        vault.rotate(DB);
        vault.setClockBack(Duration.ofSeconds(30));

        assertThat(secret.refresh()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void eachSecretIsAsFreshAsItWishes() {
        Secret<String> lazy = secret("password", ttl(600));
        Secret<String> eager = secret("password", ttl(10));
        lazy.get();
        pass(10);
        lazy.get();
        assertThat(vault.asked(DB)).isEqualTo(1);
        vault.rotate(DB);

        assertThat(eager.get()).isEqualTo("n0tf0rl0gs-2");
        assertThat(lazy.get()).as("what is known serves all").isEqualTo("n0tf0rl0gs-2");
        assertThat(vault.asked(DB)).isEqualTo(2);
    }

    @Test
    void aSecretThatIsTooLargeToBeKeptIsKeptByItsOwnHandle() {
        VaultSecrets small = vault.builder().maxBytes(1).build();
        vault.kv(DB);
        Secret<String> secret = small.secret(SecretReference.parse(DB + "#password"), String.class, ttl(60));
        secret.get();
        pass(59);
        secret.get();

        assertThat(vault.asked(DB)).isEqualTo(1);
        pass(1);
        vault.rotate(DB);
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void theStateTellsVersionAndAge() {
        Secret<String> secret = secret("password", ttl(60));
        vault.rotate(DB);
        SecretState<String> state = secret.state();

        assertThat(state.version()).isEqualTo(2);
        assertThat(state.readAt()).isEqualTo(LivingVault.START);
        assertThat(state.expiresAt()).isNull();
        assertThat(state.stale()).isFalse();
    }
}
