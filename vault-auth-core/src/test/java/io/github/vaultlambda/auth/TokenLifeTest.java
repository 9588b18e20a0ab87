package io.github.vaultlambda.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Renewal, counted tokens, outages, listeners and the end of a session; the token is judged when it is asked for. */
class TokenLifeTest {
    private static final String RENEW = "PUT https://vault.example.com/v1/auth/token/renew-self";
    private static final String LOGIN = "POST https://vault.example.com/v1/auth/test/login";
    private static final String REVOKE = "PUT https://vault.example.com/v1/auth/token/revoke-self";

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport vault = new ScriptedTransport();
    private final List<String> told = new ArrayList<>();
    private boolean issuesTokens = true;
    private int logins;

    /** A login whose request is seen by the test. */
    private final LoginMethod login = new LoginMethod() {
        @Override
        public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
            logins++;
            return Objects.requireNonNull(VaultToken.issuedBy(
                    endpoint.send(VaultRequest.post("auth/test/login", SecretValue.of(Map.of())), null, deadline)));
        }

        @Override
        public String describe() {
            return "test";
        }

        @Override
        public boolean issuesTokens() {
            return issuesTokens;
        }
    };

    private final SessionListener listener = new SessionListener() {
        @Override
        public void loggedIn(VaultToken token) {
            told.add("logged in " + token.accessor());
        }

        @Override
        public void renewed(VaultToken token) {
            told.add("renewed " + token.accessor() + " for " + token.ttl());
        }

        @Override
        public void dropped(VaultToken token, Reason reason) {
            told.add("dropped " + token.accessor() + " " + reason);
        }

        @Override
        public void failed(VaultException failure) {
            told.add("failed " + failure.path());
        }
    };

    private VaultSession session(VaultConfig.Builder config) {
        return VaultSession.builder(config.build(), login)
                .platform(vault.platform(clock))
                .listener(listener)
                .build();
    }

    private VaultSession session() {
        return session(config());
    }

    private static VaultConfig.Builder config() {
        return VaultConfig.builder()
                .address(URI.create("https://vault.example.com"))
                .maxRetries(0);
    }

    private static String auth(String accessor, int ttlSeconds, boolean renewable, int uses) {
        return "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs." + accessor + "\",\"accessor\":\"" + accessor
                + "\",\"lease_duration\":" + ttlSeconds + ",\"renewable\":" + renewable + ",\"num_uses\":" + uses
                + "}}";
    }

    private Deadline soon() {
        return Deadline.after(clock, Duration.ofSeconds(10));
    }

    private void later(long seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    private List<String> calls() {
        return vault.calls().stream().map(Object::toString).toList();
    }

    // ------------------------------------------------------------------ renewal

    @Test
    void isRenewedBelowAFifthOfItsLife() {
        vault.then(200, auth("a", 1000, true, 0)).then(200, auth("a", 1000, true, 0));
        VaultSession session = session();
        VaultToken first = session.token(soon());

        later(800);
        assertThat(session.token(soon())).isSameAs(first);
        later(1);
        VaultToken renewed = session.token(soon());

        assertThat(calls()).containsExactly(LOGIN, RENEW);
        assertThat(vault.call(1).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs.a");
        assertThat(vault.call(1).body()).asString().isEqualTo("{\"increment\":1000}");
        assertThat(renewed.isSameAs(first)).isTrue();
        assertThat(renewed.issuedAt()).isEqualTo(FakeClock.START.plusSeconds(801));
        assertThat(told).containsExactly("logged in a", "renewed a for PT16M40S");
        later(800);
        assertThat(session.token(soon())).isSameAs(renewed);
    }

    @Test
    void whatIsNotRenewableIsReplaced() {
        vault.then(200, auth("a", 1000, false, 0)).then(200, auth("b", 1000, false, 0));
        VaultSession session = session();
        session.token(soon());

        later(985);
        assertThat(session.token(soon()).accessor()).isEqualTo("a");
        later(6);
        assertThat(session.token(soon()).accessor()).isEqualTo("b");

        assertThat(calls()).containsExactly(LOGIN, LOGIN);
        assertThat(told).containsExactly("logged in a", "dropped a EXPIRED", "logged in b");
    }

    @Test
    void atMaxTtlALoginFollows() {
        vault.then(200, auth("a", 1000, true, 0))
                .then(200, auth("a", 300, true, 0)) // Vault shortens what goes beyond the max TTL
                .then(200, auth("b", 1000, true, 0));
        VaultSession session = session();
        session.token(soon());

        later(900);
        session.token(soon());
        later(285);
        assertThat(session.token(soon()).accessor()).isEqualTo("a");
        later(10);
        assertThat(session.token(soon()).accessor()).isEqualTo("b");

        assertThat(calls()).as("no second renewal").containsExactly(LOGIN, RENEW, LOGIN);
    }

    @Test
    void aFailedRenewalLeavesTheTokenAndIsTriedAgainNotBeforeTheFloor() {
        vault.then(200, auth("a", 1000, true, 0))
                .thenFail(new ConnectException("refused"))
                .then(200, auth("a", 1000, true, 0));
        VaultSession session = session();
        VaultToken first = session.token(soon());
        later(850);

        assertThat(session.token(soon())).isSameAs(first);
        later(4);
        assertThat(session.token(soon())).isSameAs(first);
        assertThat(calls()).containsExactly(LOGIN, RENEW);
        later(1);
        assertThat(session.token(soon())).isNotSameAs(first);

        assertThat(calls()).containsExactly(LOGIN, RENEW, RENEW);
        assertThat(told).containsExactly("logged in a", "failed auth/token/renew-self", "renewed a for PT16M40S");
    }

    @Test
    void aRefusedRenewalIsNotTriedAgain() {
        vault.then(200, auth("a", 1000, true, 0)).then(403, "{\"errors\":[\"permission denied\"]}");
        VaultSession session = session();
        VaultToken first = session.token(soon());
        later(850);
        session.token(soon());
        later(60);

        assertThat(session.token(soon()).isSameAs(first)).isTrue();
        assertThat(calls()).containsExactly(LOGIN, RENEW);
    }

    @Test
    void aTokenTooShortForThatIsRenewedWhenItsGraceBegins() {
        vault.then(200, auth("a", 30, true, 0))
                .then(200, auth("a", 30, true, 0))
                .then(200, auth("a", 8, true, 0)) // max TTL
                .then(200, auth("b", 30, true, 0));
        VaultSession session = session();
        VaultToken first = session.token(soon());

        later(19);
        assertThat(session.token(soon())).isSameAs(first);
        later(1);
        assertThat(session.token(soon()).isSameAs(first)).isTrue();
        assertThat(calls()).containsExactly(LOGIN, RENEW);
        later(20);
        assertThat(session.token(soon()).isSameAs(first)).isTrue();
        later(4);
        assertThat(session.token(soon()).accessor()).isEqualTo("b");

        assertThat(calls()).containsExactly(LOGIN, RENEW, RENEW, LOGIN);
    }

    @Test
    void aShortTokenThatCannotBeRenewedNowServesToItsEnd() {
        vault.then(200, auth("a", 30, true, 0))
                .thenFail(new ConnectException("refused"))
                .thenFail(new ConnectException("refused"))
                .then(200, auth("b", 30, true, 0));
        VaultSession session = session();
        VaultToken first = session.token(soon());

        later(21);
        assertThat(session.token(soon())).isSameAs(first);
        later(2);
        assertThat(session.token(soon())).as("between two tries").isSameAs(first);
        later(4);
        assertThat(session.token(soon())).isSameAs(first);
        later(3);
        assertThat(session.token(soon()).accessor()).isEqualTo("b");

        assertThat(calls()).containsExactly(LOGIN, RENEW, RENEW, LOGIN);
    }

    @Test
    void aRenewalWaitsNotLong() {
        vault.then(200, auth("a", 1000, true, 0)).then(200, auth("a", 1000, true, 0));
        VaultSession session = session();
        session.token(soon());
        later(850);

        session.token(soon());

        assertThat(vault.call(1).timeout()).isEqualTo(Duration.ofSeconds(2));
    }

    // ------------------------------------------------------------------ other kinds of token

    @Test
    void aCountedTokenServesAsOftenAsVaultAllows() {
        vault.then(200, auth("a", 1000, true, 3)).then(200, auth("b", 1000, true, 3));
        VaultSession session = session();

        List<String> accessors = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            accessors.add(session.token(soon()).accessor());
        }

        assertThat(accessors).containsExactly("a", "a", "a", "b", "b");
        assertThat(told).containsExactly("logged in a", "dropped a USED_UP", "logged in b");
    }

    @Test
    void aTokenOfOneUseMeansALoginEach() {
        vault.then(200, auth("a", 1000, false, 1)).then(200, auth("b", 1000, false, 1));
        VaultSession session = session();

        assertThat(session.token(soon()).accessor()).isEqualTo("a");
        assertThat(session.token(soon()).accessor()).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"accessor\":\"\",", ""})
    void aBatchTokenIsReplacedAtItsEndAndNeverRevoked(String accessor) {
        String answer = "{\"auth\":{\"client_token\":\"hvb.n0tf0rl0gs\"," + accessor
                + "\"lease_duration\":60,\"renewable\":false,\"token_type\":\"batch\",\"num_uses\":0}}";
        vault.then(200, answer).then(200, answer);
        VaultSession session = session(config().revokeOnClose(true));
        assertThat(session.token(soon()).accessor()).isNull();
        later(60);
        session.token(soon());

        session.close();

        assertThat(calls()).containsExactly(LOGIN, LOGIN);
    }

    @Test
    void aTokenWithoutEndIsNeitherRenewedNorReplaced() {
        vault.then(200, auth("root", 0, false, 0));
        VaultSession session = session();

        for (int i = 0; i < 3; i++) {
            session.token(soon());
            later(1_000_000);
        }

        assertThat(calls()).containsExactly(LOGIN);
    }

    // ------------------------------------------------------------------ clocks and outages

    @Test
    void aClockSetBackBehindItsBirthVoidsTheToken() {
        vault.then(200, auth("a", 1000, true, 0)).then(200, auth("b", 1000, true, 0));
        VaultSession session = session();
        session.token(soon());

        later(-3600);

        assertThat(session.token(soon()).accessor()).isEqualTo("b");
    }

    @Test
    void aSmallStepBackDoesNot() {
        vault.then(200, auth("a", 1000, true, 0));
        VaultSession session = session();
        VaultToken token = session.token(soon());

        later(-2);

        assertThat(session.token(soon())).isSameAs(token);
    }

    @Test
    void whenNoLoginSucceedsTheOldTokenServesToItsVeryEnd() {
        vault.then(200, auth("a", 1000, false, 0)).otherwise(call -> {
            throw new ConnectException("refused");
        });
        VaultSession session = session();
        VaultToken token = session.token(soon());

        later(991);
        assertThat(session.token(soon())).isSameAs(token);
        later(6);
        assertThat(session.token(soon())).isSameAs(token);
        later(3);
        assertThatThrownBy(() -> session.token(soon())).isInstanceOf(VaultUnavailableException.class);

        assertThat(told)
                .containsExactly(
                        "logged in a", "failed auth/test/login", "failed auth/test/login", "failed auth/test/login");
    }

    @Test
    void aLoginThatHangsIsNotWaitedForLongWhileTheOldTokenLives() {
        vault.then(200, auth("a", 1000, false, 0)).then(call -> {
            clock.advance(call.timeout());
            throw new SocketTimeoutException("no answer");
        });
        VaultSession session = session();
        VaultToken token = session.token(soon());

        later(991);
        assertThat(session.token(soon())).isSameAs(token);
        assertThat(session.token(soon())).as("nor tried again at once").isSameAs(token);

        assertThat(calls()).containsExactly(LOGIN, LOGIN);
        assertThat(vault.call(1).timeout()).isEqualTo(Duration.ofSeconds(3));
    }

    // ------------------------------------------------------------------ the user's hand

    @Test
    void invalidateMakesTheNextRequestLogIn() {
        vault.then(200, auth("a", 1000, true, 0)).then(200, auth("b", 1000, true, 0));
        VaultSession session = session();
        session.invalidate();
        session.token(soon());

        session.invalidate();
        session.invalidate();

        assertThat(calls()).containsExactly(LOGIN);
        assertThat(session.token(soon()).accessor()).isEqualTo("b");
        assertThat(told).containsExactly("logged in a", "dropped a INVALIDATED", "logged in b");
    }

    @Test
    void aTokenKnownFromBeforeItsRenewalCanBeRejected() {
        vault.then(200, auth("a", 1000, true, 0))
                .then(200, auth("a", 1000, true, 0))
                .then(200, auth("b", 1000, true, 0));
        VaultSession session = session();
        VaultToken early = session.token(soon());
        later(850);
        session.token(soon());

        session.reject(early);

        assertThat(session.token(soon()).accessor()).isEqualTo("b");
        assertThat(told).contains("dropped a REJECTED");
    }

    @Test
    void closeDropsTheToken() {
        vault.then(200, auth("a", 1000, true, 0));
        VaultSession session = session();
        session.token(soon());

        session.close();
        session.close();

        assertThat(calls()).containsExactly(LOGIN);
        assertThat(told).containsExactly("logged in a", "dropped a CLOSED");
        assertThatThrownBy(() -> session.token(soon())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closeRevokesWhenAskedTo() {
        vault.then(200, auth("a", 1000, true, 0)).then(204, "");
        VaultSession session = session(config().revokeOnClose(true));
        session.token(soon());

        session.close();

        assertThat(calls()).containsExactly(LOGIN, REVOKE);
        assertThat(vault.call(1).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs.a");
        assertThat(vault.call(1).timeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void closeRevokesInTheTimeThatIsLeft() {
        vault.then(200, auth("a", 1000, true, 0)).then(204, "");
        VaultSession session = session(config().revokeOnClose(true));
        session.token(soon());

        session.close(Deadline.after(clock, Duration.ofMillis(300)));

        assertThat(calls()).containsExactly(LOGIN, REVOKE);
        assertThat(vault.call(1).timeout()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void closeRevokesNothingWhenNoTimeIsLeft() {
        vault.then(200, auth("a", 1000, true, 0));
        VaultSession session = session(config().revokeOnClose(true));
        session.token(soon());

        session.close(Deadline.after(clock, Duration.ZERO));

        assertThat(calls()).containsExactly(LOGIN);
    }

    @Test
    void closeRevokesRejectedTokensAsWellWhichMayBeAlive() {
        vault.then(200, auth("a", 1000, true, 0))
                .then(200, auth("b", 1000, true, 0))
                .then(200, auth("c", 1000, true, 0))
                .then(204, "")
                .then(403, "{\"errors\":[\"permission denied\",\"invalid token\"]}")
                .then(204, "");
        VaultSession session = session(config().revokeOnClose(true));
        session.reject(session.token(soon()));
        session.reject(session.token(soon()));
        session.token(soon());

        session.close();
        session.close();

        assertThat(calls()).containsExactly(LOGIN, LOGIN, LOGIN, REVOKE, REVOKE, REVOKE);
        assertThat(vault.call(3).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs.c");
        assertThat(vault.call(4).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs.b");
        assertThat(vault.call(5).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs.a");
    }

    @Test
    void rejectedTokensAreForgottenWithAllElse() {
        vault.then(200, auth("a", 1000, true, 0));
        VaultSession session = session(config().revokeOnClose(true));
        session.reject(session.token(soon()));

        session.forget();
        session.close();

        assertThat(calls()).containsExactly(LOGIN);
    }

    @Test
    void aRejectedTokenThatHasEndedMeanwhileIsNotRevoked() {
        vault.then(200, auth("a", 1000, true, 0));
        VaultSession session = session(config().revokeOnClose(true));
        session.reject(session.token(soon()));
        later(1000);

        session.close();

        assertThat(calls()).containsExactly(LOGIN);
    }

    @Test
    void closeDoesNotFailWhenVaultDoes() {
        vault.then(200, auth("a", 1000, true, 0)).thenFail(new ConnectException("refused"));
        VaultSession session = session(config().revokeOnClose(true));
        session.token(soon());

        session.close();

        assertThat(calls()).containsExactly(LOGIN, REVOKE);
    }

    @Test
    void aTokenThatTheLoginDidNotMakeIsNotRevoked() {
        issuesTokens = false;
        vault.then(200, auth("a", 1000, true, 0));
        VaultSession session = session(config().revokeOnClose(true));
        session.token(soon());

        session.close();

        assertThat(calls()).containsExactly(LOGIN);
    }

    @Test
    void aListenerThatFailsDisturbsNobody() {
        vault.then(200, auth("a", 1000, true, 0)).then(200, auth("b", 1000, true, 0));
        SessionListener broken = new SessionListener() {
            @Override
            public void loggedIn(VaultToken token) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void dropped(VaultToken token, Reason reason) {
                throw new IllegalStateException("broken");
            }
        };
        VaultSession session = VaultSession.builder(config().build(), login)
                .platform(vault.platform(clock))
                .listener(broken)
                .listener(listener)
                .build();

        session.token(soon());
        session.invalidate();
        session.token(soon());

        assertThat(told).containsExactly("logged in a", "dropped a INVALIDATED", "logged in b");
        assertThat(logins).isEqualTo(2);
    }
}
