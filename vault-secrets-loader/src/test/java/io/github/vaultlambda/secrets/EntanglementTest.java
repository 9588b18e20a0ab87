package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.secrets.LivingVault.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to one secret or caller leaves all others alone. */
@Timeout(value = 100, unit = TimeUnit.SECONDS)
class EntanglementTest {
    private static final String DB = "secret/data/db";
    private static final String OTHER = "secret/data/other";
    private static final String CREDS = "database/creds/r";
    private static final String MORE_CREDS = "database/creds/s";

    private final LivingVault vault =
            new LivingVault().role(CREDS, 1_000, 10_000, true).role(MORE_CREDS, 1_000, 10_000, true);
    private final VaultSecrets secrets = vault.builder()
            .options(SecretOptions.defaults().withRefreshAhead(false))
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private <T> Secret<T> secret(String reference, java.util.function.Function<SecretValue, T> binding) {
        return secrets.secret(SecretReference.parse(reference), binding, SecretOptions.defaults());
    }

    @Test
    void aFunctionThatMakesAnotherSecretDoesNotWaitForAnotherThreadThatForgets() throws Exception {
        vault.kv(DB);
        vault.kv(OTHER);
        CountDownLatch binding = new CountDownLatch(1);
        AtomicReference<Thread> forgetting = new AtomicReference<>();
        Secret<String> secret = secret(DB + "#user", value -> {
            binding.countDown();
            while (forgetting.get() == null || forgetting.get().getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait(); // until it waits for this secret, or is through
            }
            return secrets.secret(OTHER + "#user").get();
        });
        Future<String> value = threads.submit(() -> secret.get());
        assertThat(binding.await(1, TimeUnit.MINUTES)).isTrue();
        Thread thread = new Thread(secrets::forget);
        thread.setDaemon(true);
        thread.start();
        forgetting.set(thread);

        assertThat(value.get(10, TimeUnit.SECONDS)).isEqualTo("app-0");
        thread.join();
    }

    @Test
    void aPathThatIsForbiddenEndsNoLeases() {
        Secret<String> creds = secrets.secret(CREDS + "#user");
        creds.get();
        vault.pass(Duration.ofSeconds(10));
        vault.deny(DB, true);
        assertThatThrownBy(() -> secrets.secret(DB + "#user").get()).isInstanceOf(VaultPermissionException.class);

        assertThat(creds.get()).as("the lease lives").isEqualTo("u-1");
    }

    @Test
    void manySecretsOfOneTokenAreNotReadAnewWhileOneThreadRenewsIt() {
        LivingVault shortLived = new LivingVault()
                .tokens(600, 60_000, 0)
                .role(CREDS, 10_000, 100_000, true)
                .role(MORE_CREDS, 10_000, 100_000, true);
        VaultSecrets some = shortLived
                .builder()
                .options(SecretOptions.defaults().withRefreshAhead(false))
                .build();
        Secret<String> one = some.secret(CREDS + "#user");
        Secret<String> other = some.secret(MORE_CREDS + "#user");
        one.get();
        other.get();
        shortLived.pass(Duration.ofSeconds(500));
        shortLived.during("auth/token/renew-self", () -> assertThat(other.get()).isEqualTo("u-2"));

        assertThat(one.get()).isEqualTo("u-1");
        assertThat(other.get()).isEqualTo("u-2");
        assertThat(shortLived.leases).hasSize(2);
    }

    @Test
    void whileListenersAreToldAllOthersGetTheOldValueWithoutWaiting() {
        vault.kv(DB);
        AtomicInteger waits = new AtomicInteger();
        VaultSecrets listened = vault.builder()
                .options(SecretOptions.defaults().withRefreshAhead(false))
                .listener(new SecretsListener() {
                    @Override
                    public void missed(SecretReference reference) {
                        waits.incrementAndGet();
                    }
                })
                .build();
        Secret<String> secret = listened.secret(DB + "#password");
        List<String> got = new ArrayList<>();
        secret.onChange(new SecretListener<String>() {
            @Override
            public void rotating(SecretChange<String> change) {
                got.add(fromAnotherThread(secret));
            }

            @Override
            public void rotated(SecretChange<String> change) {
                got.add(fromAnotherThread(secret));
            }
        });
        secret.get();
        vault.rotate(DB);
        vault.pass(Duration.ofMinutes(2));

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
        assertThat(got).containsExactly("n0tf0rl0gs-1", "n0tf0rl0gs-2");
        assertThat(waits).hasValue(2);
    }

    private String fromAnotherThread(Secret<String> secret) {
        try {
            return threads.submit(() -> secret.get()).get(1, TimeUnit.MINUTES);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCallerWithoutTimeSaysNothingAboutVault() {
        vault.kv(DB);
        Secret<String> secret = secrets.secret(DB + "#password");
        secret.get();
        vault.rotate(DB);
        vault.pass(Duration.ofMinutes(2));

        assertThat(secret.get(Deadline.after(vault, Duration.ZERO))).isEqualTo("n0tf0rl0gs-1");
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void aThreadThatIsInterruptedSaysNothingAboutVault() throws Exception {
        vault.kv(DB);
        Secret<String> secret = secrets.secret(DB + "#password");
        secret.get();
        vault.rotate(DB);
        vault.pass(Duration.ofMinutes(2));
        vault.outage(Outage.REFUSED_CONNECTION);
        Future<String> interrupted = threads.submit(() -> {
            Thread.currentThread().interrupt();
            return secret.get();
        });
        assertThat(interrupted.get(1, TimeUnit.MINUTES)).isEqualTo("n0tf0rl0gs-1");
        vault.outage(Outage.NONE);

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @Test
    void whatAChangeBringsIsTheVeryObjectThatIsHandedOutThen() {
        vault.kv(DB);
        AtomicInteger made = new AtomicInteger();
        Secret<Object> secret = secret(DB, value -> {
            made.incrementAndGet();
            return new Object();
        });
        List<Object> told = new ArrayList<>();
        secret.onChange(change -> {
            told.add(change.before());
            told.add(change.after());
        });
        Object first = secret.get();
        vault.rotate(DB);
        vault.pass(Duration.ofMinutes(2));
        Object second = secret.get();

        assertThat(told).containsExactly(first, second);
        assertThat(made).as("calls of the function").hasValue(2);
    }

    @Test
    void aFieldThatStaysIsTheSameObjectThoughAnotherFieldChanges() {
        vault.kv(DB);
        Secret<Object> secret = secret(DB + "#user", value -> new Object());
        Object first = secret.get();
        vault.pass(Duration.ofMinutes(2));
        vault.rotate(DB); // of version 2 and 3 the user is the same, and other than that of 1
        Object second = secret.get();
        vault.pass(Duration.ofMinutes(2));
        vault.rotate(DB);

        assertThat(second).isNotSameAs(first);
        assertThat(secret.get()).isSameAs(second);
    }
}
