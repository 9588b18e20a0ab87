package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.SessionListener;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultToken;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForgetTest {
    private static final String DB = "secret/data/db";
    private static final String CREDS = "database/creds/r";

    private final LivingVault vault = new LivingVault().role(CREDS, 100, 1_000, true);
    private final VaultSecrets secrets =
            vault.builder().revokeLeasesOnClose(true).build();

    ForgetTest() {
        vault.kv(DB);
    }

    @Test
    void everythingIsReadAnewWithANewToken() {
        Secret<String> secret = secrets.secret(DB + "#password");
        Secret<String> dynamic = secrets.secret(CREDS + "#user");
        secret.get();
        dynamic.get();
        secrets.forget();

        assertThat(dynamic.get()).isEqualTo("u-2");
        secret.get();
        assertThat(vault.asked(DB)).isEqualTo(2);
        assertThat(vault.logins()).isEqualTo(2);
        secrets.close();
        assertThat(vault.lease(1).revoked).as("what is forgotten is not ended").isFalse();
        assertThat(vault.lease(2).revoked).isTrue();
    }

    @Test
    void refusalsAreForgottenToo() {
        Secret<String> secret = secrets.secret(DB + "#password");
        vault.kv(DB).deleted = true;
        try {
            secret.get();
        } catch (RuntimeException e) {
            vault.kv(DB).deleted = false;
        }
        secrets.forget();

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
    }

    @Test
    void whatIsBeingReadMeanwhileIsNotKept() {
        Secret<String> secret = secrets.secret(DB + "#password");
        vault.during(DB, secrets::forget);
        secret.get();
        secret.get();

        assertThat(vault.asked(DB)).isEqualTo(2);
    }

    @Test
    void whatArrivesWhileAListenerForgetsIsNotKept() {
        Secret<String> secret = secrets.secret(DB + "#password");
        secret.get();
        secret.onChange(new SecretListener<String>() {
            @Override
            public void rotating(SecretChange<String> change) {
                secrets.forget();
            }

            @Override
            public void rotated(SecretChange<String> change) {}
        });
        vault.rotate(DB);
        vault.pass(Duration.ofMinutes(1));
        secret.get();
        secret.get();

        assertThat(vault.asked(DB)).isEqualTo(3);
    }

    @Test
    void noTokenCanBeReachedAfterwards() {
        List<WeakReference<VaultToken>> tokens = new ArrayList<>();
        secrets.session().addListener(new SessionListener() {
            @Override
            public void loggedIn(VaultToken token) {
                tokens.add(new WeakReference<>(token));
            }
        });
        vault.deny(DB, true);
        Secret<String> secret = secrets.secret(DB + "#password");
        assertThatThrownBy(secret::get).isInstanceOf(VaultPermissionException.class);
        secrets.secret(CREDS + "#user").get();
        vault.pass(Duration.ofMinutes(2));
        assertThatThrownBy(secret::get).isInstanceOf(VaultPermissionException.class);
        secrets.forget();

        for (int i = 0; i < 100 && tokens.stream().anyMatch(token -> token.get() != null); i++) {
            System.gc();
        }
        assertThat(tokens).isNotEmpty().allMatch(token -> token.get() == null);
    }

    @Test
    void noValueCanBeReachedAfterwards() {
        List<WeakReference<Object>> values = new ArrayList<>();
        List<Secret<?>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Secret<Object> secret = secrets.secret(
                    SecretReference.parse(DB),
                    value -> (Object) new ArrayList<>(List.of("n0tf0rl0gs")),
                    SecretOptions.defaults());
            secret.onChange(change -> {});
            values.add(new WeakReference<>(secret.get()));
            vault.rotate(DB);
            vault.pass(Duration.ofMinutes(1));
            secret.get();
            all.add(secret);
        }
        secrets.forget();

        for (int i = 0; i < 100 && values.stream().anyMatch(value -> value.get() != null); i++) {
            System.gc();
        }
        assertThat(values).allMatch(value -> value.get() == null);
        assertThat(all).hasSize(3);
    }
}
