package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.extension.FakeUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are kept, for whom, and for how long. */
class ProxyCacheTest {
    private static final String KV2 = "{\"lease_id\":\"\",\"lease_duration\":0,\"data\":{\"data\":{\"n\":#}}}";
    private static final String LEASED =
            "{\"lease_id\":\"db/1\",\"lease_duration\":20,\"renewable\":true,\"data\":{\"n\":#}}";

    private final Map<String, String> variables =
            new HashMap<>(Map.of("VAULT_DEFAULT_CACHE_TTL", "60s", "VAULT_DEFAULT_CACHE_ENABLED", "true"));
    private @Nullable ProxyStage stage;

    @AfterEach
    void close() {
        if (stage != null) {
            stage.close();
        }
    }

    /**
     * Every combination of words, with the default off and on: the second of two requests is answered from the cache when the
     * first wrote and the second reads.
     */
    @ParameterizedTest(name = "default {0}, header {1}: reads {2}, writes {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    false |                   | false | false
                    false | cache             | true  | true
                    false | recache           | false | true
                    false | nocache           | false | false
                    false | cache,recache     | false | true
                    false | recache,cache     | false | true
                    false | cache,nocache     | false | false
                    false | recache,nocache   | false | false
                    false | cache,recache,nocache | false | false
                    false | Cache             | false | false
                    false | CACHE             | false | false
                    false | 'cache, recache'  | true  | true
                    false | 'x,cache'         | true  | true
                    false | ' recache, cache' | false | true
                    false | other             | false | false
                    true  |                   | true  | true
                    true  | cache             | true  | true
                    true  | recache           | false | true
                    true  | nocache           | false | false
                    true  | cache,nocache     | false | false
                    true  | recache,nocache   | false | false
                    true  | 'cache, nocache'  | true  | true
                    true  | NoCache           | true  | true
                    true  | no-cache          | true  | true
                    """)
    void headerAndDefaultDecide(boolean byDefault, @Nullable String header, boolean reads, boolean writes)
            throws IOException {
        variables.put("VAULT_DEFAULT_CACHE_ENABLED", Boolean.toString(byDefault));
        String[] wish = header == null ? new String[0] : new String[] {"X-Vault-Cache-Control: " + header};
        ProxyStage proxy = start(ProxyStage.counting(200));
        assertThat(proxy.read("/v1/w", wish)).isEqualTo("answer 1");
        assertThat(proxy.read("/v1/w", "X-Vault-Cache-Control: cache")).isEqualTo(writes ? "answer 1" : "answer 2");
        int before = proxy.asked();
        assertThat(proxy.read("/v1/r", "X-Vault-Cache-Control: recache")).isEqualTo("answer " + (before + 1));
        assertThat(proxy.read("/v1/r", wish)).isEqualTo("answer " + (before + (reads ? 1 : 2)));
    }

    @Test
    void severalLinesOfWordsCountTogether() throws IOException {
        ProxyStage proxy = start(ProxyStage.counting(200));
        proxy.read("/v1/a");
        assertThat(proxy.read("/v1/a", "X-Vault-Cache-Control: cache", "x-vault-cache-control: nocache"))
                .isEqualTo("answer 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0s", "-5s", "10", "soon"})
    void thereIsNoCacheWithoutATtl(String ttl) throws IOException {
        variables.put("VAULT_DEFAULT_CACHE_TTL", ttl);
        ProxyStage proxy = start(ProxyStage.counting(200));
        proxy.read("/v1/a", "X-Vault-Cache-Control: cache");
        assertThat(proxy.read("/v1/a", "X-Vault-Cache-Control: cache")).isEqualTo("answer 2");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "t, true", "TRUE, true", "True, true", "yes, false", "tRue, false", "0, false", "'', false"})
    void theDefaultIsReadAsGoReadsIt(String value, boolean on) throws IOException {
        variables.put("VAULT_DEFAULT_CACHE_ENABLED", value);
        ProxyStage proxy = start(ProxyStage.counting(200));
        proxy.read("/v1/a");
        assertThat(proxy.read("/v1/a")).isEqualTo(on ? "answer 1" : "answer 2");
    }

    @ParameterizedTest
    @CsvSource({"200, true", "204, true", "301, false", "404, false", "403, false", "400, false", "500, false"})
    void onlySuccessIsKept(int status, boolean kept) throws IOException {
        ProxyStage proxy = start(ProxyStage.counting(status));
        proxy.get("/v1/sys/health"); // logs in, and is not repeated
        proxy.get("/v1/sys/health/a");
        int before = proxy.asked();
        proxy.get("/v1/sys/health/a");
        assertThat(proxy.asked() - before).isEqualTo(kept ? 0 : 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LIST", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
    void onlyGetIsKept(String method) throws IOException {
        ProxyStage proxy = start(ProxyStage.counting(200));
        proxy.send(method, "/v1/a", "", "X-Vault-Cache-Control: cache");
        proxy.send(method, "/v1/a", "", "X-Vault-Cache-Control: cache");
        assertThat(proxy.asked()).isEqualTo(2);
    }

    @Test
    void listsAreKeptWhereThatIsWished() throws IOException {
        variables.put(ProxySettings.CACHE_LIST, "true");
        ProxyStage proxy = start(ProxyStage.counting(200));
        proxy.send("LIST", "/v1/a", "");
        proxy.send("LIST", "/v1/a", "");
        assertThat(proxy.asked()).isEqualTo(1);
        assertThat(proxy.read("/v1/a")).as("another method").isEqualTo("answer 2");
    }

    @Test
    void aKeptAnswerIsTheSameByteForByte() throws IOException {
        ProxyStage proxy = start(new ProxyStage(exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "a=b");
            exchange.getResponseHeaders().add("Set-Cookie", "c=d");
            exchange.getResponseHeaders().add("X-Two", "1");
            FakeUpstream.answer(exchange, 200, "\u00e4");
        }));
        String first = proxy.get("/v1/a");
        assertThat(first).contains("Date: ", "Set-cookie: a=b", "Set-cookie: c=d");
        assertThat(proxy.get("/v1/a")).isEqualTo(first).doesNotContain("Age:");
        assertThat(proxy.asked()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "Tracestate: a=b",
                "X-Amzn-Trace-Id: Root=1-2-3",
                "baggage: a=b",
                "X-Datadog-Trace-Id: 5",
                "X-B3-TraceId: 5",
                "User-Agent: other",
                "Cookie: a=b",
                "Accept-Encoding: gzip",
                "X-Vault-Request: true",
                "X-Vault-Index: abc",
                "X-Vault-Forward: active-node",
                "X-Vault-Inconsistent: fail",
                "X-Vault-Token-Options: other",
                "X-Request-Id: 7"
            })
    void whatDoesNotChangeTheAnswerDoesNotSplitTheCache(String header) throws IOException {
        ProxyStage proxy = start(ProxyStage.counting(200));
        proxy.read("/v1/a");
        assertThat(proxy.read("/v1/a", header)).isEqualTo("answer 1");
        assertThat(RawHttp.get(proxy.port(), "/v1/a", "Host: 127.0.0.1", header))
                .endsWith("answer 1");
        assertThat(RawHttp.get(proxy.port(), "http://localhost/v1/a", "Host: localhost"))
                .endsWith("answer 1");
    }

    @Test
    void whatChangesTheAnswerSplitsTheCache() throws IOException {
        ProxyStage proxy = start(ProxyStage.counting(200));
        String[][] requests = {
            {"/v1/a"},
            {"/v1/b"},
            {"/v1/a?version=1"},
            {"/v1/a/"},
            {"/v1/a", "X-Vault-Namespace: team"},
            {"/v1/a", "X-Vault-Token: own"},
            {"/v1/a", "X-Vault-Token: another"},
            {"/v1/a", "Accept: text/plain"},
        };
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < requests.length; i++) {
                String[] headers = java.util.Arrays.copyOfRange(requests[i], 1, requests[i].length);
                assertThat(proxy.read(requests[i][0], headers)).isEqualTo("answer " + (i + 1));
            }
        }
    }

    @Test
    void aBodyIsPartOfTheQuestionAndGoesOn() throws IOException {
        ProxyStage proxy = start(new ProxyStage(exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            FakeUpstream.answer(exchange, 200, "to " + body);
        }));
        for (int i = 0; i < 2; i++) {
            assertThat(ProxyStage.content(proxy.send("GET", "/v1/a", "one"))).isEqualTo("to one");
            assertThat(ProxyStage.content(proxy.send("GET", "/v1/a", "two"))).isEqualTo("to two");
        }
        assertThat(proxy.asked()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Vault-Wrap-TTL: 60s",
                "X-Vault-MFA: my:1",
                "X-Vault-Policy-Override: true",
                "Range: bytes=0-1",
                "If-None-Match: x"
            })
    void whatIsForOneClientAloneIsNeitherKeptNorAnsweredFromTheCache(String header) throws IOException {
        ProxyStage proxy = start(ProxyStage.counting(200));
        proxy.read("/v1/a");
        assertThat(proxy.read("/v1/a", header)).isEqualTo("answer 2");
        assertThat(proxy.read("/v1/a", header)).isEqualTo("answer 3");
        assertThat(proxy.read("/v1/a")).isEqualTo("answer 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"wrap_info\":{\"token\":\"t\",\"ttl\":60}", "\"auth\":{\"client_token\":\"t\"}"})
    void wrappedAnswersAndTokensAreNeverKept(String field) throws IOException {
        ProxyStage proxy =
                start(ProxyStage.json("{\"lease_id\":\"\",\"lease_duration\":0,\"data\":null," + field + "}"));
        proxy.read("/v1/a");
        proxy.read("/v1/a");
        assertThat(proxy.asked()).isEqualTo(2);
    }

    @Test
    void anAnswerIsFreshForItsTtlByTheWallClockAndReadsDoNotExtendIt() throws IOException {
        ProxyStage proxy = start(ProxyStage.json(KV2));
        String first = proxy.read("/v1/a");
        proxy.pass(Duration.ofMillis(59_999));
        assertThat(proxy.read("/v1/a")).isEqualTo(first);
        proxy.pass(Duration.ofMillis(1));
        assertThat(proxy.read("/v1/a")).isNotEqualTo(first);
        proxy.pass(Duration.ofDays(1)); // frozen meanwhile
        proxy.read("/v1/a");
        assertThat(proxy.asked()).isEqualTo(3);
    }

    @Test
    void anAnswerIsNotTrustedWhenTheClockWasSetBack() throws IOException {
        ProxyStage proxy = start(ProxyStage.json(KV2));
        proxy.read("/v1/a");
        proxy.pass(Duration.ofHours(-1));
        proxy.read("/v1/a");
        assertThat(proxy.asked()).isEqualTo(2);
    }

    @Test
    void recacheRestartsTheTtl() throws IOException {
        ProxyStage proxy = start(ProxyStage.json(KV2));
        proxy.read("/v1/a");
        proxy.pass(Duration.ofSeconds(40));
        String second = proxy.read("/v1/a", "X-Vault-Cache-Control: recache");
        proxy.pass(Duration.ofSeconds(40));
        assertThat(proxy.read("/v1/a")).isEqualTo(second);
        assertThat(proxy.asked()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"lease_id":"a/1","lease_duration":20,"data":{"n":#}}                               | 18
                    {"lease_id":"","lease_duration":20,"data":{"n":#}}                                  | 20
                    {"lease_id":"","lease_duration":0,"data":{"ttl":7,"last_vault_rotation":"x","n":#}} | 7
                    {"lease_id":"","lease_duration":0,"data":{"ttl":7,"n":#}}                           | 7
                    {"lease_id":"","lease_duration":0,"data":{"ttl":0,"last_vault_rotation":"x","n":#}} | 0
                    {"lease_id":"","lease_duration":0,"data":{"ttl":0,"n":#}}                           | 60
                    {"lease_id":"","lease_duration":0,"data":{"data":{"ttl":7,"n":#}}}                  | 60
                    {"lease_id":"","lease_duration":2764800,"data":{"n":#}}                             | 60
                    {"lease_id":"","lease_duration":0,"data":{"serial_number":"1","expiration":1767225630,"n":#}} | 30
                    """)
    void nothingIsKeptBeyondItsOwnEnd(String answer, int seconds) throws IOException {
        ProxyStage proxy = start(ProxyStage.json(answer));
        String first = proxy.read("/v1/a");
        if (seconds > 0) {
            proxy.pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(proxy.read("/v1/a")).isEqualTo(first);
            proxy.pass(Duration.ofMillis(1));
        }
        assertThat(proxy.read("/v1/a")).isNotEqualTo(first);
    }

