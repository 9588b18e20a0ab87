package io.github.vaultlambda.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.CountingVault;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What happens to a token while a login or a renewal is under way, told step by step and then by many threads at once. */
class TokenRacesTest {
    private static final Duration UNTIL_RENEWAL = Duration.ofSeconds(850);
    private static final Duration UNTIL_GRACE = Duration.ofSeconds(995);

    private final FakeClock clock = new FakeClock();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private CountingVault vault = new CountingVault(1000, 100_000, 0);
    private VaultSession session = session(vault);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private VaultSession session(CountingVault vault, SessionListener... more) {
        VaultSession.Builder builder = VaultSession.builder(
                        VaultConfig.builder()
                                .address(URI.create("https://vault.example.com"))
                                .maxRetries(0)
                                .revokeOnClose(true)
                                .build(),
                        vault)
                .platform(new ScriptedTransport().otherwise(vault).platform(clock));
        for (SessionListener listener : more) {
            builder.listener(listener);
        }
        return builder.listener(vault).build();
    }

    private VaultToken ask() {
        return session.token(Deadline.after(clock, Duration.ofMinutes(1)));
    }

    private void later(Duration time) {
        clock.advance(time);
        vault.pass(time);
    }

    // ------------------------------------------------------------------ one step in the middle of another

    @Test
    void aLoginThatIsUnderWayWhenTheSessionIsClosedLeavesNoToken() {
        vault.duringLogin(() -> session.close());

        assertThatThrownBy(this::ask).isInstanceOf(IllegalStateException.class).hasMessage("this session is closed");

        assertThat(vault.alive()).isZero();
        assertThat(vault.told()).containsExactly("logged in 1", "dropped 1 CLOSED");
    }

    @Test
    void aTokenThatIsRenewedWhileTheSessionIsClosedIsNotHandedOut() {
        ask();
        later(UNTIL_RENEWAL);
        vault.duringRenewal(() -> session.close());

        assertThatThrownBy(this::ask).isInstanceOf(IllegalStateException.class);
        assertThat(vault.alive()).isZero();
    }

    @Test
    void aTokenThatIsRejectedDuringItsRenewalIsReplaced() {
        VaultToken token = ask();
        later(UNTIL_RENEWAL);
        vault.duringRenewal(() -> session.reject(token));

        assertThat(ask().accessor()).isEqualTo("2");
        assertThat(vault.told()).containsExactly("logged in 1", "dropped 1 REJECTED", "logged in 2");
    }

    @Test
    void aFreezeDuringTheRenewalEndsTheToken() {
        ask();
        later(UNTIL_RENEWAL);
        vault.duringRenewal(() -> {
            vault.down(true);
            later(Duration.ofHours(1));
        });

        assertThatThrownBy(this::ask).isInstanceOf(VaultException.class);
    }

    @Test
    void theEndOfATokenIsToldOnceThoughItIsRejectedWhileItsSuccessorIsFetched() {
        VaultToken token = ask();
        later(UNTIL_GRACE);
        vault.duringLogin(() -> session.reject(token));

        assertThat(ask().accessor()).isEqualTo("2");
        assertThat(vault.told()).containsExactly("logged in 1", "dropped 1 REJECTED", "logged in 2");
    }

    @Test
    void inAnOutageARejectedTokenDoesNotServeToItsEnd() {
        VaultToken token = ask();
        later(UNTIL_GRACE);
        vault.duringLogin(() -> {
            session.reject(token);
            throw new VaultUnavailableException(VaultFailure.of("down"));
        });

        assertThatThrownBy(this::ask).isInstanceOf(VaultUnavailableException.class);
    }

    @Test
    void noListenerHearsOfTheEndBeforeTheBeginning() {
        SessionListener hasty = new SessionListener() {
            @Override
            public void loggedIn(VaultToken token) {
                session.reject(token);
            }
        };
        session = session(vault, hasty);

        ask();

        assertThat(vault.told()).containsExactly("logged in 1", "dropped 1 REJECTED");
    }

    @Test
    void theRenewalOfACountedTokenTakesOneOfItsUses() {
        vault = new CountingVault(1000, 100_000, 3);
        session = session(vault);
        session.client().read("secret/data/a");
        later(UNTIL_RENEWAL);

        for (int i = 0; i < 4; i++) {
            session.client().read("secret/data/a");
        }

        assertThat(vault.renewals()).isEqualTo(1);
        assertThat(vault.refusals()).isZero();
        assertThat(vault.logins()).isEqualTo(2);
    }

    // ------------------------------------------------------------------ many at once

    private <T> List<T> atOnce(int count, Callable<T> step) throws Exception {
        CyclicBarrier start = new CyclicBarrier(count);
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            running.add(threads.submit(() -> {
                start.await(1, TimeUnit.MINUTES);
                return step.call();
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> one : running) {
            results.add(one.get(1, TimeUnit.MINUTES));
        }
        return results;
    }

    private VaultToken askFor(VaultSession session) {
        return session.token(Deadline.after(InstantSource.system(), Duration.ofMinutes(1)));
    }

    @RepeatedTest(20)
    void fiftyThreadsGetOneToken() throws Exception {
        assertThat(new HashSet<>(atOnce(50, () -> askFor(session)))).hasSize(1);
        assertThat(vault.logins()).isEqualTo(1);

        later(UNTIL_RENEWAL);
        for (VaultToken token : atOnce(50, () -> askFor(session))) {
            assertThat(token.accessor()).isEqualTo("1");
        }
        assertThat(vault.renewals()).isEqualTo(1);
    }

    @RepeatedTest(20)
    void whoRejectsATokenDoesNotGetItAgain() throws Exception {
        atOnce(16, () -> {
            for (int i = 0; i < 10; i++) {
                VaultToken token = askFor(session);
                session.reject(token);
                assertThat(askFor(session).isSameAs(token)).isFalse();
            }
            return true;
        });
        assertThat(vault.told()).doesNotHaveDuplicates();
    }

    @RepeatedTest(20)
    void aCountedTokenIsHandedOutAsOftenAsItIsGoodFor() throws Exception {
        vault = new CountingVault(1000, 100_000, 3);
        session = session(vault);

        Map<String, Integer> uses = new HashMap<>();
        for (VaultToken token : atOnce(48, () -> askFor(session))) {
            uses.merge(String.valueOf(token.accessor()), 1, Integer::sum);
        }

        assertThat(uses.values()).allMatch(count -> count == 3);
        assertThat(vault.logins()).isEqualTo(16);
    }

    @RepeatedTest(50)
    void noTokenOutlivesItsSession() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        Callable<Boolean> askOrClose = () -> {
            boolean before = closed.get();
            try {
                if (Thread.currentThread().getId() % 4 == 0) {
                    session.close();
                    closed.set(true);
                    before = true;
                }
                askFor(session);
                return before;
            } catch (IllegalStateException e) {
                return false;
            }
        };
        assertThat(atOnce(8, askOrClose)).as("handed out after the end").doesNotContain(true);
        session.close();

        assertThat(vault.alive()).isZero();
        assertThat(vault.told()).doesNotHaveDuplicates().hasSize(2 * vault.logins());
    }
}
