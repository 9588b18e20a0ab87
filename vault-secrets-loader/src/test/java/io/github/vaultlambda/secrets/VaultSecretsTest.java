package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VaultSecretsTest {
    private static final Duration TTL = Duration.ofMinutes(1);

    private final FakeVault vault = new FakeVault();
    private final VaultSecrets secrets = vault.secrets(TTL);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    record Login(String user, String password) {}

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static HttpTransport held(CountDownLatch begun, CountDownLatch end, String body) {
        return call -> {
            begun.countDown();
            try {
                assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new HttpTransport.Reply(200, body.getBytes(UTF_8));
        };
    }

    /** The first fetches, all others wait for it when this returns. */
    private List<Future<String>> atOnce(int count, String path, CountDownLatch begun) throws InterruptedException {
        Deadline deadline = Deadline.after(InstantSource.system(), Duration.ofMinutes(1));
        List<Future<String>> all = new ArrayList<>();
        all.add(threads.submit(() -> secrets.secret(path).get(deadline)));
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        List<Thread> waiters = new CopyOnWriteArrayList<>();
        for (int i = 1; i < count; i++) {
            all.add(threads.submit(() -> {
                waiters.add(Thread.currentThread());
                return secrets.secret(path).get(deadline);
            }));
        }
        while (waiters.size() < count - 1
                || !waiters.stream().allMatch(waiter -> waiter.getState() == Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
        }
        return all;
    }

    @Test
    void readsNothingBeforeItIsAsked() {
        Secret<String> secret = secrets.secret("secret/data/db#password");

        assertThat(secret.reference()).isEqualTo(SecretReference.parse("secret/data/db#password"));
        assertThat(vault.calls()).isEmpty();
        assertThatThrownBy(() -> secrets.secret("secret/data/db#")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneFetchServesAllFieldsAndTypesOfAPath() {
        vault.kv2("secret/data/db", "{\"user\":\"app\",\"password\":\"n0tf0rl0gs\",\"port\":5432}");

        assertThat(secrets.secret("secret/data/db#password").get()).isEqualTo("n0tf0rl0gs");
        assertThat(secrets.secret("secret/data/db#port", Integer.class).get()).isEqualTo(5432);
        assertThat(secrets.secret("/v1/secret/data/db", Login.class).get()).isEqualTo(new Login("app", "n0tf0rl0gs"));
        assertThat(secrets.secret("secret/data/db").get())
                .isEqualTo("{\"user\":\"app\",\"password\":\"n0tf0rl0gs\",\"port\":5432}");
        assertThat(secrets.secret("secret/data/db#user", SecretValue.class).get())
                .isEqualTo(SecretValue.of("app"));

        assertThat(vault.calls()).hasSize(1);
        assertThat(vault.calls().get(0).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs");
    }

    @Test
    void eachVersionIsASecretOfItsOwn() {
        vault.kv2("secret/data/db?version=1", "{\"k\":\"n0tf0rl0gs-1\"}")
                .kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs-2\"}");

        assertThat(secrets.secret("secret/data/db?version=1#k").get()).isEqualTo("n0tf0rl0gs-1");
        assertThat(secrets.secret("secret/data/db#k").get()).isEqualTo("n0tf0rl0gs-2");
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void aRotatedValueArrivesWhenTheTtlIsOverAndNotAMillisecondEarlier() {
        vault.kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs-old\"}");
        Secret<String> secret = secrets.secret("secret/data/db#k");
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-old");
        vault.kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs-new\"}");

        vault.advance(TTL.minusMillis(1));
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-old");
        assertThat(secrets.secret("secret/data/db#k").get()).isEqualTo("n0tf0rl0gs-old");
        assertThat(vault.calls()).hasSize(1);

        vault.advance(Duration.ofMillis(1));
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-new");
        assertThat(secrets.secret("secret/data/db#k").get()).isEqualTo("n0tf0rl0gs-new");
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void anUnchangedValueIsTheSameObject() {
        vault.kv2("secret/data/db", "{\"user\":\"app\",\"password\":\"n0tf0rl0gs\"}");
        Secret<Login> secret = secrets.secret("secret/data/db", Login.class);
        Login first = secret.get();

        assertThat(secret.get()).isSameAs(first);
        vault.advance(TTL);
        assertThat(secret.get()).isSameAs(first);
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void aLeasedValueIsReplacedBeforeItsLeaseEnds() {
        vault.at(
                "database/creds/r",
                200,
                "{\"lease_id\":\"database/creds/r/1\",\"lease_duration\":20,\"data\":{\"k\":\"a\"}}");
        Secret<String> secret = secrets.secret("database/creds/r#k");
        secret.get();

        vault.advance(Duration.ofSeconds(15));
        secret.get();
        assertThat(vault.calls()).hasSize(1);
        vault.advance(Duration.ofSeconds(3)); // and so two before its end
        secret.get();
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void withoutTtlOfItsOwnAMinuteCounts() {
        vault.kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs\"}");
        assertThat(SecretOptions.defaults().ttl()).isEqualTo(Duration.ofMinutes(1));
        Secret<String> secret = secrets.secret(
                SecretReference.parse("secret/data/db#k"),
                String.class,
                SecretOptions.defaults().withRefreshAhead(false));
        secret.get();

        vault.advance(Duration.ofMinutes(1).minusMillis(1));
        secret.get();
        assertThat(vault.calls()).hasSize(1);
        vault.advance(Duration.ofMillis(1));
        secret.get();
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void aTtlOfZeroReadsEachTime() {
        vault.kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs\"}");
        Secret<String> secret = vault.secrets(Duration.ZERO).secret("secret/data/db#k");

        secret.get();
        secret.get();

        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void sixtyFourThreadsAreOneFetch() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        vault.at("secret/data/db", held(begun, end, "{\"data\":{\"k\":\"n0tf0rl0gs\"}}"));

        List<Future<String>> all = atOnce(64, "secret/data/db#k", begun);
        end.countDown();

        for (Future<String> one : all) {
            assertThat(one.get(1, TimeUnit.MINUTES)).isEqualTo("n0tf0rl0gs");
        }
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void aFetchThatHangsHoldsUpNoOtherKey() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        vault.at("slow", held(begun, end, "{\"data\":{\"k\":\"n0tf0rl0gs-slow\"}}"));
        List<Future<String>> slow = atOnce(2, "slow#k", begun);

        for (int i = 0; i < 50; i++) {
            vault.kv1("fast/" + i, "{\"k\":\"n0tf0rl0gs-" + i + "\"}");
            assertThat(secrets.secret("fast/" + i + "#k").get()).isEqualTo("n0tf0rl0gs-" + i);
        }
        assertThat(slow).noneMatch(Future::isDone);
        assertThatThrownBy(() -> secrets.secret("slow#k").get(Deadline.after(vault, Duration.ZERO)))
                .isInstanceOf(VaultUnavailableException.class);

        end.countDown();
        assertThat(slow.get(1).get(1, TimeUnit.MINUTES)).isEqualTo("n0tf0rl0gs-slow");
    }

    @Test
    void failuresAreNotKept() {
        Secret<String> secret = secrets.secret("secret/data/db#k");
        assertThatThrownBy(secret::get).isInstanceOf(VaultNotFoundException.class);
        vault.at("secret/data/db", 500, "");
        assertThatThrownBy(secret::get).isInstanceOf(VaultUnavailableException.class);
        vault.kv2("secret/data/db", "{\"other\":1}");
        assertThatThrownBy(secret::get).isInstanceOf(SecretFormatException.class);

        vault.advance(TTL);
        vault.kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs\"}");
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs");
        assertThat(vault.calls()).hasSize(4);
    }

    @Test
    void anOldValueIsNotHandedOutWhenVaultFails() {
        vault.kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs\"}");
        Secret<String> secret = secrets.secret("secret/data/db#k");
        secret.get();
        vault.at("secret/data/db", 503, "");

        vault.advance(TTL);

        assertThatThrownBy(secret::get).isInstanceOf(VaultUnavailableException.class);
    }

    @Test
    void aFreshValueNeedsNoTime() {
        vault.kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs\"}");
        Secret<String> secret = secrets.secret("secret/data/db#k");
        Deadline over = Deadline.after(vault, Duration.ZERO);
        assertThatThrownBy(() -> secret.get(over)).isInstanceOf(VaultUnavailableException.class);

        secret.get();

        assertThat(secret.get(over)).isEqualTo("n0tf0rl0gs");
    }

    @Test
    void theDeadlineReachesTheNetwork() {
        vault.kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs\"}");

        secrets.secret("secret/data/db#k").get(Deadline.after(vault, Duration.ofMillis(1234)));

        assertThat(vault.calls().get(0).timeout()).isEqualTo(Duration.ofMillis(1234));
    }

    @Test
    void nothingPrintsAValue() {
        vault.kv2("secret/data/db", "{\"k\":\"n0tf0rl0gs\"}");
        Secret<String> secret = secrets.secret("secret/data/db#k");
        secret.get();

        assertThat(secret).hasToString("Secret[secret/data/db#k]");
        assertThat(vault.calls().toString()).doesNotContain("n0tf0rl0gs");
    }

    @Test
    void aFaultyEnvironmentIsReportedEachTime() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> VaultSecrets.fromEnvironment(Map.of()))
                    .isInstanceOf(VaultConfigException.class)
                    .hasMessageContaining("VAULT_ADDR");
        }
    }

    @Test
    void readsItsTtlFromTheEnvironment() {
        VaultSecrets configured = VaultSecrets.fromEnvironment(Map.of(
                "VAULT_ADDR", "https://vault.example.com",
                "VAULT_AUTH_PROVIDER", "aws",
                "VAULT_AUTH_ROLE", "orders",
                "VAULT_DEFAULT_CACHE_TTL", "5m",
                "AWS_ACCESS_KEY_ID", "ASIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-key"));

        assertThat(configured.options()).isEqualTo(SecretOptions.defaults().withTtl(Duration.ofMinutes(5)));
    }
}