    @Test
    void keptAnswersOutliveALoginButLeasesDoNot() throws IOException {
        ProxyStage proxy = start(new ProxyStage(exchange -> {
            String json = exchange.getRequestURI().getPath().contains("db") ? LEASED : KV2;
            FakeUpstream.answer(exchange, 200, json.replace("#", "1"));
        }));
        proxy.read("/v1/kv");
        proxy.read("/v1/db");
        proxy.read("/v1/db");
        assertThat(proxy.asked()).isEqualTo(2);
        proxy.session().invalidate();
        proxy.read("/v1/kv");
        assertThat(proxy.asked()).as("not read again").isEqualTo(2);
        assertThat(proxy.logins()).as("not even a token is needed").isEqualTo(1);
        proxy.read("/v1/db");
        assertThat(proxy.asked()).isEqualTo(3);
        assertThat(proxy.logins()).isEqualTo(2);
    }

    @Test
    void revokeAsksAnewAndForgetsWhatWasReadBefore() throws IOException {
        ProxyStage proxy = start(ProxyStage.json(KV2));
        proxy.read("/v1/a");
        proxy.read("/v1/b");
        proxy.pass(Duration.ofSeconds(1));
        proxy.read("/v1/a", "X-Vault-Token-Options: revoke");
        assertThat(proxy.logins()).isEqualTo(2);
        proxy.read("/v1/a");
        assertThat(proxy.asked()).isEqualTo(3);
        proxy.read("/v1/b");
        assertThat(proxy.asked()).isEqualTo(4);
    }

