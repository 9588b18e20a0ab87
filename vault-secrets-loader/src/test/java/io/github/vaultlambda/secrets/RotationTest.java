package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RotationTest extends OneSecret {
    private final List<String> told = new ArrayList<>();

    private SecretListener<String> listener(String name) {
        return new SecretListener<>() {
            @Override
            public void rotating(SecretChange<String> change) {
                told.add(name + " rotating " + change.before() + " " + change.after());
            }

            @Override
            public void rotated(SecretChange<String> change) {
                told.add(name + " rotated " + change.before() + " " + change.after());
            }
        };
    }

    private void rotateAndGet(Secret<String> secret) {
        vault.rotate(DB);
        pass(60);
        secret.get();
    }

    @Test
    void tellsOfAChangeBeforeItAndAfterIt() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        secret.onChange(listener("a"));
        secret.onChange(listener("b"));

        rotateAndGet(secret);

        assertThat(told)
                .containsExactly(
                        "a rotating n0tf0rl0gs-1 n0tf0rl0gs-2",
                        "b rotating n0tf0rl0gs-1 n0tf0rl0gs-2",
                        "a rotated n0tf0rl0gs-1 n0tf0rl0gs-2",
                        "b rotated n0tf0rl0gs-1 n0tf0rl0gs-2");
    }

    @Test
    void theFirstValueIsNoChange() {
        Secret<String> secret = secret("password", ttl(60));
        secret.onChange(listener("a"));
        secret.get();
        pass(60);
        secret.get();

        assertThat(told).isEmpty();
        rotateAndGet(secret);
        assertThat(told).hasSize(2);
    }

    @Test
    void aFieldThatStaysTheSameIsNoChange() {
        Secret<String> user = secret("user", ttl(60));
        Secret<String> password = secret("password", ttl(60));
        user.onChange(listener("user"));
        password.onChange(listener("password"));
        user.get();
        vault.rotate(DB);
        pass(60);
        user.get();
        vault.rotate(DB);
        pass(60);
        password.get();

        assertThat(told)
                .containsExactly(
                        "user rotating app-0 app-1",
                        "password rotating n0tf0rl0gs-1 n0tf0rl0gs-2",
                        "user rotated app-0 app-1",
                        "password rotated n0tf0rl0gs-1 n0tf0rl0gs-2",
                        "password rotating n0tf0rl0gs-2 n0tf0rl0gs-3",
                        "password rotated n0tf0rl0gs-2 n0tf0rl0gs-3");
    }

    @Test
    void aListenerThatThrowsKeepsNobodyFromTheNewValue() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        secret.onChange(new SecretListener<String>() {
            @Override
            public void rotating(SecretChange<String> change) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void rotated(SecretChange<String> change) {
                throw new IllegalStateException("on purpose");
            }
        });
        secret.onChange(listener("b"));

        rotateAndGet(secret);

        assertThat(told).hasSize(2);
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void evenAnErrorInAListenerLosesNoValue() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        secret.onChange(new SecretListener<String>() {
            @Override
            public void rotating(SecretChange<String> change) {
                throw new LinkageError("on purpose");
            }

            @Override
            public void rotated(SecretChange<String> change) {}
        });
        vault.rotate(DB);
        pass(60);

        assertThatThrownBy(secret::get).isInstanceOf(LinkageError.class);
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
        assertThat(vault.asked(DB)).isEqualTo(2);
    }

    @Test
    void aListenerThatAsksGetsTheOldValueBeforeAndTheNewOneAfter() {
        Secret<String> secret = secret("password", ttl(60));
        Secret<String> other = secret("number", ttl(600));
        secret.get();
        other.get();
        askWhenTold(secret, other);

        rotateAndGet(secret);
        rotateAndGet(secret);

        assertThat(told).containsExactly("n0tf0rl0gs-1 1", "n0tf0rl0gs-2 2", "n0tf0rl0gs-2 2", "n0tf0rl0gs-3 3");
        assertThat(vault.asked(DB)).isEqualTo(3);
    }

    @Test
    void aListenerThatAsksDoesNotWaitForItselfThoughTheStoreHadNoRoomForTheOldValue() {
        VaultSecrets small = vault.builder().maxBytes(1).build();
        vault.kv(DB);
        Secret<String> secret = small.secret(SecretReference.parse(DB + "#password"), String.class, ttl(60));
        Secret<String> other = small.secret(SecretReference.parse(DB + "#number"), String.class, ttl(60));
        secret.get();
        askWhenTold(secret, other);

        rotateAndGet(secret);

        assertThat(told).containsExactly("n0tf0rl0gs-1 1", "n0tf0rl0gs-2 2");
    }

    private void askWhenTold(Secret<String> secret, Secret<String> other) {
        secret.onChange(new SecretListener<String>() {
            @Override
            public void rotating(SecretChange<String> change) {
                told.add(secret.get() + " " + other.refresh());
            }

            @Override
            public void rotated(SecretChange<String> change) {
                told.add(secret.refresh() + " " + other.get());
            }
        });
    }

    @Test
    void whoIsToldThroughTheReadingOfAnotherGetsTheNewValueFromThenOn() {
        Secret<String> lazy = secret("password", ttl(600));
        Secret<String> eager = secret("password", ttl(60));
        lazy.get();
        eager.get();
        lazy.onChange(change -> told.add(change.before() + " " + change.after() + " " + lazy.get()));

        rotateAndGet(eager);
        rotateAndGet(eager);

        assertThat(told)
                .containsExactly("n0tf0rl0gs-1 n0tf0rl0gs-2 n0tf0rl0gs-2", "n0tf0rl0gs-2 n0tf0rl0gs-3 n0tf0rl0gs-3");
    }

    @Test
    void changesFollowOneAnotherThoughTheStoreHasNoRoom() {
        VaultSecrets small = vault.builder().maxBytes(1).build();
        vault.kv(DB);
        Secret<String> watched = small.secret(SecretReference.parse(DB + "#password"), String.class, ttl(600));
        Secret<String> reader = small.secret(SecretReference.parse(DB + "#password"), String.class, ttl(60));
        watched.onChange(change -> told.add(change.before() + " " + change.after()));
        reader.get();

        rotateAndGet(reader);
        rotateAndGet(reader);

        assertThat(told).containsExactly("n0tf0rl0gs-1 n0tf0rl0gs-2", "n0tf0rl0gs-2 n0tf0rl0gs-3");
    }

    @Test
    void aReadingWithoutTheFieldLosesNoChange() {
        FakeVault scripted = new FakeVault().kv2(DB, "{\"password\":\"n0tf0rl0gs-1\"}");
        VaultSecrets all = scripted.secrets(Duration.ofSeconds(60));
        Secret<String> watched = all.secret(DB + "#password");
        Secret<String> whole = all.secret(DB);
        whole.get();
        watched.onChange(change -> told.add(change.before() + " " + change.after()));
        for (String data :
                List.of("{\"password\":\"n0tf0rl0gs-2\"}", "{\"other\":1}", "{\"password\":\"n0tf0rl0gs-3\"}")) {
            scripted.kv2(DB, data);
            scripted.advance(Duration.ofSeconds(60));
            whole.get();
        }

        assertThat(told).containsExactly("n0tf0rl0gs-1 n0tf0rl0gs-2", "n0tf0rl0gs-2 n0tf0rl0gs-3");
    }

    @Test
    void aListenerThatIsTakenAwayIsToldNothingMore() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        Subscription one = secret.onChange(listener("a"));
        one.close();
        one.close();
        rotateAndGet(secret);

        assertThat(told).isEmpty();
        secret.onChange(listener("b"));
        rotateAndGet(secret);
        assertThat(told).hasSize(2);
    }

    @Test
    void eachAddingOfOneListenerIsEndedByItsOwnSubscription() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        SecretListener<String> same = listener("a");
        Subscription first = secret.onChange(same);
        secret.onChange(same);
        first.close();
        first.close();

        rotateAndGet(secret);

        assertThat(told).hasSize(2);
    }

    @Test
    void aListenerMayTakeItselfAway() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        List<Subscription> own = new ArrayList<>();
        own.add(secret.onChange(change -> {
            told.add(change.after());
            own.get(0).close();
        }));

        rotateAndGet(secret);
        rotateAndGet(secret);

        assertThat(told).containsExactly("n0tf0rl0gs-2");
    }

    @Test
    void aChangePrintsNoValue() {
        Secret<String> secret = secret("password", ttl(60));
        secret.get();
        secret.onChange(change -> told.add(change.toString()));

        rotateAndGet(secret);

        assertThat(told).containsExactly("SecretChange[secret/data/db#password]");
    }
}
