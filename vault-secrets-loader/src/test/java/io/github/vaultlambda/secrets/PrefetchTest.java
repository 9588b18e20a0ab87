package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultNotFoundException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrefetchTest {
    private final LivingVault vault = new LivingVault();

    private List<Secret<String>> secrets(VaultSecrets all, int count) {
        List<Secret<String>> secrets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            vault.kv("secret/data/" + i);
            secrets.add(all.secret("secret/data/" + i + "#password"));
        }
        return secrets;
    }

    private Deadline minute() {
        return Deadline.after(InstantSource.system(), Duration.ofMinutes(1));
    }

    @Test
    void readsSideBySideWithOneLogin() {
        VaultSecrets all = vault.builder().build();
        List<Secret<String>> secrets = secrets(all, 4);
        CyclicBarrier together = new CyclicBarrier(4);
        for (int i = 0; i < 4; i++) {
            vault.during("secret/data/" + i, () -> {
                try {
                    together.await(1, TimeUnit.MINUTES);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        all.prefetch(minute(), secrets);

        assertThat(vault.logins()).isEqualTo(1);
        for (Secret<String> secret : secrets) {
            assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        }
        assertThat(vault.log()).hasSize(4);
    }

    @Test
    void eachPathIsReadOnce() {
        VaultSecrets all = vault.builder().build();
        vault.kv("secret/data/db");

        all.prefetch(all.secret("secret/data/db#user"), all.secret("secret/data/db#password"));

        assertThat(vault.log()).hasSize(1);
    }

    @Test
    void aFailureCarriesTheOthersAndAllElseIsRead() {
        VaultSecrets all = vault.builder().executor(Runnable::run).build();
        List<Secret<String>> secrets = secrets(all, 4);
        vault.kv("secret/data/1").deleted = true;
        vault.kv("secret/data/3").deleted = true;

        assertThatThrownBy(() -> all.prefetch(minute(), secrets))
                .isInstanceOf(VaultNotFoundException.class)
                .hasMessageContaining("secret/data/1")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .hasSize(1)
                        .allSatisfy(other -> assertThat(other).hasMessageContaining("secret/data/3")));
        assertThat(secrets.get(2).get()).isEqualTo("n0tf0rl0gs-1");
        assertThat(vault.log()).hasSize(4);
    }

    @Test
    void aCallerWithoutHelpersReadsAllHimself() {
        VaultSecrets all = vault.builder()
                .executor(work -> {
                    throw new RejectedExecutionException("on purpose");
                })
                .build();
        List<Secret<String>> secrets = secrets(all, 5);

        all.prefetch(minute(), secrets);

        assertThat(vault.log()).hasSize(5);
    }

    @Test
    void helpersThatNeverComeHoldUpNobody() {
        List<Runnable> never = new ArrayList<>();
        VaultSecrets all = vault.builder().executor(never::add).build();
        List<Secret<String>> secrets = secrets(all, 5);

        all.prefetch(minute(), secrets);
        assertThat(vault.log()).hasSize(5);
        never.forEach(Runnable::run);
        assertThat(vault.log()).hasSize(5);
    }

    @Test
    void aHelperThatHangsIsWaitedForUntilTheDeadline() {
        CountDownLatch end = new CountDownLatch(1);
        VaultSecrets all = vault.builder().build();
        List<Secret<String>> secrets = secrets(all, 2);
        vault.during("secret/data/1", () -> {
            try {
                end.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        vault.during("secret/data/0", () -> {
            while (vault.asked("secret/data/1") == 0) {
                Thread.onSpinWait();
            }
            vault.pass(Duration.ofMinutes(1));
        });

        assertThatThrownBy(() -> all.prefetch(Deadline.after(vault, Duration.ofMinutes(1)), secrets))
                .isInstanceOf(io.github.vaultlambda.client.VaultUnavailableException.class);
        end.countDown();
    }

    @Test
    void fieldsThatAreNotThereAreToldTogether() {
        vault.kv("secret/data/db");
        VaultSecrets all = vault.builder().build();

        assertThatThrownBy(() -> all.prefetch(
                        all.secret("secret/data/db#user"),
                        all.secret("secret/data/db#one"),
                        all.secret("secret/data/db#other")))
                .isInstanceOf(SecretFormatException.class)
                .hasMessageContaining("#one")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getMessage)
                        .asString()
                        .contains("#other"));
    }

    @Test
    void ofNothingDoesNothing() {
        vault.builder().build().prefetch();

        assertThat(vault.logins()).isZero();
    }
}
