package io.github.vaultlambda.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.http.TransportException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How rarely logins are tried while they cannot be made, and what becomes of who cannot wait so long. */
class LoginPauseTest {
    private static final String OK = "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\"}}";
    private static final VaultRequest LOGIN = VaultRequest.repeatablePut("auth/aws/login", SecretValue.of(Map.of()));
    private static final Duration USUAL = Duration.ofSeconds(9);
    private static final VaultConfig CONFIG = VaultConfig.builder()
            .address(URI.create("https://vault.example.com:8200"))
            .build();

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport vault = new ScriptedTransport();
    private final VaultEndpoint endpoint = endpoint(false);

    private VaultEndpoint endpoint(boolean mostJitter) {
        return new VaultEndpoint(CONFIG, vault.platform(clock).withRandom(ScriptedTransport.random(mostJitter)));
    }

    private VaultResponse logIn(VaultEndpoint endpoint, Duration time) {
        return endpoint.sendLogin(LOGIN, endpoint.deadlineIn(time));
    }

    private VaultException failToLogIn(VaultEndpoint endpoint, Duration time) {
        return Objects.requireNonNull(
                catchThrowableOfType(VaultUnavailableException.class, () -> logIn(endpoint, time)), "no failure");
    }

    private void failToLogIn(VaultEndpoint endpoint) {
        failToLogIn(endpoint, USUAL);
    }

    /** Until only the longest pauses are left. */
    private void failToLogInTwice() {
        failToLogIn(endpoint);
        failToLogIn(endpoint);
    }

    private void failsWith(int status) {
        vault.otherwise(call -> ScriptedTransport.reply(status, "{\"errors\":[\"later\"]}"));
    }

    private void isGone() {
        vault.otherwise(call -> {
            throw new ConnectException("refused");
        });
    }

    private void isWell() {
        vault.otherwise(call -> ScriptedTransport.reply(200, OK));
    }