    @Test
    void freshAnswersServeWhenNoLoginSucceeds() throws IOException {
        ProxyStage proxy = start(ProxyStage.json(KV2));
        String first = proxy.read("/v1/a");
        proxy.session().invalidate();
        proxy.failLogins();
        assertThat(proxy.read("/v1/a")).isEqualTo(first);
        assertThat(ProxyStage.status(proxy.get("/v1/b"))).isEqualTo(500);
    }

    @Test
    void aWriteThroughTheProxyEndsWhatWasReadFromThere() throws IOException {
        ProxyStage proxy = start(ProxyStage.counting(200));
        proxy.read("/v1/a");
        proxy.read("/v1/a?version=1");
        proxy.read("/v1/ab");
        proxy.send("POST", "/v1/a", "{}");
        assertThat(proxy.read("/v1/a")).isEqualTo("answer 5");
        assertThat(proxy.read("/v1/a?version=1")).isEqualTo("answer 6");
        assertThat(proxy.read("/v1/ab")).isEqualTo("answer 3");
    }

    @Test
    void itIsBoundedInBytesAndThrowsOutWhatWasUsedLongestAgo() throws IOException {
        variables.put(ProxySettings.CACHE_BYTES, "40000");
        String large = "x".repeat(5_000);
        AtomicInteger number = new AtomicInteger();
        ProxyStage proxy =
                start(new ProxyStage(exchange -> FakeUpstream.answer(exchange, 200, number.incrementAndGet() + large)));
        String first = proxy.read("/v1/0");
        for (int i = 1; i < 20; i++) {
            proxy.read("/v1/" + i);
            assertThat(proxy.read("/v1/0")).as("in use").isEqualTo(first);
        }
        assertThat(proxy.read("/v1/19")).isEqualTo("20" + large);
        proxy.read("/v1/1");
        assertThat(proxy.asked()).isEqualTo(21);
        assertThat(proxy.read("/-/health")).containsPattern("\"cache\":\\{\"answers\":[5-7],\"bytes\":3[0-9]{4}");
    }

