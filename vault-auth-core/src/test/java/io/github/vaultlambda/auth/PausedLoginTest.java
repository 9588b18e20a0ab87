package io.github.vaultlambda.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.login.LoginExchange;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import io.github.vaultlambda.http.HttpTransport;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a session does while logins cannot be made and none is to be tried. */
class PausedLoginTest {
    private static final VaultConfig CONFIG = VaultConfig.builder()
            .address(URI.create("https://vault.example.com"))
            .tokenGrace(Duration.ofSeconds(60))
            .build();

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport vault = new ScriptedTransport();
    private int logins;
    private int failures;
    private Runnable whileItWaits = () -> {};

    private final LoginMethod login = new LoginMethod() {
        @Override
        public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
            logins++;
            VaultRequest request = VaultRequest.repeatablePut("auth/test/login", SecretValue.of(Map.of()));
            return LoginExchange.send(endpoint, request, deadline);
        }

        @Override
        public String describe() {
            return "test";
        }
    };

    private final SessionListener listener = new SessionListener() {
        @Override
        public void failed(VaultException failure) {
            failures++;
        }
    };

    private final VaultSession session = VaultSession.builder(CONFIG, login)
            .platform(vault.platform(clock).withSleeper(this::sleep))
            .listener(listener)
            .build();

    private void sleep(Duration time) {
        whileItWaits.run();
        clock.sleep(time);
    }

    private VaultToken token() {
        return session.token(session.client().newDeadline());
    }

    private void cannotLogIn() {
        assertThatThrownBy(this::token).isInstanceOf(VaultUnavailableException.class);
    }

    private void answers(int status) {
        vault.otherwise(call -> ScriptedTransport.reply(
                status, "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\",\"lease_duration\":200,\"renewable\":false}}"));
    }

    @Test
    void whoIsTurnedAwayCostsNoSignatureAndIsNoFailedLogin() {
        answers(503);
        cannotLogIn();
        cannotLogIn();
        answers(200);
        assertThat(logins).isEqualTo(2);

        assertThatThrownBy(this::token)
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessageContaining("with 503. No new login was tried");
        assertThat(logins).as("the login method is not asked").isEqualTo(2);
        assertThat(failures).isEqualTo(2);

        assertThat(token().ttl()).isEqualTo(Duration.ofSeconds(200));
        assertThat(logins).isEqualTo(3);
    }

    @Test
    void whoCannotWaitForTheEndOfAShortPauseWaitsOnceAndThenTries() {
        answers(503);
        cannotLogIn();
        answers(200);
        int waits = clock.waits().size();

        session.token(session.endpoint().deadlineIn(Duration.ofSeconds(3)));

        assertThat(clock.waits().subList(waits, clock.waits().size())).containsExactly(Duration.ofMillis(1_500));
        assertThat(logins).isEqualTo(2);
    }

    @Test
    void aTokenThatLivesServesWithoutAWait() {
        answers(200);
        VaultToken token = token();
        answers(503);
        clock.advance(Duration.ofSeconds(145));
        for (int call = 0; call < 3; call++) {
            assertThat(token()).isSameAs(token);
            clock.advance(Duration.ofSeconds(6));
        }
        assertThat(session.endpoint().isLoginPaused()).isTrue();
        int waits = clock.waits().size();
        int asked = vault.calls().size();

        assertThat(token()).isSameAs(token);

        assertThat(clock.waits()).hasSize(waits);
        assertThat(vault.calls()).hasSize(asked);
    }

    @Test
    void whoComesWhileAnotherLogsInWaitsForThat() throws Exception {
        vault.then(call -> new HttpTransport.Reply(503, new byte[0], Map.of("retry-after", "10")));
        answers(200);
        FutureTask<VaultToken> other =
                new FutureTask<>(() -> session.token(session.endpoint().deadlineIn(Duration.ofSeconds(6))));
        whileItWaits = () -> {
            Thread thread = new Thread(other);
            thread.start();
            while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        };

        VaultToken token = session.token(session.endpoint().deadlineIn(Duration.ofSeconds(30)));

        assertThat(other.get(1, TimeUnit.MINUTES)).isSameAs(token);
        assertThat(clock.waits())
                .as("of which it could not have waited for the end")
                .containsExactly(Duration.ofSeconds(10));
    }

    @Test
    void whoWaitsWhenTheSessionIsClosedLogsInNoMore() {
        answers(503);
        cannotLogIn();
        answers(200);
        whileItWaits = session::close;

        assertThatThrownBy(this::token).isInstanceOf(IllegalStateException.class);

        assertThat(logins).isEqualTo(1);
    }
}
