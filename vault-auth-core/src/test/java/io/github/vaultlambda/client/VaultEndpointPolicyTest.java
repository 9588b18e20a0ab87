package io.github.vaultlambda.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.config.RateLimit;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import io.github.vaultlambda.http.HttpTransport;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, consistency, rate limit, retry budget, headers: what the endpoint does beyond one request and its answer. */
class VaultEndpointPolicyTest {
    private static final String OK = "{\"data\":{\"k\":\"n0tf0rl0gs\"}}";
    private static final VaultRequest READ = VaultRequest.get("secret/data/db");
    private static final VaultRequest LOGIN =
            VaultRequest.repeatablePut("auth/aws/login", SecretValue.of(Map.of("k", SecretValue.of("n0tf0rl0gs"))));
    private static final VaultRequest WRITE =
            VaultRequest.post("pki/issue/web", SecretValue.of(Map.of("k", SecretValue.of("n0tf0rl0gs"))));

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport vault = new ScriptedTransport();

    private static VaultConfig.Builder config() {
        return VaultConfig.builder().address(URI.create("https://vault.example.com:8200"));
    }

    private VaultEndpoint endpoint(VaultConfig.Builder config) {
        return new VaultEndpoint(config.build(), vault.platform(clock));
    }

    private VaultResponse send(VaultEndpoint endpoint, VaultRequest request) {
        return endpoint.send(request, token(), Deadline.after(clock, Duration.ofSeconds(10)));
    }

    private static VaultToken token() {
        return new VaultToken(SecretValue.of("hvs.n0tf0rl0gs"), null, FakeClock.START, Duration.ZERO, false);
    }

    private static HttpTransport redirect(int status, String location) {
        return call -> new HttpTransport.Reply(status, new byte[0], Map.of("location", location));
    }

    private List<String> calls() {
        return vault.calls().stream().map(Object::toString).toList();
    }