    @Test
    void largeAnswersPassUnkept() throws IOException {
        variables.put(ProxySettings.CACHE_BYTES, "100000");
        String large = "x".repeat(30_000);
        ProxyStage proxy = start(new ProxyStage(exchange -> FakeUpstream.answer(exchange, 200, large)));
        assertThat(proxy.read("/v1/a")).isEqualTo(large);
        assertThat(proxy.read("/v1/a")).isEqualTo(large);
        assertThat(proxy.asked()).isEqualTo(2);
    }

    @Test
    void answersInChunksAreKeptAsWell() throws IOException {
        ProxyStage proxy = start(new ProxyStage(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("x".repeat(100_000).getBytes(UTF_8));
            exchange.close();
        }));
        assertThat(proxy.get("/v1/a")).contains("Transfer-Encoding: chunked");
        assertThat(proxy.get("/v1/a")).contains("Content-Length: 100000").endsWith("x".repeat(1000));
        assertThat(proxy.asked()).isEqualTo(1);
    }

    @Test
    void anOldAnswerServesWhileVaultCannotBeAskedWhereThatIsAllowed() throws IOException {
        variables.put("VAULT_CACHE_MAX_STALE", "10m");
        AtomicBoolean down = new AtomicBoolean();
        ProxyStage proxy = start(new ProxyStage(
                exchange -> FakeUpstream.answer(exchange, down.get() ? 503 : 200, down.get() ? "sealed" : "first")));
        assertThat(proxy.read("/v1/a")).isEqualTo("first");
        down.set(true);
        proxy.pass(Duration.ofSeconds(61));
        String stale = proxy.get("/v1/a");
        assertThat(stale)
                .startsWith("HTTP/1.1 200")
                .contains("Warning: 110 - \"Response is Stale\"", "X-Vault-Lambda-Stale: true", "Age: 61\r\n")
                .endsWith("first");
        int asked = proxy.asked();
        assertThat(proxy.read("/v1/a")).isEqualTo("first");
        assertThat(proxy.asked()).as("left alone for a moment").isEqualTo(asked);
        assertThat(proxy.proxy().counters().stale()).isEqualTo(2);
        assertThat(ProxyStage.status(proxy.get("/v1/a", "X-Vault-Cache-Control: recache")))
                .as("who insists gets Vault's own answer")
                .isEqualTo(503);
        proxy.pass(Duration.ofMinutes(10));
        assertThat(ProxyStage.status(proxy.get("/v1/a"))).as("the bound").isEqualTo(503);
        down.set(false);
        assertThat(proxy.get("/v1/a")).doesNotContain("Stale").endsWith("first");
    }

    @Test
    void anOldAnswerServesWhenVaultHangs() throws IOException {
        variables.put("VAULT_CACHE_MAX_STALE", "10m");
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean hangs = new AtomicBoolean();
        ProxyStage proxy = start(new ProxyStage(exchange -> {
            if (hangs.get()) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            FakeUpstream.answer(exchange, 200, KV2);
        }));
        proxy.read("/v1/a");
        hangs.set(true);
        proxy.pass(Duration.ofSeconds(61));
        assertThat(proxy.get("/v1/a")).contains("X-Vault-Lambda-Stale: true");
        end.countDown();
    }

    @Test
    void nothingKeptOutlivesASnapshot() throws IOException {
        ProxyStage proxy = start(ProxyStage.json(KV2));
        proxy.read("/v1/a");
        proxy.proxy().forget();
        proxy.read("/v1/a");
        assertThat(proxy.asked()).isEqualTo(2);
    }

    @Test
    void anOldAnswerServesWhenNoLoginSucceeds() throws IOException {
        variables.put("VAULT_CACHE_MAX_STALE", "10m");
        ProxyStage proxy = start(ProxyStage.json(KV2));
        String first = proxy.read("/v1/a");
        proxy.pass(Duration.ofSeconds(61));
        proxy.session().invalidate();
        proxy.failLogins();
        assertThat(proxy.get("/v1/a")).contains("X-Vault-Lambda-Stale: true").endsWith(first);
    }

    @Test
    void anOldAnswerDoesNotServeBeyondItsLease() throws IOException {
        variables.put("VAULT_CACHE_MAX_STALE", "10m");
        AtomicBoolean down = new AtomicBoolean();
        ProxyStage proxy = start(new ProxyStage(
                exchange -> FakeUpstream.answer(exchange, down.get() ? 503 : 200, LEASED.replace("#", "1"))));
        proxy.read("/v1/a");
        down.set(true);
        proxy.pass(Duration.ofSeconds(20));
        assertThat(ProxyStage.status(proxy.get("/v1/a"))).isEqualTo(503);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404})
    void anOldAnswerDoesNotServeAgainstVaultsWord(int status) throws IOException {
        variables.put("VAULT_CACHE_MAX_STALE", "10m");
        AtomicBoolean gone = new AtomicBoolean();
        ProxyStage proxy =
                start(new ProxyStage(exchange -> FakeUpstream.answer(exchange, gone.get() ? status : 200, KV2)));
        proxy.read("/v1/a");
        gone.set(true);
        proxy.pass(Duration.ofSeconds(61));
        assertThat(ProxyStage.status(proxy.get("/v1/a"))).isEqualTo(status);
    }

    @Test
    void nothingOldServesUnlessThatIsAllowed() throws IOException {
        AtomicBoolean down = new AtomicBoolean();
        ProxyStage proxy =
                start(new ProxyStage(exchange -> FakeUpstream.answer(exchange, down.get() ? 503 : 200, KV2)));
        proxy.read("/v1/a");
        down.set(true);
        proxy.pass(Duration.ofSeconds(61));
        assertThat(ProxyStage.status(proxy.get("/v1/a"))).isEqualTo(503);
    }

    @Test
    void threeSecretsPerInvocationCostAFewRequestsPerMinute() throws IOException {
        ProxyStage proxy = start(ProxyStage.json(KV2));
        for (int invocation = 0; invocation < 1_000; invocation++) {
            for (int secret = 0; secret < 3; secret++) {
                proxy.read("/v1/secret/data/" + secret, "X-Amzn-Trace-Id: Root=1-" + invocation);
            }
            proxy.pass(Duration.ofMillis(200));
        }
        assertThat(proxy.asked()).as("200 s at a freshness of 60 s, not 3000").isEqualTo(12);
        assertThat(proxy.proxy().counters().hits()).isEqualTo(2988);
    }

    private ProxyStage start(ProxyStage made) throws IOException {
        stage = made;
        return made.start(variables);
    }
}
