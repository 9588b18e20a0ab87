package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusalTest extends OneSecret {
    @Test
    void whatIsNotThereIsNotAskedForAgainAtOnce() {
        Secret<String> secret = secret("password", ttl(60));
        vault.kv(DB).deleted = true;
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        vault.kv(DB).deleted = false;

        vault.pass(Duration.ofMillis(4_999));
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        assertThat(vault.asked(DB)).isEqualTo(1);

        vault.pass(Duration.ofMillis(1));
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
    }

    @Test
    void whatIsForbiddenIsNotAskedForAgainAtOnce() {
        Secret<String> secret = secret("password", ttl(60));
        vault.deny(DB, true);
        assertThatThrownBy(secret::get).isInstanceOf(VaultPermissionException.class);
        int asked = vault.asked(DB);

        assertThatThrownBy(secret::get).isInstanceOf(VaultPermissionException.class);
        assertThat(vault.asked(DB)).isEqualTo(asked);
    }

    @Test
    void eachSecretSaysHowLongItBelievesARefusal() {
        Secret<String> patient = secret("password", ttl(60).withRefusalTtl(Duration.ofSeconds(20)));
        Secret<String> hasty = secret("password", ttl(60).withRefusalTtl(Duration.ofSeconds(2)));
        Secret<String> unbelieving = secret("password", ttl(60).withRefusalTtl(Duration.ZERO));
        vault.kv(DB).deleted = true;
        assertThatThrownBy(patient::get).isInstanceOf(VaultNotFoundException.class);
        assertThatThrownBy(hasty::get).isInstanceOf(VaultNotFoundException.class);
        assertThat(vault.asked(DB)).isEqualTo(1);
        assertThatThrownBy(unbelieving::get).isInstanceOf(VaultNotFoundException.class);
        assertThat(vault.asked(DB)).isEqualTo(2);

        pass(2);
        vault.kv(DB).deleted = false;
        assertThatThrownBy(patient::get).isInstanceOf(VaultNotFoundException.class);
        assertThat(hasty.get()).isEqualTo("n0tf0rl0gs-1");
        assertThat(patient.get()).isEqualTo("n0tf0rl0gs-1");
    }

    @Test
    void aRefusalMayBeBelievedForEver() {
        Secret<String> secret = secret("password", ttl(60).withRefusalTtl(Duration.ofSeconds(Long.MAX_VALUE)));
        vault.kv(DB).deleted = true;
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        vault.pass(Duration.ofDays(1000));

        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        assertThat(vault.asked(DB)).isEqualTo(1);
    }

    @Test
    void anotherPathIsNotRefusedWithIt() {
        Secret<String> secret = secret("password", ttl(60));
        vault.kv(DB).deleted = true;
        vault.kv("secret/data/other");
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);

        assertThat(secrets.secret("secret/data/other#password").get()).isEqualTo("n0tf0rl0gs-1");
    }

    @Test
    void refreshAsksAgainAfterASecond() {
        Secret<String> secret = secret("password", ttl(60));
        vault.kv(DB).deleted = true;
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        vault.kv(DB).deleted = false;
        assertThatThrownBy(secret::refresh).isInstanceOf(VaultNotFoundException.class);

        pass(1);
        assertThat(secret.refresh()).isEqualTo("n0tf0rl0gs-1");
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
    }

    @Test
    void aFreshValueServesAlthoughARefreshIsRefused() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        pass(10);
        vault.kv(DB).deleted = true;
        assertThatThrownBy(secret::refresh).isInstanceOf(VaultNotFoundException.class);

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        pass(50);
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
    }

    @Test
    void aClockThatIsSetBackEndsTheRefusal() {
        Secret<String> secret = secret("password", ttl(60));
        vault.kv(DB).deleted = true;
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        vault.kv(DB).deleted = false;
        vault.setClockBack(Duration.ofSeconds(1));

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
    }
}