    private List<Duration> waitsAfter(int seen) {
        return clock.waits().subList(seen, clock.waits().size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterAConnectionThatFailedTheNextTryIsSoon(boolean mostJitter) {
        isGone();

        failToLogIn(endpoint(mostJitter));

        assertThat(vault.calls()).hasSize(3);
        assertThat(clock.waits())
                .containsExactly(
                        Duration.ofMillis(mostJitter ? 200 : 100), Duration.ofMillis(mostJitter ? 2000 : 1000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoAnswersThatHeCannotIsGivenMoreTime(boolean mostJitter) {
        failsWith(500);

        failToLogIn(endpoint(mostJitter));

        assertThat(vault.calls())
                .as("the last one in the time that the call has")
                .hasSize(3);
        assertThat(clock.waits())
                .containsExactly(
                        Duration.ofMillis(mostJitter ? 2000 : 1000), Duration.ofMillis(mostJitter ? 5000 : 3500));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theCallAfterAFailedOneHasItsTry(boolean mostJitter) {
        VaultEndpoint endpoint = endpoint(mostJitter);
        failsWith(503);
        failToLogIn(endpoint);
        isWell();
        int seen = clock.waits().size();

        assertThat(logIn(endpoint, USUAL).status()).isEqualTo(200);

        assertThat(waitsAfter(seen)).containsExactly(Duration.ofMillis(mostJitter ? 7000 : 3500));
        logIn(endpoint, USUAL);
        assertThat(waitsAfter(seen)).as("all is well again").hasSize(1);
    }

    @Test
    void whoCannotWaitForTheEndFailsAsTheLastOneDidAndAsksNobody() {
        failsWith(500);
        failToLogInTwice();
        isWell();
        int seen = clock.waits().size();
        int asked = vault.calls().size();

        VaultException failure = failToLogIn(endpoint, USUAL);

        assertThat(vault.calls()).hasSize(asked);
        assertThat(waitsAfter(seen)).as("2 s are left").containsExactly(Duration.ofSeconds(7));
        assertThat(failure)
                .hasMessage("Vault answered PUT auth/aws/login with 500: later. No new login was tried, as the last 4"
                        + " failed: the next may begin in 4 s, at 2026-03-01T12:00:19Z");
        assertThat(failure.status()).isEqualTo(500);
        assertThat(failure.path()).isEqualTo("auth/aws/login");
        assertThat(failure.errors()).containsExactly("later");
        assertThat(failure.getCause()).isInstanceOf(VaultUnavailableException.class);

        logIn(endpoint, USUAL);
        assertThat(waitsAfter(seen)).last().isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void eachPauseIsOneTryHoweverManyCallsItTurnsAway() {
        failsWith(500);
        failToLogInTwice();
        int asked = vault.calls().size();

        for (int call = 0; call < 20; call++) {
            failToLogIn(endpoint);
        }

        assertThat(vault.calls())
                .as("11 s each, of which calls wait 7 s and 4 s")
                .hasSize(asked + 10);
    }

    @Test
    void theFailureKeepsItsTypeAndItsHint() {
        vault.otherwise(call -> ScriptedTransport.reply(503, "{\"errors\":[\"Vault is sealed\"]}"));
        failToLogInTwice();

        VaultException failure = failToLogIn(endpoint, USUAL);

        assertThat(failure)
                .isInstanceOf(VaultSealedException.class)
                .hasMessageMatching("Vault answered .* with 503: Vault is sealed\\. No new login was tried, .*Z\\."
                        + " Hint: an operator has to unseal it");
        assertThat(failure.hint()).isEqualTo("an operator has to unseal it");
    }

    @Test
    void soDoesOneThatIsNoAnswerOfVaults() {
        vault.otherwise(call -> {
            throw new TransportException(TransportException.Kind.MALFORMED_ANSWER, "no HTTP", null, null, true);
        });
        for (int call = 0; call < 2; call++) {
            assertThatThrownBy(() -> logIn(endpoint, USUAL)).isInstanceOf(VaultResponseException.class);
        }

        assertThatThrownBy(() -> logIn(endpoint, USUAL))
                .isInstanceOf(VaultResponseException.class)
                .hasMessageContaining("No new login was tried");
    }

    @Test
    void whoHasMoreTimeWaitsForTheEndOfTheLongestPause() {
        failsWith(500);
        failToLogInTwice();
        isWell();

        logIn(endpoint, Duration.ofSeconds(30));

        assertThat(clock.waits()).last().isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void whoHasLittleTimeKeepsHalfOfItForTheLogin() {
        failsWith(500);
        failToLogIn(endpoint);
        vault.otherwise(call -> {
            assertThat(call.timeout()).isEqualTo(Duration.ofMillis(500));
            return ScriptedTransport.reply(200, OK);
        });

        logIn(endpoint, Duration.ofSeconds(1));
    }

    @Test
    void butInALongPauseHeIsTurnedAwayAsWell() {
        failsWith(500);
        failToLogInTwice();
        int asked = vault.calls().size();

        failToLogIn(endpoint, Duration.ofSeconds(1));

        assertThat(clock.waits()).last().isEqualTo(Duration.ofMillis(500));
        assertThat(vault.calls()).hasSize(asked);
    }

    @Test
    void aFirstCallWithLittleTimeTriesAgainInTheMiddleOfIt() {
        vault.then(500, "{}").otherwise(call -> {
            assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(1));
            return ScriptedTransport.reply(200, OK);
        });

        logIn(endpoint, Duration.ofSeconds(2));
    }

    @Test
    void anAnswerOfVaultEndsIt() {
        failsWith(500);
        failToLogIn(endpoint);
        vault.otherwise(call -> ScriptedTransport.reply(400, "{\"errors\":[\"no such role\"]}"));

        assertThatThrownBy(() -> logIn(endpoint, USUAL)).isInstanceOf(VaultRequestException.class);
        int seen = clock.waits().size();
        assertThatThrownBy(() -> logIn(endpoint, USUAL)).isInstanceOf(VaultRequestException.class);

        assertThat(waitsAfter(seen)).isEmpty();
    }

    @Test
    void aVaultThatIsOnlyBusyIsAskedMoreOften() {
        failsWith(429);
        for (int call = 0; call < 5; call++) {
            int asked = vault.calls().size();
            failToLogIn(endpoint);
            assertThat(vault.calls()).hasSizeGreaterThan(asked);
        }

        assertThat(waitsAfter(1)).containsOnly(Duration.ofMillis(3_500));
    }

    @Test
    void whatVaultWishesCountsAcrossCalls() {
        vault.otherwise(call -> new HttpTransport.Reply(503, new byte[0], Map.of("retry-after", "20")));
        failToLogIn(endpoint);
        assertThat(clock.waits()).isEmpty();
        isWell();

        logIn(endpoint, Duration.ofSeconds(60));

        assertThat(clock.waits()).containsExactly(Duration.ofSeconds(20));
    }

    @Test
    void nobodyIsTurnedAwayForHours() {
        vault.otherwise(call -> new HttpTransport.Reply(503, new byte[0], Map.of("retry-after", "36000")));
        failToLogIn(endpoint);
        isWell();

        logIn(endpoint, Duration.ofSeconds(100));

        assertThat(clock.waits()).containsExactly(Duration.ofMinutes(1));
    }

    @Test
    void aFleetThatIsTurnedAwayTogetherDoesNotComeBackTogether() {
        vault.then(call -> new HttpTransport.Reply(429, new byte[0], Map.of("retry-after", "2")))
                .then(200, OK);

        endpoint(true).send(VaultRequest.get("secret/data/db"), null, endpoint.deadlineIn(USUAL));

        assertThat(clock.waits()).as("up to twice what Vault says").containsExactly(Duration.ofSeconds(4));
    }

    @Test
    void longAgoCountsNoMoreNorDoesAClockThatWasSetBack() {
        isGone();
        failToLogInTwice();
        clock.advance(Duration.ofMinutes(3));
        int seen = clock.waits().size();
        failToLogIn(endpoint);
        assertThat(waitsAfter(seen)).as("as at first").startsWith(Duration.ofMillis(100));

        clock.advance(Duration.ofHours(-1));
        seen = clock.waits().size();
        failToLogIn(endpoint);
        assertThat(waitsAfter(seen)).startsWith(Duration.ofMillis(100));
    }

    @Test
    void nothingOfItOutlivesASnapshot() {
        isGone();
        failToLogIn(endpoint);
        int seen = clock.waits().size();

        endpoint.forget();
        failToLogIn(endpoint);

        assertThat(waitsAfter(seen)).startsWith(Duration.ofMillis(100));
    }

    @Test
    void whoWaitsWhileItIsEndedMayTry() {
        List<VaultEndpoint> own = new ArrayList<>();
        VaultEndpoint endpoint = new VaultEndpoint(CONFIG, vault.platform(clock).withSleeper(time -> {
            clock.sleep(time);
            own.forEach(VaultEndpoint::forget);
        }));
        own.add(endpoint);
        vault.otherwise(call -> new HttpTransport.Reply(503, new byte[0], Map.of("retry-after", "20")));
        failToLogIn(endpoint);
        assertThat(endpoint.isLoginPaused()).isTrue();
        isWell();

        assertThat(logIn(endpoint, USUAL).status()).isEqualTo(200);
    }

    @AfterEach
    void interruptNobodyElse() {
        Thread.interrupted();
    }

    @Test
    void anInterruptedThreadLeaves() {
        VaultEndpoint impatient =
                new VaultEndpoint(CONFIG, vault.platform(clock).withSleeper(time -> {
                    throw new InterruptedException();
                }));
        vault.otherwise(call -> new HttpTransport.Reply(503, new byte[0], Map.of("retry-after", "20")));
        failToLogIn(impatient);

        assertThatThrownBy(() -> logIn(impatient, USUAL))
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessage("The thread was interrupted while it waited to log in");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
}
