package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.secrets.LivingVault.Outage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Eight threads at the same secrets while one more moves the clock, rotates, breaks Vault and forgets. {@link LivingVault} itself
 * makes sure that no two requests for one secret are under way.
 */
@Timeout(value = 100, unit = TimeUnit.SECONDS)
class FreshnessRacesTest {
    private static final int HISTORIES = 300;
    private static final int THREADS = 8;
    private static final int USES = 60;
    private static final String DB = "secret/data/db";
    private static final String CREDS = "database/creds/r";

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void noThreadSeesAnOlderValueAndNoChangeIsLost() throws Exception {
        for (int seed = 0; seed < HISTORIES; seed++) {
            History history = new History(seed);
            try {
                history.live();
            } catch (Throwable e) {
                throw new AssertionError("history " + seed, e);
            }
        }
    }

    /** A secret, the newest value of it that any use has ended with, and what its listener was told. */
    private static final class Watched {
        final Secret<Integer> secret;
        final AtomicInteger newest = new AtomicInteger();
        /** Before, after, before, after. */
        final List<Integer> told = new CopyOnWriteArrayList<>();

        Watched(Secret<Integer> secret) {
            this.secret = secret;
            secret.onChange(change -> told.addAll(List.of(change.before(), change.after())));
        }

        void use(boolean refresh, Deadline deadline) {
            int before = newest.get();
            int value;
            try {
                value = refresh ? secret.refresh(deadline) : secret.get(deadline);
            } catch (VaultUnavailableException | VaultNotFoundException e) {
                return;
            }
            assertThat(value).as("older than what a use before it gave").isGreaterThanOrEqualTo(before);
            newest.accumulateAndGet(value, Math::max);
        }
    }

    private final class History {
        private final int seed;
        private final boolean forgets;
        private final LivingVault vault;
        private final VaultSecrets secrets;
        private final List<Watched> all = new ArrayList<>();
        private final CyclicBarrier start = new CyclicBarrier(THREADS + 1);
        private final Deadline deadline = Deadline.after(InstantSource.system(), Duration.ofMinutes(1));

        History(int seed) {
            this.seed = seed;
            this.forgets = seed % 3 == 0;
            vault = new LivingVault(seed).role(CREDS, 100, 300, true);
            vault.kv(DB);
            secrets = vault.builder()
                    .executor(seed % 2 == 0 ? new BackgroundThreads() : Runnable::run)
                    .build();
            SecretOptions usual = SecretOptions.defaults();
            for (SecretOptions options :
                    List.of(usual, usual.withTtl(Duration.ofSeconds(5)), usual.withRefreshAhead(false))) {
                all.add(new Watched(secrets.secret(SecretReference.parse(DB + "#number"), Integer.class, options)));
            }
            all.add(new Watched(secrets.secret(SecretReference.parse(CREDS + "#number"), Integer.class, usual)));
        }

        void live() throws Exception {
            for (Watched watched : all) {
                watched.use(false, deadline);
            }
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed * 100L + i);
                running.add(threads.submit(() -> {
                    await();
                    for (int use = 0; use < USES; use++) {
                        all.get(random.nextInt(all.size())).use(random.nextInt(10) == 0, deadline);
                    }
                }));
            }
            running.add(threads.submit(this::disturb));
            for (Future<?> one : running) {
                one.get(1, TimeUnit.MINUTES);
            }
            settle();
        }

        private void await() {
            try {
                start.await(1, TimeUnit.MINUTES);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private void disturb() {
            Random random = new Random(seed);
            await();
            for (int i = 0; i < USES; i++) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> vault.rotate(DB);
                    case 2, 3 -> vault.pass(Duration.ofSeconds(random.nextInt(30)));
                    case 4 -> vault.pass(Duration.ofSeconds(1));
                    case 5 -> vault.outage(List.of(Outage.values()).get(random.nextInt(4)));
                    case 6 -> {
                        if (forgets) {
                            secrets.forget();
                        } else {
                            vault.outage(Outage.NONE);
                        }
                    }
                    default -> Thread.onSpinWait();
                }
            }
        }

        /** When all is quiet each secret is what Vault has, and each listener knows it. */
        private void settle() {
            vault.outage(Outage.NONE);
            vault.rotate(DB);
            vault.pass(Duration.ofHours(1));
            for (Watched watched : all) {
                int value = watched.secret.get(deadline);
                boolean isKv = watched.secret.reference().path().equals(DB);
                assertThat(value).isEqualTo(isKv ? vault.kv(DB).version : vault.leases.size());
                List<Integer> told = watched.told;
                for (int i = 0; i < told.size(); i += 2) {
                    assertThat(told.get(i)).isLessThan(told.get(i + 1));
                    if (i > 0 && !forgets) {
                        assertThat(told.get(i)).as("after %s", told).isEqualTo(told.get(i - 1));
                    }
                }
                if (!forgets) {
                    assertThat(told).last().isEqualTo(value);
                }
            }
        }
    }

    @Test
    void aListenerIsNotLostWhileAnotherIsTakenAway() throws Exception {
        LivingVault vault = new LivingVault();
        vault.kv(DB);
        Secret<String> secret = vault.builder().build().secret(DB + "#password");
        secret.get();
        for (int i = 0; i < 2_000; i++) {
            Subscription old = secret.onChange(change -> {});
            AtomicInteger told = new AtomicInteger();
            Future<?> closing = threads.submit(old::close);
            Subscription mine = secret.onChange(change -> told.incrementAndGet());
            closing.get(1, TimeUnit.MINUTES);
            vault.rotate(DB);
            vault.pass(Duration.ofMinutes(1));
            secret.get();
            assertThat(told).hasValue(1);
            mine.close();
        }
    }

    @Test
    void aFailureOfManyIsNotedOnce() throws Exception {
        LivingVault vault = new LivingVault();
        vault.kv(DB);
        Secret<String> secret = vault.builder().build().secret(DB + "#password");
        secret.get();
        vault.pass(Duration.ofMinutes(2));
        vault.outage(Outage.STATUS_503);
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            all.add(threads.submit(() -> {
                start.await(1, TimeUnit.MINUTES);
                return secret.get(Deadline.after(InstantSource.system(), Duration.ofMinutes(1)));
            }));
        }
        for (Future<String> one : all) {
            assertThat(one.get(1, TimeUnit.MINUTES)).isEqualTo("n0tf0rl0gs-1");
        }
        vault.outage(Outage.NONE);
        vault.pass(Duration.ofSeconds(1));
        vault.rotate(DB);
        assertThat(secret.get()).as("one failure is one pause").isEqualTo("n0tf0rl0gs-2");
    }
}
