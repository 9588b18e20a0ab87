package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadAheadTest {
    private final LivingVault vault = new LivingVault();
    private final VaultSecrets secrets = vault.builder().build();

    LoadAheadTest() {
        vault.kv("secret/data/db");
    }

    record Login(String user, String password) {}

    /** What Jackson makes, which counts how often it was made. */
    static final class Bean {
        static final AtomicInteger MADE = new AtomicInteger();

        public Bean() {
            MADE.incrementAndGet();
        }

        public void setPassword(String password) {}
    }

    @Test
    void neitherVaultNorFunctionsOfTheUserAreAsked() {
        AtomicInteger calls = new AtomicInteger();
        secrets.loadAhead(List.of(
                secrets.secret("secret/data/db", Login.class),
                secrets.secret("secret/data/db#password"),
                secrets.secret(
                        SecretReference.parse("secret/data/db#password"),
                        value -> calls.incrementAndGet(),
                        secrets.options())));

        assertThat(vault.logins()).isZero();
        assertThat(vault.asked("secret/data/db")).isZero();
        assertThat(calls).hasValue(0);
    }

    @Test
    void theTypesOfTheSecretsAreMadeReady() {
        int before = Bean.MADE.get();
        secrets.loadAhead(List.of(secrets.secret("secret/data/db", Bean.class)));

        assertThat(Bean.MADE).as("made of nothing").hasValue(before + 1);
    }

    @Test
    void theSecretsCanBeReadAfterwards() {
        Secret<String> password = secrets.secret("secret/data/db#password");
        secrets.loadAhead(List.of(password));

        assertThat(password.get()).isEqualTo("n0tf0rl0gs-1");
    }

    @Test
    void allThatAreInUseCanBeForgottenAtOnce() {
        VaultSecrets others = vault.builder().build();
        Secret<String> one = secrets.secret("secret/data/db#password");
        Secret<String> other = others.secret("secret/data/db#password");
        one.get();
        other.get();
        assertThat(vault.logins()).isEqualTo(2);

        VaultSecrets.forgetAll();

        one.get();
        other.get();
        assertThat(vault.logins()).isEqualTo(4);
    }
}
