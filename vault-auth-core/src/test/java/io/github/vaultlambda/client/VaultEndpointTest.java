package io.github.vaultlambda.client;

import static io.github.vaultlambda.fakes.ScriptedTransport.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.http.TransportException;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaultEndpointTest {
    private static final String OK = "{\"data\":{\"k\":\"n0tf0rl0gs\"}}";
    private static final VaultRequest READ = VaultRequest.get("secret/data/db");
    private static final VaultRequest WRITE =
            VaultRequest.post("secret/data/db", SecretValue.of(Map.of("k", SecretValue.of("n0tf0rl0gs"))));
    private static final VaultRequest LOGIN =
            VaultRequest.repeatablePut("auth/aws/login", SecretValue.of(Map.of("k", SecretValue.of("n0tf0rl0gs"))));

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport vault = new ScriptedTransport();

    private static VaultConfig.Builder config() {
        return VaultConfig.builder().address(URI.create("https://vault.example.com:8200"));
    }

    private VaultEndpoint endpoint() {
        return new VaultEndpoint(config().build(), vault.platform(clock));
    }

    private VaultResponse send(VaultRequest request) {
        return endpoint().send(request, null, Deadline.after(clock, Duration.ofSeconds(10)));
    }

    // ------------------------------------------------------------------ the request

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "secret/data/db|/v1/secret/data/db",
                "secret/data/a b|/v1/secret/data/a%20b",
                "secret/what?|/v1/secret/what%3F",
                "secret/50%|/v1/secret/50%25",
                "secret/a%2Fb|/v1/secret/a%252Fb",
                "secret/a#b|/v1/secret/a%23b",
                "secret/a+b|/v1/secret/a+b",
                "secret/a&b=c;d|/v1/secret/a&b=c;d",
                "secret/user@host:1|/v1/secret/user@host:1",
                "secret/a\"b'c|/v1/secret/a%22b'c",
                "secret/[1]{2}|/v1/secret/%5B1%5D%7B2%7D",
                "secret/back\\slash|/v1/secret/back%5Cslash",
                "secret/\u00fc|/v1/secret/%C3%BC",
                "secret/e\u0301|/v1/secret/e%CC%81",
                "secret/\u212B|/v1/secret/%E2%84%AB",
                "secret//a/|/v1/secret//a/",
                "secret/...|/v1/secret/...",
                "secret/%2e%2e/a|/v1/secret/%252e%252e/a",
                "secret/\u4e16\u754c|/v1/secret/%E4%B8%96%E7%95%8C",
                "secret/\uD83D\uDD11|/v1/secret/%F0%9F%94%91",
            })
    void encodesThePath(String path, String expected) {
        vault.then(200, OK);

        send(VaultRequest.get(path));

        assertThat(vault.call(0).uri()).hasToString("https://vault.example.com:8200" + expected);
        assertThat(vault.call(0).uri().getPath()).isEqualTo("/v1/" + path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..", "../sys/mounts", "secret/data/../../sys/mounts", "secret/./a", "secret/data/..", "a\uD83D"
            })
    void refusesPathsThatLeadElsewhere(String path) {
        assertThatThrownBy(() -> send(VaultRequest.get(path))).isInstanceOf(IllegalArgumentException.class);
        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void encodesControlCharacters() {
        vault.then(200, OK);

        send(VaultRequest.get("secret/a\r\nHost: evil\u0000"));

        assertThat(vault.call(0).uri().getRawPath()).isEqualTo("/v1/secret/a%0D%0AHost:%20evil%00");
    }

    @Test
    void encodesTheQuery() {
        vault.then(200, OK).then(200, OK);

        send(READ.withQuery("version", "3"));
        send(READ.withQuery("a b", "x&y=z?\u00fc"));

        assertThat(vault.call(0).uri()).hasToString("https://vault.example.com:8200/v1/secret/data/db?version=3");
        assertThat(vault.call(1).uri().getRawQuery()).isEqualTo("a+b=x%26y%3Dz%3F%C3%BC");
    }

    @Test
    void severalQueryParametersAreSeparated() {
        vault.then(200, OK);

        send(READ.withQuery("version", "3").withQuery("list", "true"));

        assertThat(vault.call(0).uri().getRawQuery().split("&", -1))
                .containsExactlyInAnyOrder("version=3", "list=true");
    }

    @Test
    void keepsThePathPrefix() {
        vault.then(200, OK);
        VaultEndpoint endpoint = new VaultEndpoint(
                config().address(URI.create("http://gateway/team%20a/vault/")).build(), vault.platform(clock));

        endpoint.send(READ, null, endpoint.deadlineIn(Duration.ofSeconds(1)));

        assertThat(vault.call(0).uri()).hasToString("http://gateway/team%20a/vault/v1/secret/data/db");
        assertThat(endpoint.address()).hasToString("http://gateway/team%20a/vault");
    }

    @Test
    void sendsTokenAndNamespaceOnlyWhereThereAreSome() {
        vault.then(200, OK).then(200, OK);
        VaultToken token = new VaultToken(SecretValue.of("hvs.n0tf0rl0gs"), null, FakeClock.START, Duration.ZERO, true);
        VaultEndpoint endpoint = new VaultEndpoint(config().namespace("team/a").build(), vault.platform(clock));

        endpoint.send(READ, token, endpoint.deadlineIn(Duration.ofSeconds(7)));
        send(LOGIN);

        HttpTransport.Call read = vault.call(0);
        assertThat(read.method()).isEqualTo("GET");
        assertThat(read.headers())
                .containsOnly(
                        Map.entry("X-Vault-Request", "true"),
                        Map.entry("Accept", "application/json"),
                        Map.entry("X-Vault-Namespace", "team/a"),
                        Map.entry("X-Vault-Token", "hvs.n0tf0rl0gs"));
        assertThat(read.body()).isNull();
        assertThat(read.timeout()).isEqualTo(Duration.ofSeconds(7));
        HttpTransport.Call login = vault.call(1);
        assertThat(login.method()).isEqualTo("PUT");
        assertThat(login.headers())
                .containsOnly(
                        Map.entry("X-Vault-Request", "true"),
                        Map.entry("Accept", "application/json"),
                        Map.entry("Content-Type", "application/json"));
        assertThat(ScriptedTransport.body(login)).isEqualTo("{\"k\":\"n0tf0rl0gs\"}");
    }

    @ParameterizedTest
    @CsvSource({"PT60S,60", "PT1S,1", "PT1.001S,2", "P1D,86400"})
    void asksForAWrappedAnswer(Duration ttl, String header) {
        vault.otherwise(call -> reply(200, OK));

        send(READ.withWrapTtl(ttl));
        send(READ.withWrapTtl(ttl).withQuery("version", "3"));
        send(WRITE.withWrapTtl(ttl));

        assertThat(vault.calls())
                .extracting(call -> call.headers().get("X-Vault-Wrap-TTL"))
                .containsExactly(header, header, header);
        assertThat(ScriptedTransport.body(vault.call(2))).isEqualTo("{\"k\":\"n0tf0rl0gs\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.999S", "PT-1S"})
    void aWrappedAnswerLivesForASecondAtLeast(Duration ttl) {
        assertThatThrownBy(() -> READ.withWrapTtl(ttl))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one second at least");
    }

    @Test
    void nothingOnTheWayPrintsSecrets() {
        vault.then(200, OK);

        VaultResponse response = send(WRITE);

        assertThat(vault.call(0)).hasToString("POST https://vault.example.com:8200/v1/secret/data/db");
        assertThat(reply(200, OK)).hasToString("status 200");
        assertThat(WRITE).hasToString("POST secret/data/db");
        assertThat(response).hasToString("VaultResponse[200]");
    }

    // ------------------------------------------------------------------ the answer

    @Test
    void readsTheAnswer() {
        vault.then(call -> {
            clock.advance(Duration.ofSeconds(2));
            return reply(
                    200,
                    "{\"lease_id\":\"db/creds/1\",\"lease_duration\":60,\"data\":{\"k\":\"n0tf0rl0gs\"},\"auth\":null,"
                            + "\"warnings\":[\"careful\"]}");
        });

        VaultResponse response = send(READ);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.requestedAt()).isEqualTo(FakeClock.START);
        assertThat(response.leaseId()).isEqualTo("db/creds/1");
        assertThat(response.leaseDuration()).isEqualTo(Duration.ofSeconds(60));
        assertThat(response.data()).isEqualTo(SecretValue.of(Map.of("k", SecretValue.of("n0tf0rl0gs"))));
        assertThat(response.auth()).isNull();
        assertThat(response.warnings()).containsExactly("careful");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"204|''", "200|''", "202|{}", "200|{\"lease_id\":\"\",\"lease_duration\":-5}"})
    void anAnswerMayHoldNothing(int status, String body) {
        vault.then(status, body);

        VaultResponse response = send(WRITE);

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.data()).isNull();
        assertThat(response.leaseId()).isNull();
        assertThat(response.leaseDuration()).isZero();
        assertThat(response.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<html>n0tf0rl0gs</html>", "[\"n0tf0rl0gs\"]", "\"n0tf0rl0gs\"", "{\"n0tf0rl0gs\":", "null"})
    void anAnswerThatIsNoneOfVaultsIsNotRetriedNorQuoted(String body) {
        vault.then(200, body);

        VaultResponseException e = catchThrowableOfType(VaultResponseException.class, () -> send(READ));

        assertThat(e.status()).isEqualTo(200);
        assertThat(e.path()).isEqualTo("secret/data/db");
        assertThat(e.hint()).isEqualTo("check that VAULT_ADDR leads to Vault itself");
        assertThat(e).hasNoCause();
        assertThat(e.toString())
                .contains("The answer to GET secret/data/db (status 200) is none of Vault's: ")
                .doesNotContain("n0tf0rl0gs");
        assertThat(vault.calls()).hasSize(1);
        assertThat(clock.waits()).isEmpty();
    }

    @Test
    void anAnswerTooLargeIsNotRetried() {
        vault.thenFail(new TransportException(
                TransportException.Kind.ANSWER_TOO_LARGE, "the answer is larger than 32 MiB", null, null, true));

        assertThatThrownBy(() -> send(READ))
                .isInstanceOf(VaultResponseException.class)
                .hasMessageContaining("larger than 32 MiB");
        assertThat(vault.calls()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|VaultRequestException|",
                "401|VaultRequestException|",
                "403|VaultPermissionException|give the policy of this Vault role the capability for this path",
                "404|VaultNotFoundException|check the path",
                "405|VaultRequestException|",
                "501|VaultUnavailableException|",
                "412|VaultUnavailableException|",
                "429|VaultUnavailableException|",
                "500|VaultUnavailableException|",
                "502|VaultUnavailableException|",
                "503|VaultUnavailableException|",
                "599|VaultUnavailableException|",
            })
    void eachStatusHasItsException(int status, String type, String hint) {
        vault.otherwise(call -> reply(status, "{\"errors\":[\"first\",\"second\"]}"));

        VaultException e = catchThrowableOfType(VaultException.class, () -> send(READ));

        assertThat(e.getClass().getSimpleName()).isEqualTo(type);
        assertThat(e.status()).isEqualTo(status);
        assertThat(e.path()).isEqualTo("secret/data/db");
        assertThat(e.errors()).containsExactly("first", "second");
        assertThat(e.hint()).isEqualTo(hint);
        String what = "Vault answered GET secret/data/db with " + status + ": first; second";
        assertThat(e).hasMessage(hint == null ? what : what + ". Hint: " + hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404|secret/data/db|{\"warnings\":[\"Invalid path for a versioned K/V secrets engine\"],\"errors\":[]}"
                        + "|Invalid path for a versioned K/V secrets engine",
                "404|secret/data/db|{\"data\":{\"data\":null,\"metadata\":{\"version\":2,\"destroyed\":true}}}"
                        + "|version 2 of the secret is destroyed for good; write it anew, or read another version",
                "404|secret/data/db|{\"data\":{\"data\":null,\"metadata\":{\"version\":3,\"destroyed\":false,"
                        + "\"deletion_time\":\"2026-03-01T11:00:00Z\"}}}|version 3 of the secret was deleted at"
                        + " 2026-03-01T11:00:00Z; undelete it, write it anew, or read another version",
                "404|secret/data/db|{\"data\":{\"data\":null,\"metadata\":{}}}|this version of the secret was deleted;"
                        + " undelete it, write it anew, or read another version",
                "404|secret/data/db|''|check the path",
                "404|secret/db|''|check the path; for a KV v2 engine it has data/ after the mount",
                "403|secret/db|{\"errors\":[\"permission denied\"]}"
                        + "|give the policy of this Vault role the capability for this path;"
                        + " for a KV v2 engine the path has data/ after the mount",
                "403|secret/data/db|{\"errors\":[\"2 errors occurred: permission denied, invalid token\"]}"
                        + "|the token has come to its end or was revoked",
                "403|auth/token/renew-self|{\"errors\":[\"permission denied\"]}"
                        + "|give the policy of this Vault role the capability for this path",
                "400|secret/data/db|Client sent an HTTP request to an HTTPS server."
                        + "|the address of a server with TLS begins with https://: correct VAULT_ADDR",
                "404|secret/data/db|<html>not here</html>|check that VAULT_ADDR leads to Vault itself",
                "503|secret/data/db|{\"errors\":[\"Vault is sealed\"]}|an operator has to unseal it",
            })
    void hintsAtWhatToDo(int status, String path, String body, String hint) {
        vault.otherwise(call -> reply(status, body));

        VaultException e = catchThrowableOfType(VaultException.class, () -> send(VaultRequest.get(path)));

        assertThat(e.hint()).isEqualTo(hint);
        assertThat(e).hasMessageEndingWith(". Hint: " + hint);
    }

    @Test
    void aRefusedLoginGetsNoHintAtAPolicy() {
        vault.otherwise(call -> reply(403, "{\"errors\":[\"permission denied\"]}"));

        VaultException e = catchThrowableOfType(VaultException.class, () -> send(VaultRequest.get("auth/aws/login")));

        assertThat(e.hint()).isNull();
    }

    @Test
    void aSealedVaultIsToldApart() {
        vault.otherwise(call -> reply(503, "{\"errors\":[\"error during request: Vault is sealed\"]}"));
        assertThatThrownBy(() -> send(READ)).isExactlyInstanceOf(VaultSealedException.class);

        vault.otherwise(call -> reply(503, "{\"errors\":[\"no healthy upstream\"]}"));
        assertThatThrownBy(() -> send(READ)).isExactlyInstanceOf(VaultUnavailableException.class);
    }

    @Test
    void anErrorThatIsNoJsonIsNotQuoted() {
        vault.then(403, "<html>n0tf0rl0gs</html>");

        VaultPermissionException e = catchThrowableOfType(VaultPermissionException.class, () -> send(READ));

        assertThat(e.errors()).isEmpty();
        assertThat(e).hasMessageStartingWith("Vault answered GET secret/data/db with 403. Hint: ");
        assertThat(e.toString()).doesNotContain("n0tf0rl0gs");
    }

    @Test
    void errorTextsAreOneShortLineEach() {
        vault.then(
                400,
                "{\"errors\":[\" 1 error occurred:\\n\\t* bad \\u0009thing\\n\\n\",\"" + "x".repeat(5_000) + "\"]}");

        VaultException e = catchThrowableOfType(VaultException.class, () -> send(READ));

        assertThat(e.errors()).containsExactly("1 error occurred: * bad thing", "x".repeat(1_000) + "...");
    }

    // ------------------------------------------------------------------ retries

    @ParameterizedTest
    @ValueSource(ints = {412, 429, 500, 502, 503, 504, 599})
    void retriesWhatMayPass(int status) {
        vault.then(status, "").then(status, "").then(200, OK);

        assertThat(send(READ).status()).isEqualTo(200);

        assertThat(vault.calls()).hasSize(3);
        assertThat(clock.waits()).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 307, 308, 400, 401, 403, 404, 405, 409, 413, 501})
    void doesNotRetryWhatStays(int status) {
        vault.then(status, "");

        assertThatThrownBy(() -> send(READ)).isInstanceOf(VaultException.class);

        assertThat(vault.calls()).hasSize(1);
        assertThat(clock.waits()).isEmpty();
    }

    @Test
    void aRetriedRequestIsTheSameWithLessTime() {
        vault.thenFail(failure(TransportException.Kind.ANSWER_TIMEOUT, true)).then(200, "{}");

        VaultResponse response = send(LOGIN);

        assertThat(vault.call(1).uri()).isEqualTo(vault.call(0).uri());
        assertThat(vault.call(1).headers()).isEqualTo(vault.call(0).headers());
        assertThat(vault.call(1).body()).isEqualTo(vault.call(0).body());
        assertThat(vault.call(0).timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(vault.call(1).timeout()).isEqualTo(Duration.ofMillis(9_900));
        assertThat(response.requestedAt()).isEqualTo(FakeClock.START.plusMillis(100));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "2, 3", "5, 6"})
    void givesUpAfterTheConfiguredNumber(int maxRetries, int requests) {
        vault.otherwise(call -> reply(500, "{\"errors\":[\"internal error\"]}"));
        VaultEndpoint endpoint =
                new VaultEndpoint(config().maxRetries(maxRetries).build(), vault.platform(clock));
        Deadline deadline = endpoint.deadlineIn(Duration.ofMinutes(10));

        assertThatThrownBy(() -> endpoint.send(READ, null, deadline))
                .isExactlyInstanceOf(VaultUnavailableException.class)
                .hasMessage("Vault answered GET secret/data/db with 500: internal error");

        assertThat(vault.calls()).hasSize(requests);
        assertThat(clock.waits()).hasSize(requests - 1);
    }

    private static TransportException failure(TransportException.Kind kind, boolean mayHaveArrived) {
        return new TransportException(kind, "it broke", null, null, mayHaveArrived);
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportException.Kind.class,
            names = {"UNKNOWN_HOST", "CONNECTION_REFUSED", "UNREACHABLE", "CONNECT_TIMEOUT", "PROXY", "RESET"})
    void triesAgainWhatCannotHaveReachedVault(TransportException.Kind kind) {
        for (VaultRequest request : List.of(READ, LOGIN, WRITE)) {
            assertThat(tries(request, failure(kind, false), VaultUnavailableException.class))
                    .isEqualTo(3);
        }
    }

    @Test
    void aWriteThatMayHaveReachedVaultIsNotRepeated() {
        TransportException reset = failure(TransportException.Kind.RESET, true);

        assertThat(tries(READ, reset, VaultUnavailableException.class)).isEqualTo(3);
        assertThat(tries(LOGIN, reset, VaultUnavailableException.class)).isEqualTo(3);
        assertThat(tries(WRITE, reset, VaultUnavailableException.class)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportException.Kind.class,
            names = {
                "UNKNOWN_AUTHORITY",
                "CERTIFICATE_EXPIRED",
                "CERTIFICATE_NOT_YET_VALID",
                "HOST_NAME_MISMATCH",
                "CLIENT_CERTIFICATE",
                "TLS_MISMATCH",
                "NOT_TLS",
                "TLS_OPTIONS",
                "TLS_FAILED"
            })
    void tlsThatFailsFailsAgain(TransportException.Kind kind) {
        assertThat(tries(READ, failure(kind, false), VaultTlsException.class)).isEqualTo(1);
    }

    @Test
    void anAnswerThatIsNoneIsNotVaults() {
        assertThat(tries(READ, failure(TransportException.Kind.ANSWER_TOO_LARGE, true), VaultResponseException.class))
                .isEqualTo(1);
        assertThat(tries(READ, failure(TransportException.Kind.MALFORMED_ANSWER, true), VaultResponseException.class))
                .isEqualTo(3);
    }

    /** How often a request is sent that fails each time. */
    private int tries(VaultRequest request, IOException failure, Class<? extends VaultException> expected) {
        ScriptedTransport network = new ScriptedTransport().otherwise(call -> {
            throw failure;
        });
        VaultEndpoint endpoint = new VaultEndpoint(config().build(), network.platform(clock));
        Deadline deadline = endpoint.deadlineIn(Duration.ofSeconds(10));

        VaultException e = catchThrowableOfType(VaultException.class, () -> endpoint.send(request, null, deadline));

        assertThat(e).isExactlyInstanceOf(expected).hasMessageContaining(request.toString());
        assertThat(e.status()).isZero();
        assertThat(e.path()).isEqualTo(request.path());
        assertThat(e.errors()).isEmpty();
        return network.calls().size();
    }

    @Test
    void saysWhatBrokeAndWhatToDo() {
        vault.otherwise(call -> {
            throw failure(TransportException.Kind.CONNECTION_REFUSED, false);
        });
        assertThatThrownBy(() -> send(READ))
                .hasMessage("Vault at https://vault.example.com:8200 did not answer GET secret/data/db: it broke. Hint:"
                        + " check VAULT_ADDR, and that the function's network can reach it");

        vault.otherwise(call -> {
            throw new TransportException(
                    TransportException.Kind.UNKNOWN_AUTHORITY, "it is not trusted", "set VAULT_CACERT", null, false);
        });
        assertThatThrownBy(() -> send(READ))
                .hasMessage("Vault at https://vault.example.com:8200 did not answer GET secret/data/db: it is not"
                        + " trusted. Hint: set VAULT_CACERT");
    }

    @Test
    void aTransportOfSomebodyElseMayFailAsItLikes() {
        assertThat(tries(READ, new EOFException("cut"), VaultUnavailableException.class))
                .isEqualTo(3);
        assertThat(tries(WRITE, new EOFException("cut"), VaultUnavailableException.class))
                .isEqualTo(1);
    }

    @Test
    void aWriteThatVaultAnsweredIsRetriedByItsStatus() {
        vault.then(503, "").then(204, "");

        assertThat(send(WRITE).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5000",
        "0, 100",
        "1, 1000",
        "'', 100",
        "soon, 100",
        "-5, 100",
        "1.5, 100",
        "'Wed, 21 Oct 2026 07:28:00 GMT', 100",
        "99999999999999, 100",
    })
    void honoursRetryAfter(String retryAfter, long millis) {
        vault.then(call -> new HttpTransport.Reply(429, new byte[0], Map.of("retry-after", retryAfter)))
                .then(200, OK);

        send(READ);

        assertThat(clock.waits()).containsExactly(Duration.ofMillis(millis));
    }

    @Test
    void doesNotWaitForARetryAfterBeyondTheDeadline() {
        vault.then(call ->
                new HttpTransport.Reply(503, "{\"errors\":[\"busy\"]}".getBytes(UTF_8), Map.of("retry-after", "10")));

        assertThatThrownBy(() -> send(READ))
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessageContaining("503: busy");
        assertThat(clock.waits()).isEmpty();
        assertThat(vault.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void jitterIsHalfToFullOfADoublingWait(boolean highest) {
        vault.otherwise(call -> reply(502, ""));
        VaultEndpoint endpoint = new VaultEndpoint(
                config().maxRetries(14).build(), vault.platform(clock).withRandom(ScriptedTransport.random(highest)));
        Deadline deadline = endpoint.deadlineIn(Duration.ofHours(10));

        assertThatThrownBy(() -> endpoint.send(READ, null, deadline)).isInstanceOf(VaultUnavailableException.class);

        long full = 200;
        for (Duration wait : clock.waits()) {
            assertThat(wait).isEqualTo(Duration.ofMillis(highest ? full : full / 2));
            full = Math.min(full * 2, 200 * 1024);
        }
        assertThat(clock.waits()).hasSize(14);
    }

    @Test
    void neverWaitsBeyondTheDeadline() {
        vault.otherwise(call -> {
            clock.advance(Duration.ofMillis(250));
            return reply(500, "");
        });
        VaultEndpoint endpoint = new VaultEndpoint(config().maxRetries(100).build(), vault.platform(clock));
        Deadline deadline = endpoint.deadlineIn(Duration.ofSeconds(2));

        assertThatThrownBy(() -> endpoint.send(READ, null, deadline)).isInstanceOf(VaultUnavailableException.class);

        assertThat(clock.instant()).isBefore(FakeClock.START.plusSeconds(2));
        assertThat(vault.calls())
                .allMatch(call -> !call.timeout().isZero() && !call.timeout().isNegative());
        assertThat(vault.calls()).hasSizeGreaterThan(2);
    }

    @Test
    void withoutTimeNothingIsSent() {
        Deadline over = Deadline.after(clock, Duration.ZERO);

        VaultException e =
                catchThrowableOfType(VaultException.class, () -> endpoint().send(READ, null, over));

        assertThat(e).isExactlyInstanceOf(VaultUnavailableException.class);
        assertThat(e)
                .hasMessageStartingWith("Vault at https://vault.example.com:8200 did not answer GET secret/data/db"
                        + " in time. Hint: ");
        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void aProcessFrozenWhileWaitingDoesNotGoOn() {
        vault.then(500, "");
        Platform platform = vault.platform(clock).withSleeper(time -> clock.advance(Duration.ofHours(1)));
        VaultEndpoint endpoint = new VaultEndpoint(config().build(), platform);
        Deadline deadline = endpoint.deadlineIn(Duration.ofSeconds(10));

        assertThatThrownBy(() -> endpoint.send(READ, null, deadline))
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessageContaining("in time");
        assertThat(vault.calls()).hasSize(1);
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() {
        vault.then(500, "");
        Platform platform = vault.platform(clock).withSleeper(time -> {
            throw new InterruptedException();
        });
        VaultEndpoint endpoint = new VaultEndpoint(config().build(), platform);
        Deadline deadline = endpoint.deadlineIn(Duration.ofSeconds(10));

        assertThatThrownBy(() -> endpoint.send(READ, null, deadline))
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessageContaining("interrupted while it waited");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(vault.calls()).hasSize(1);
    }
}