    // ------------------------------------------------------------------ redirects

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void aRedirectOnTheSameHostIsFollowedWithMethodBodyAndToken(int status) {
        vault.then(redirect(status, "/v1/auth/aws/login?x=1")).then(200, OK);

        send(endpoint(config()), LOGIN);

        assertThat(calls())
                .containsExactly(
                        "PUT https://vault.example.com:8200/v1/auth/aws/login",
                        "PUT https://vault.example.com:8200/v1/auth/aws/login?x=1");
        assertThat(vault.call(1).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs");
        assertThat(vault.call(1).body()).isEqualTo(vault.call(0).body());
    }

    @Test
    void aStandbysRedirectToTheActiveNodeIsFollowedAndTheNodeRemembered() {
        vault.then(redirect(307, "https://active.example.com:8200/v1/secret/data/db"))
                .then(200, "{\"ha_enabled\":true,\"leader_address\":\"https://active.example.com:8200\"}")
                .then(200, OK)
                .then(redirect(307, "https://active.example.com:8200/v1/secret/data/db"))
                .then(200, OK);
        VaultEndpoint endpoint = endpoint(config());

        send(endpoint, READ);
        send(endpoint, READ);

        assertThat(calls())
                .containsExactly(
                        "GET https://vault.example.com:8200/v1/secret/data/db",
                        "GET https://vault.example.com:8200/v1/sys/leader",
                        "GET https://active.example.com:8200/v1/secret/data/db",
                        "GET https://vault.example.com:8200/v1/secret/data/db",
                        "GET https://active.example.com:8200/v1/secret/data/db");
        assertThat(vault.call(1).headers()).doesNotContainKey("X-Vault-Token");
        assertThat(vault.call(2).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ha_enabled\":true,\"leader_address\":\"https://active.example.com:8200\"}",
                "{\"ha_enabled\":false,\"leader_address\":\"\"}",
                "{\"leader_address\":\"not an address\"}",
                "junk",
            })
    void anotherHostIsNotToldTheToken(String leader) {
        vault.then(redirect(302, "https://evil.example.com:8200/v1/secret/data/db"))
                .then(200, leader);

        VaultRequestException e =
                catchThrowableOfType(VaultRequestException.class, () -> send(endpoint(config()), READ));

        assertThat(e)
                .hasMessageStartingWith("Vault answered GET secret/data/db with 302, a redirect to"
                        + " https://evil.example.com:8200. Hint: Vault does not name that host as its active node");
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void encryptionIsNotGivenUp() {
        vault.then(redirect(307, "http://vault.example.com:8200/v1/secret/data/db"));

        assertThatThrownBy(() -> send(endpoint(config()), READ))
                .isInstanceOf(VaultRequestException.class)
                .hasMessageContaining("unencrypted");
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void redirectsCanBeForbidden() {
        vault.then(redirect(307, "/v1/secret/data/db"));

        assertThatThrownBy(() -> send(endpoint(config().followRedirects(false)), READ))
                .isInstanceOf(VaultRequestException.class)
                .hasMessageContaining("VAULT_DISABLE_REDIRECTS");
        assertThat(vault.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/secret/data/db",
                "/team/vault/v1/../../other/v1/secret",
                "/team/vault/v1/%2E./.%2e/other",
                "/team/vault2/v1/a",
                "/login"
            })
    void anotherApplicationOnTheSameHostIsNotToldTheToken(String location) {
        vault.then(redirect(301, location));

        assertThatThrownBy(() ->
                        send(endpoint(config().address(URI.create("https://gateway.example.com/team/vault"))), READ))
                .isInstanceOf(VaultRequestException.class)
                .hasMessageContaining("leads out of Vault");
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void aRedirectBelowTheSamePrefixIsFollowed() {
        vault.then(redirect(301, "/team/vault/v1/secret/data/db2")).then(200, OK);

        send(endpoint(config().address(URI.create("https://gateway.example.com/team/vault"))), READ);

        assertThat(calls().get(1)).isEqualTo("GET https://gateway.example.com/team/vault/v1/secret/data/db2");
    }

    @Test
    void whenTheActiveNodeFailsTheNextTryBeginsAtTheAddress() {
        vault.then(redirect(307, "https://active.example.com:8200/v1/secret/data/db"))
                .then(200, "{\"ha_enabled\":true,\"leader_address\":\"https://active.example.com:8200\"}")
                .then(503, "{\"errors\":[\"Vault is sealed\"]}")
                .then(200, OK);

        send(endpoint(config()), READ);

        assertThat(calls().get(2)).startsWith("GET https://active.example.com");
        assertThat(calls().get(3)).isEqualTo("GET https://vault.example.com:8200/v1/secret/data/db");
    }

    @Test
    void aCircleOfRedirectsEnds() {
        vault.otherwise(redirect(307, "/v1/secret/data/db"));

        assertThatThrownBy(() -> send(endpoint(config()), READ)).isInstanceOf(VaultRequestException.class);
        assertThat(vault.calls()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mailto:x@example.com", "http://[junk", "//"})
    void aRedirectToNowhereIsAnError(String location) {
        vault.otherwise(redirect(307, location));

        assertThatThrownBy(() -> send(endpoint(config()), READ)).isInstanceOf(VaultRequestException.class);
    }

    // ------------------------------------------------------------------ consistency

    private static String state(String cluster, int local, int replicated) {
        return Base64.getEncoder()
                .encodeToString(("v1:" + cluster + ":" + local + ":" + replicated + ":hmac").getBytes(UTF_8));
    }

    private static HttpTransport answering(String state) {
        return call -> new HttpTransport.Reply(200, OK.getBytes(UTF_8), Map.of("x-vault-index", state));
    }

    @Test
    void whatALoginChangedIsAskedForInLaterRequests() {
        vault.then(answering(state("c", 7, 0)))
                .then(answering(state("c", 9, 0)))
                .then(412, "{\"errors\":[\"required index state not present\"]}")
                .then(200, OK);
        VaultEndpoint endpoint = endpoint(config());

        send(endpoint, LOGIN);
        send(endpoint, READ);
        send(endpoint, READ);

        assertThat(vault.call(0).headers()).doesNotContainKey("X-Vault-Index");
        for (int i = 1; i < 4; i++) {
            assertThat(vault.call(i).headers())
                    .as("what others changed is not waited for")
                    .containsEntry("X-Vault-Index", state("c", 7, 0));
        }
    }

    @Test
    void anOlderStateDoesNotReplaceANewerOne() {
        vault.then(answering(state("c", 7, 3)))
                .then(answering(state("c", 6, 9)))
                .then(answering(state("c", 7, 2)))
                .then(answering(state("other", 1, 1)))
                .then(200, OK);
        VaultEndpoint endpoint = endpoint(config());

        send(endpoint, LOGIN);
        send(endpoint, WRITE);
        send(endpoint, WRITE);
        send(endpoint, WRITE);
        send(endpoint, READ);

        assertThat(vault.call(3).headers()).containsEntry("X-Vault-Index", state("c", 7, 3));
        assertThat(vault.call(4).headers()).containsEntry("X-Vault-Index", state("other", 1, 1));
    }

    // ------------------------------------------------------------------ load on Vault

    @Test
    void requestsOverTheRateWaitForTheirTurn() {
        vault.otherwise(call -> ScriptedTransport.reply(200, OK));
        VaultEndpoint endpoint = endpoint(config().rateLimit(new RateLimit(2, 3)));

        for (int i = 0; i < 5; i++) {
            send(endpoint, READ);
        }

        assertThat(clock.waits()).containsExactly(Duration.ofMillis(500), Duration.ofMillis(500));
        clock.advance(Duration.ofHours(1));
        for (int i = 0; i < 3; i++) {
            send(endpoint, READ);
        }
        assertThat(clock.waits()).as("never more than the burst is saved up").hasSize(2);
        send(endpoint, READ);
        assertThat(clock.waits()).hasSize(3);
    }

    @Test
    void aTurnAfterTheDeadlineIsNotWaitedFor() {
        vault.then(200, OK);
        VaultEndpoint endpoint = endpoint(config().rateLimit(new RateLimit(0.01, 1)));
        send(endpoint, READ);

        assertThatThrownBy(() -> send(endpoint, READ))
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessageContaining("VAULT_RATE_LIMIT");
        assertThat(vault.calls()).hasSize(1);
        assertThat(clock.waits()).isEmpty();
    }

    @Test
    void inALongOutageMostRequestsAreNotRepeated() {
        vault.otherwise(call -> {
            throw new ConnectException("refused");
        });
        VaultEndpoint endpoint = endpoint(config().maxRetries(2));

        int requests = 100;
        for (int i = 0; i < requests; i++) {
            assertThatThrownBy(() -> endpoint.send(READ, null, Deadline.after(clock, Duration.ofSeconds(10))))
                    .isInstanceOf(VaultUnavailableException.class);
        }

        int retries = vault.calls().size() - requests;
        assertThat(retries).isBetween(20, 25);
    }

    @Test
    void successRefillsTheBudget() {
        RetryBudget budget = new RetryBudget();
        while (budget.take(clockAt(0))) {
            // until it is empty
        }
        for (int i = 0; i < 5; i++) {
            budget.giveBack();
        }

        assertThat(budget.take(clockAt(0))).isTrue();
        assertThat(budget.take(clockAt(0))).isFalse();
        assertThat(budget.take(clockAt(10_000))).as("one in ten seconds").isTrue();
        assertThat(budget.take(clockAt(10_000))).isFalse();
    }

    private static InstantSource clockAt(long millis) {
        return InstantSource.fixed(Instant.ofEpochMilli(millis));
    }

    @Test
    void whatMayHaveHappenedIsNotRepeated() {
        vault.then(500, "{\"errors\":[\"internal error\"]}");

        assertThatThrownBy(() -> send(endpoint(config()), WRITE)).isInstanceOf(VaultUnavailableException.class);

        assertThat(vault.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {412, 429, 473, 503})
    void whatVaultDidNotDoIsRepeated(int status) {
        vault.then(status, "{\"errors\":[\"later\"]}").then(200, OK);

        send(endpoint(config()), WRITE);

        assertThat(vault.calls()).hasSize(2);
    }

    // ------------------------------------------------------------------ the rest

    @Test
    void sendsTheConfiguredHeadersButNotInPlaceOfItsOwn() {
        vault.then(200, OK);

        send(endpoint(config().headers(Map.of("X-Tenant", "n0tf0rl0gs")).namespace("team")), READ);

        assertThat(vault.call(0).headers())
                .containsEntry("X-Tenant", "n0tf0rl0gs")
                .containsEntry("X-Vault-Namespace", "team")
                .containsEntry("X-Vault-Request", "true");
    }

    @Test
    void unwrapsWithTheWrappingTokenAlone() {
        vault.then(200, OK);

        VaultResponse response = endpoint(config())
                .unwrap(SecretValue.of("hvs.n0tf0rl0gs.wrapping"), Deadline.after(clock, Duration.ofSeconds(10)));

        assertThat(calls()).containsExactly("POST https://vault.example.com:8200/v1/sys/wrapping/unwrap");
        assertThat(vault.call(0).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs.wrapping");
        assertThat(String.valueOf(response.data())).isEqualTo("SecretValue[hidden]");
    }
}
