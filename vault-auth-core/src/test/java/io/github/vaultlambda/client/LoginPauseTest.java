package io.github.vaultlambda.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import io.github.vaultlambda.http.HttpTransport;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How rarely logins are tried while they cannot be made, and that each call has its try. */
class LoginPauseTest {
    private static final String OK = "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\"}}";
    private static final VaultRequest LOGIN = VaultRequest.repeatablePut("auth/aws/login", SecretValue.of(Map.of()));
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

    private void failToLogIn(VaultEndpoint endpoint) {
        assertThatThrownBy(() -> logIn(endpoint, Duration.ofSeconds(9))).isInstanceOf(VaultUnavailableException.class);
    }

    private void failsWith(int status) {
        vault.otherwise(call -> ScriptedTransport.reply(status, "{\"errors\":[\"later\"]}"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFirstCallTriesThreeTimes(boolean mostJitter) {
        failsWith(500);

        failToLogIn(endpoint(mostJitter));

        assertThat(vault.calls()).hasSize(3);
        assertThat(clock.waits())
                .containsExactly(
                        Duration.ofMillis(mostJitter ? 200 : 100), Duration.ofMillis(mostJitter ? 2000 : 1000));
    }

    @Test
    void eachLaterCallWaitsAndTriesOnce() {
        failsWith(500);
        for (int call = 1; call <= 5; call++) {
            failToLogIn(endpoint);
            assertThat(vault.calls()).hasSize(2 + call);
        }

        assertThat(clock.waits().subList(2, 4)).containsExactly(Duration.ofSeconds(4), Duration.ofSeconds(7));
        assertThat(clock.waits()).allMatch(wait -> wait.compareTo(Duration.ofSeconds(7)) <= 0);
    }

    @Test
    void theCallAfterTheOutageSucceeds() {
        failsWith(503);
        failToLogIn(endpoint);
        failToLogIn(endpoint);
        vault.otherwise(call -> ScriptedTransport.reply(200, OK));

        assertThat(logIn(endpoint, Duration.ofSeconds(9)).status()).isEqualTo(200);
        int waits = clock.waits().size();
        logIn(endpoint, Duration.ofSeconds(9));
        assertThat(clock.waits()).as("all is well again").hasSize(waits);
    }

    @Test
    void whoHasMoreTimeIsMorePatient() {
        failsWith(500);
        failToLogIn(endpoint);
        failToLogIn(endpoint);

        assertThatThrownBy(() -> logIn(endpoint, Duration.ofSeconds(30))).isInstanceOf(VaultUnavailableException.class);

        assertThat(clock.waits().get(3)).isEqualTo(Duration.ofSeconds(12));
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
    void anAnswerOfVaultEndsIt() {
        failsWith(500);
        failToLogIn(endpoint);
        vault.otherwise(call -> ScriptedTransport.reply(400, "{\"errors\":[\"no such role\"]}"));

        assertThatThrownBy(() -> logIn(endpoint, Duration.ofSeconds(9))).isInstanceOf(VaultRequestException.class);
        int waits = clock.waits().size();
        assertThatThrownBy(() -> logIn(endpoint, Duration.ofSeconds(9))).isInstanceOf(VaultRequestException.class);

        assertThat(clock.waits()).hasSize(waits);
    }

    @Test
    void aVaultThatIsOnlyBusyIsAskedMoreOften() {
        failsWith(429);
        for (int call = 1; call <= 4; call++) {
            failToLogIn(endpoint);
        }

        assertThat(clock.waits()).endsWith(Duration.ofSeconds(4), Duration.ofSeconds(4), Duration.ofSeconds(4));
    }

    @Test
    void whatVaultWishesCountsAcrossCalls() {
        vault.otherwise(call -> new HttpTransport.Reply(503, new byte[0], Map.of("retry-after", "20")));
        failToLogIn(endpoint);
        assertThat(clock.waits()).isEmpty();

        assertThatThrownBy(() -> logIn(endpoint, Duration.ofSeconds(60))).isInstanceOf(VaultUnavailableException.class);

        assertThat(clock.waits().get(0)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aFleetThatIsTurnedAwayTogetherDoesNotComeBackTogether() {
        vault.then(call -> new HttpTransport.Reply(429, new byte[0], Map.of("retry-after", "2")))
                .then(200, OK);

        endpoint(true).send(VaultRequest.get("secret/data/db"), null, endpoint.deadlineIn(Duration.ofSeconds(9)));

        assertThat(clock.waits()).as("up to twice what Vault says").containsExactly(Duration.ofSeconds(4));
    }

    @Test
    void longAgoCountsNoMoreNorDoesAClockThatWasSetBack() {
        vault.otherwise(call -> {
            throw new ConnectException("refused");
        });
        failToLogIn(endpoint);
        failToLogIn(endpoint);
        clock.advance(Duration.ofMinutes(3));
        int waits = clock.waits().size();
        failToLogIn(endpoint);
        assertThat(clock.waits().get(waits)).as("as at first").isEqualTo(Duration.ofMillis(100));

        clock.advance(Duration.ofHours(-1));
        waits = clock.waits().size();
        failToLogIn(endpoint);
        assertThat(clock.waits().get(waits)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void nothingOfItOutlivesASnapshot() {
        failsWith(500);
        failToLogIn(endpoint);
        int waits = clock.waits().size();

        endpoint.forget();
        failToLogIn(endpoint);

        assertThat(clock.waits().get(waits)).isEqualTo(Duration.ofMillis(100));
    }
}
