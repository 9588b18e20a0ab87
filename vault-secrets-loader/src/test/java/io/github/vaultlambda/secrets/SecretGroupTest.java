package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SecretGroupTest {
    private static final SecretType<Optional<String>> MAYBE =
            SecretType.of(Optional.class, SecretType.of(String.class));

    private final FakeVault vault = new FakeVault();
    private final VaultSecrets secrets = vault.secrets();

    private SecretGroup group(String... references) {
        List<Secret<?>> all = new ArrayList<>();
        for (String reference : references) {
            all.add(secrets.secret(reference));
        }
        return secrets.group(all);
    }

    private static List<@Nullable Object> all(SecretValues values) {
        List<@Nullable Object> all = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            all.add(values.get(i));
        }
        return all;
    }

    private void login(int version) {
        vault.kv2(
                "secret/data/db",
                version,
                "{\"user\":\"app" + version + "\",\"password\":\"n0tf0rl0gs" + version + "\"}");
    }

    @Test
    void givesTheValuesInOrderOfOneAnswer() {
        login(1);
        vault.kv2("secret/data/api", "{\"key\":\"n0tf0rl0gs-k\"}");

        SecretValues values = group("secret/data/db#user", "secret/data/api#key", "secret/data/db#password")
                .get();

        assertThat(all(values)).containsExactly("app1", "n0tf0rl0gs-k", "n0tf0rl0gs1");
        assertThat(values.failure()).isNull();
        assertThat(values).hasToString("SecretValues[3]");
        assertThat(vault.reads()).containsExactlyInAnyOrder("secret/data/db", "secret/data/api");
    }

    @Test
    void isTheSameObjectWhileNothingChanged() {
        login(1);
        SecretGroup group = group("secret/data/db#user", "secret/data/db#password");
        SecretValues first = group.get();
        assertThat(group.get()).isSameAs(first);
        assertThat(group.atHand()).isSameAs(first);

        vault.advance(Duration.ofSeconds(61)); // too old, but the same
        assertThat(group.atHand()).isNull();
        assertThat(group.get()).isSameAs(first);
        assertThat(vault.reads()).hasSize(2);
        assertThat(group.atHand()).isSameAs(first);

        login(2);
        vault.advance(Duration.ofSeconds(61));
        SecretValues second = group.get();
        assertThat(all(second)).containsExactly("app2", "n0tf0rl0gs2");
        assertThat(all(first)).containsExactly("app1", "n0tf0rl0gs1");
        assertThat(second.isNewerThan(first)).isTrue();
        assertThat(first.isNewerThan(second)).isFalse();
        assertThat(second.isSame(0, first)).isFalse();
    }

    @Test
    void seesAtOnceWhatAnotherUserOfTheSecretHasRead() {
        login(1);
        SecretGroup group = group("secret/data/db#user", "secret/data/db#password");
        group.get();

        login(2);
        vault.advance(Duration.ofSeconds(30));
        secrets.secret("secret/data/db#user").refresh();

        assertThat(all(group.get())).containsExactly("app2", "n0tf0rl0gs2");
    }

    @Test
    void twoFieldsAreOfOneAnswerThoughTheirFreshnessDiffers() {
        login(1);
        SecretGroup group = secrets.group(List.of(
                secrets.secret(
                        SecretReference.parse("secret/data/db#user"),
                        String.class,
                        FakeVault.exactly(Duration.ofHours(1))),
                secrets.secret(
                        SecretReference.parse("secret/data/db#password"),
                        String.class,
                        FakeVault.exactly(Duration.ofSeconds(10)))));
        group.get();

        login(2);
        vault.advance(Duration.ofSeconds(11));

        assertThat(all(group.get())).containsExactly("app2", "n0tf0rl0gs2");
    }

    @Test
    void whatIsNeverFreshIsReadOnceForEachUse() {
        login(1);
        SecretOptions never = FakeVault.exactly(Duration.ZERO);
        SecretGroup group = secrets.group(List.of(
                secrets.secret(SecretReference.parse("secret/data/db#user"), String.class, never),
                secrets.secret(SecretReference.parse("secret/data/db#password"), String.class, never)));

        SecretValues first = group.get();
        assertThat(vault.reads()).hasSize(1);
        assertThat(group.atHand()).isNull();
        assertThat(group.get()).isSameAs(first);
        assertThat(vault.reads()).hasSize(2);
    }

    @Test
    void whatMustBeReadIsReadSideBySide() {
        CyclicBarrier together = new CyclicBarrier(3);
        String[] references = new String[3];
        for (int i = 0; i < 3; i++) {
            String path = "secret/data/" + i;
            references[i] = path + "#x";
            FakeVault answers = new FakeVault().kv2(path, "{\"x\":\"n0tf0rl0gs\"}");
            vault.at(path, call -> {
                try {
                    together.await(1, TimeUnit.MINUTES);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return answers.send(call);
            });
        }

        assertThat(all(group(references).get())).containsExactly("n0tf0rl0gs", "n0tf0rl0gs", "n0tf0rl0gs");
    }

    @Test
    void arraysAreNewForEachCaller() {
        vault.kv2("secret/data/db", "{\"key\":\"AQI=\",\"pin\":\"12\"}");
        SecretGroup group = secrets.group(List.of(
                secrets.secret("secret/data/db#key", byte[].class),
                secrets.secret("secret/data/db#pin", char[].class)));
        SecretValues values = group.get();

        Arrays.fill((byte[]) Objects.requireNonNull(values.get(0)), (byte) 0);
        Arrays.fill((char[]) Objects.requireNonNull(values.get(1)), '0');

        assertThat(values.get(0)).isEqualTo(new byte[] {1, 2});
        assertThat(values.get(1)).isEqualTo(new char[] {'1', '2'});
        vault.advance(Duration.ofMinutes(2));
        assertThat(group.get()).isSameAs(values);
    }

    @Test
    void whatNeedNotBeThereIsEmpty() {
        login(1);
        SecretGroup group = secrets.group(List.of(
                secrets.secret("secret/data/db#user"),
                secrets.secret("secret/data/absent#x", MAYBE),
                secrets.secret("secret/data/db#absent", MAYBE),
                secrets.secret("secret/data/db#password", MAYBE)));

        assertThat(all(group.get()))
                .containsExactly("app1", Optional.empty(), Optional.empty(), Optional.of("n0tf0rl0gs1"));
        assertThat(vault.reads()).containsExactlyInAnyOrder("secret/data/db", "secret/data/absent");
    }

    @Test
    void absenceIsKnownForTheTimeOfRefusals() {
        VaultSecrets patient = vault.secrets(SecretOptions.defaults().withRefusalTtl(Duration.ofSeconds(5)));
        SecretGroup group = patient.group(List.of(patient.secret("secret/data/absent#x", MAYBE)));
        SecretValues absent = group.get();
        assertThat(group.atHand()).isSameAs(absent);
        assertThat(vault.reads()).hasSize(1);

        vault.kv2("secret/data/absent", "{\"x\":\"n0tf0rl0gs\"}");
        vault.advance(Duration.ofSeconds(6));
        assertThat(all(group.get())).containsExactly(Optional.of("n0tf0rl0gs"));
    }

    @Test
    void aFailureCarriesTheOthers() {
        login(1);
        SecretGroup group = group("secret/data/a#x", "secret/data/db#user", "secret/data/b#x", "secret/data/db#none");

        assertThatThrownBy(group::get)
                .isInstanceOf(VaultNotFoundException.class)
                .hasMessageContaining("secret/data/a")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .hasSize(2)
                        .anySatisfy(other -> assertThat(other).hasMessageContaining("secret/data/b"))
                        .anySatisfy(other -> assertThat(other).isInstanceOf(SecretFormatException.class)));
        assertThat(group.atHand()).isNull();
    }

    @Test
    void aForgivingGroupGoesOnWithTheLastValues() {
        login(1);
        vault.kv2("secret/data/api", "{\"key\":\"n0tf0rl0gs1\"}");
        SecretGroup group = group("secret/data/db#user", "secret/data/api#key").forgiving();
        SecretValues good = group.get();
        assertThat(good.failure()).isNull();

        vault.setDown(true);
        vault.advance(Duration.ofMinutes(2));
        SecretValues old = group.get();
        assertThat(all(old)).containsExactly("app1", "n0tf0rl0gs1");
        assertThat(old.failure()).isInstanceOf(VaultUnavailableException.class);
        int asked = vault.calls().size();
        assertThat(group.get()).isSameAs(old);
        assertThat(vault.calls()).as("Vault is left alone").hasSize(asked);

        vault.setDown(false);
        login(2);
        vault.at("secret/data/api", 403, "{\"errors\":[\"permission denied\"]}");
        vault.advance(Duration.ofSeconds(2));
        SecretValues half = group.get();
        assertThat(all(half)).containsExactly("app2", "n0tf0rl0gs1");
        assertThat(half.failure()).hasMessageContaining("secret/data/api");
    }

    @Test
    void aForgivingGroupHasNullForWhatItNeverHad() {
        login(1);
        SecretGroup group = group("secret/data/db#user", "secret/data/api#key").forgiving();

        assertThat(all(group.get())).containsExactly("app1", null);
    }

    @Test
    void aForgivingGroupTearsNoAnswerApart() {
        login(1);
        SecretGroup group =
                group("secret/data/db#user", "secret/data/db#password").forgiving();
        group.get();

        vault.kv2("secret/data/db", 2, "{\"user\":\"app2\"}");
        vault.advance(Duration.ofMinutes(2));

        assertThat(all(group.get())).containsExactly("app1", "n0tf0rl0gs1");
    }

    @Test
    void nothingIsKeptAcrossForget() {
        login(1);
        SecretGroup group = group("secret/data/db#user").forgiving();
        group.get();

        secrets.forget();
        vault.setDown(true);

        assertThat(group.atHand()).isNull();
        assertThat(all(group.get())).containsExactly((Object) null);
    }

    @Test
    void listenersAreToldOfEveryHit() {
        login(1);
        AtomicInteger hits = new AtomicInteger();
        VaultSecrets watched = VaultSecrets.builder(vault.session())
                .listener(new SecretsListener() {
                    @Override
                    public void hit(SecretReference secret) {
                        hits.incrementAndGet();
                    }
                })
                .build();
        SecretGroup group = watched.group(
                List.of(watched.secret("secret/data/db#user"), watched.secret("secret/data/db#password")));
        group.get();
        int before = hits.get();

        group.get();
        assertThat(hits.get() - before).isEqualTo(2);
    }

    @Test
    void takesSecretsOfItsOwnVaultAlone() {
        Secret<String> foreign = vault.secrets().secret("secret/data/db#user");

        assertThatThrownBy(() -> secrets.group(List.of(foreign)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Secret[secret/data/db#user] is a secret of another VaultSecrets");
        assertThat(secrets.group(List.of()).get().size()).isZero();
    }

    @Test
    void noThreadSeesATornSet() throws Exception {
        login(1);
        VaultSecrets exact = vault.secrets(Duration.ofMinutes(1));
        SecretGroup group =
                exact.group(List.of(exact.secret("secret/data/db#user"), exact.secret("secret/data/db#password")));
        Deadline enough = Deadline.after(InstantSource.system(), Duration.ofMinutes(2)); // the clock of the Vault jumps
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                readers.add(threads.submit(() -> {
                    int newest = 0;
                    while (!over.get()) {
                        SecretValues values = group.get(enough);
                        int user = Integer.parseInt(((String) Objects.requireNonNull(values.get(0))).substring(3));
                        int password = Integer.parseInt(((String) Objects.requireNonNull(values.get(1))).substring(10));
                        assertThat(password).isEqualTo(user).isGreaterThanOrEqualTo(newest);
                        newest = user;
                    }
                    return null;
                }));
            }
            for (int version = 2; version < 300; version++) {
                login(version);
                vault.advance(Duration.ofSeconds(61));
                group.get(enough);
            }
            over.set(true);
            for (Future<?> reader : readers) {
                reader.get(1, TimeUnit.MINUTES);
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }
}
