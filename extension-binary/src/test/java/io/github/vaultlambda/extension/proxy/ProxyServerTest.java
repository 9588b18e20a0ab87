package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.extension.FakeUpstream;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through the proxy, and how. */
class ProxyServerTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger logins = new AtomicInteger();
    private AutoCloseable upstream = () -> {};
    private @Nullable ProxyServer running;

    @AfterEach
    void stop() throws Exception {
        if (running != null) {
            running.stop(Duration.ZERO);
        }
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "LIST", "SCAN", "TRACE"})
    void forwardsEveryMethodWithTargetAndBodyAsTheyAre(String method) throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(200, "said"), Duration.ofSeconds(5));
        HttpResponse<String> answer =
                send(request("/v1/a%2Fb/c%20d/?list=true&x=%2F").method(method, BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("said");
        assertThat(vault.only().method()).isEqualTo(method);
        assertThat(vault.only().target()).isEqualTo("/v1/a%2Fb/c%20d/?list=true&x=%2F");
        assertThat(vault.only().headers().get("X-Vault-Token")).containsExactly("token-1");
    }

    @Test
    void answersHeadWithTheHeadersAlone() throws Exception {
        start(FakeUpstream.answering(200, "said"), Duration.ofSeconds(5));
        HttpResponse<String> answer = send(request("/v1/a").method("HEAD", BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Length")).contains("4");
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 304, 307, 400, 404, 412, 429, 473, 500, 503})
    void passesEveryStatusBack(int status) throws Exception {
        boolean bodiless = status == 204 || status == 304;
        start(
                new FakeUpstream(exchange -> {
                    exchange.getResponseHeaders().add("Location", "http://elsewhere/v1/a");
                    exchange.getResponseHeaders().add("X-Two", "1");
                    exchange.getResponseHeaders().add("X-Two", "2");
                    exchange.getResponseHeaders().add("Keep-Alive", "timeout=9");
                    exchange.getResponseHeaders().add("X-Hop", "1");
                    exchange.getResponseHeaders().add("Connection", "X-Hop");
                    FakeUpstream.answer(exchange, status, bodiless ? "" : "{}");
                }),
                Duration.ofSeconds(5));
        HttpResponse<String> answer = send(request("/v1/a"));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(bodiless ? "" : "{}");
        assertThat(answer.headers().firstValue("Location")).contains("http://elsewhere/v1/a");
        assertThat(answer.headers().allValues("X-Two")).containsExactlyInAnyOrder("1", "2");
        assertThat(answer.headers().map()).doesNotContainKeys("Keep-Alive", "X-Hop");
        assertThat(answer.headers().allValues("Date")).hasSize(1);
    }

    @Test
    void passesHeadersButThoseOfTheConnectionAndToItself() throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(200, ""), Duration.ofSeconds(5));
        RawHttp.exchange(proxy().port(), """
                GET /v1/a HTTP/1.1
                Host: localhost:8200
                Connection: close, X-Hop
                Keep-Alive: timeout=5
                TE: trailers
                Trailer: X-T
                Upgrade: websocket
                Proxy-Authorization: Basic eDp5
                Proxy-Connection: keep-alive
                X-Hop: 1
                X-Vault-Cache-Control: nocache
                X-Vault-Token-Options: other
                Accept-Encoding: gzip
                Authorization: Bearer b
                Cookie: a=b
                X-Many: 1
                X-Many: 2
                X-Vault-Request: true
                X-Vault-Index: i
                User-Agent: test/1

                """);
        FakeUpstream.Seen seen = vault.only();
        assertThat(seen.headers().keySet())
                .doesNotContain(
                        "Keep-alive",
                        "Te",
                        "Trailer",
                        "Upgrade",
                        "Proxy-authorization",
                        "Proxy-connection",
                        "X-hop",
                        "X-vault-cache-control",
                        "X-vault-token-options",
                        "X-vault-namespace");
        assertThat(seen.headers().getFirst("Host")).isEqualTo(vault.address().getAuthority());
        assertThat(seen.headers().get("X-Many")).containsExactlyInAnyOrder("1", "2");
        assertThat(seen.headers())
                .containsAllEntriesOf(Map.of(
                        "Accept-encoding", List.of("gzip"),
                        "Authorization", List.of("Bearer b"),
                        "Cookie", List.of("a=b"),
                        "X-vault-request", List.of("true"),
                        "X-vault-index", List.of("i"),
                        "User-agent", List.of("test/1")));
    }

    @Test
    void sendsOnlyTheClientsOwnTokenAndNamespace() throws Exception {
        FakeUpstream vault = start(
                FakeUpstream.answering(403, "no"), config(Duration.ofSeconds(5)).namespace("ours"));
        HttpResponse<String> answer =
                send(request("/v1/a").header("X-Vault-Token", "own").header("X-Vault-Namespace", "theirs"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(vault.only().headers().get("X-Vault-Token")).containsExactly("own");
        assertThat(vault.only().headers().get("X-Vault-Namespace")).containsExactly("theirs");
        assertThat(logins).hasValue(0);
    }

    @Test
    void addsNamespaceAndAddressPrefix() throws Exception {
        FakeUpstream vault = new FakeUpstream(exchange -> FakeUpstream.answer(exchange, 200, ""));
        start(
                vault,
                config(Duration.ofSeconds(5))
                        .address(URI.create(vault.address() + "/behind/lb/"))
                        .namespace("ours"));
        send(request("/v1/a?b=c"));
        assertThat(vault.only().target()).isEqualTo("/behind/lb/v1/a?b=c");
        assertThat(vault.only().headers().get("X-Vault-Namespace")).containsExactly("ours");
    }

    @Test
    void addsConfiguredHeadersUnlessTheClientSendsThem() throws Exception {
        Map<String, String> configured =
                Map.of("X-Team", "ours", "X-Gate", "ours", "User-Agent", "ours/1", "Host", "ours");
        FakeUpstream vault = new FakeUpstream(exchange -> FakeUpstream.answer(exchange, 200, ""));
        start(vault, config(Duration.ofSeconds(5)).address(vault.address()).headers(configured));
        RawHttp.get(proxy().port(), "/v1/a", "Host: localhost", "x-team: theirs");
        assertThat(vault.only().headers())
                .containsAllEntriesOf(Map.of(
                        "X-team", List.of("theirs"),
                        "X-gate", List.of("ours"),
                        "User-agent", List.of("ours/1"),
                        "Host", List.of("ours")));
    }

    @Test
    void saysThatABodyIsEmptyWhereTheClientDoes() throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(200, ""), Duration.ofSeconds(5));
        RawHttp.exchange(
                proxy().port(), "POST /v1/a HTTP/1.1\nHost: localhost\nConnection: close\nContent-Length: 0\n\n");
        RawHttp.get(proxy().port(), "/v1/a", "Host: localhost");
        assertThat(vault.seen().get(0).headers().getFirst("Content-Length")).isEqualTo("0");
        assertThat(vault.seen().get(1).headers()).doesNotContainKeys("Content-Length", "Transfer-Encoding");
    }

    @Test
    void refusesHeadersThatCannotBeSentOn() throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(200, ""), Duration.ofSeconds(5));
        String answer = RawHttp.get(proxy().port(), "/v1/a", "Host: localhost", "X-Vault-Token: n0tf0rl0gs\u0001x");
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .endsWith("refused: the request is no valid HTTP: a header has illegal characters\n");
        assertThat(vault.seen()).isEmpty();
    }

    @Test
    void healsARefusalOfAnOlderTokenOnce() throws Exception {
        FakeUpstream vault = start(new FakeUpstream(onlyWith("token-2")), Duration.ofSeconds(5));
        olderToken();
        HttpResponse<String> answer = send(request("/v1/a"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(logins).hasValue(2);
        assertThat(vault.seen()).hasSize(2);
        assertThat(vault.seen().get(1).target()).isEqualTo(vault.seen().get(0).target());
    }

    @Test
    void givesTheSecondRefusalToTheCaller() throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(403, "denied"), Duration.ofSeconds(5));
        olderToken();
        HttpResponse<String> answer = send(request("/v1/a"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("denied");
        assertThat(logins).hasValue(2);
        assertThat(vault.seen()).hasSize(2);
    }

    @Test
    void logsInOnceForWhatPolicyDeniesHoweverOftenItIsAsked() throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(403, "denied"), Duration.ofSeconds(5));
        olderToken();
        for (int i = 0; i < 5; i++) {
            assertThat(send(request("/v1/a?n=" + i)).statusCode()).isEqualTo(403);
            nextMillisecond();
        }
        assertThat(logins).hasValue(2);
        assertThat(vault.seen()).hasSize(6);
        send(request("/v1/a").method("LIST", BodyPublishers.noBody()));
        assertThat(logins).as("another method may be allowed").hasValue(3);
        nextMillisecond();
        send(request("/v1/a").header("X-Vault-Namespace", "other").method("LIST", BodyPublishers.noBody()));
        assertThat(logins).as("and another namespace").hasValue(4);
    }

    @Test
    void sharesItsMemoryOfRefusalsWithTheSessionsOwnRequests() throws Exception {
        FakeUpstream vault = FakeUpstream.answering(403, "{}");
        upstream = vault;
        VaultSession session = VaultSession.of(
                config(Duration.ofSeconds(5)).address(vault.address()).build(), new Login(), Platform.system());
        running = Proxies.start(session, Map.of());
        assertThatThrownBy(() -> session.client().read("a")).isInstanceOf(VaultPermissionException.class);
        nextMillisecond();
        assertThat(send(request("/v1/a")).statusCode()).isEqualTo(403);
        assertThat(logins).hasValue(1);
        assertThat(vault.seen()).hasSize(2);
    }

    @Test
    void doesNotHealWithATokenMadeForTheRequest() throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(403, "denied"), Duration.ofSeconds(5));
        assertThat(send(request("/v1/a")).statusCode()).isEqualTo(403);
        assertThat(logins).hasValue(1);
        assertThat(vault.seen()).hasSize(1);
    }

    @Test
    void repeatsARefusedRequestWithAShortBody() throws Exception {
        FakeUpstream vault = start(new FakeUpstream(onlyWith("token-2")), Duration.ofSeconds(5));
        olderToken();
        HttpRequest.Builder post = request("/v1/a").POST(BodyPublishers.ofString("{}"));
        assertThat(send(post).statusCode()).isEqualTo(200);
        assertThat(vault.seen()).hasSize(2);
    }

    @Test
    void doesNotRepeatAStreamedRequestButUsesANewTokenNextTime() throws Exception {
        FakeUpstream vault = start(new FakeUpstream(onlyWith("token-2")), Duration.ofSeconds(5));
        olderToken();
        HttpRequest.Builder post = request("/v1/a")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[] {'{', '}'})));
        assertThat(send(post).statusCode()).isEqualTo(403);
        assertThat(vault.seen()).hasSize(1);
        assertThat(send(post).statusCode()).isEqualTo(200);
    }

    @Test
    void logsInAnewOnRequest() throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(200, ""), Duration.ofSeconds(5));
        olderToken();
        send(request("/v1/a").header("X-Vault-Token-Options", "revoke"));
        send(request("/v1/b").header("X-Vault-Token-Options", "Revoke"));
        assertThat(logins).hasValue(2);
        assertThat(vault.seen())
                .allSatisfy(seen ->
                        assertThat(seen.headers().getFirst("X-Vault-Token")).isEqualTo("token-2"));
    }

    @Test
    void passesAnswersBackAsTheyCome() throws Exception {
        CountDownLatch firstRead = new CountDownLatch(1);
        start(
                new FakeUpstream(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    out.write("first".getBytes(UTF_8));
                    out.flush();
                    await(firstRead);
                    out.write("second".getBytes(UTF_8));
                    out.close();
                }),
                Duration.ofSeconds(5));
        HttpResponse<InputStream> answer =
                client.send(request("/v1/sys/monitor").build(), BodyHandlers.ofInputStream());
        assertThat(new String(answer.body().readNBytes(5), UTF_8)).isEqualTo("first");
        firstRead.countDown();
        assertThat(new String(answer.body().readAllBytes(), UTF_8)).isEqualTo("second");
    }

    @Test
    void passesBodiesOnAsTheyCome() throws Exception {
        CountDownLatch firstSeen = new CountDownLatch(1);
        AtomicLong total = new AtomicLong();
        FakeUpstream vault = start(
                new FakeUpstream(exchange -> {
                    InputStream in = exchange.getRequestBody();
                    total.addAndGet(in.readNBytes(1).length);
                    firstSeen.countDown();
                    total.addAndGet(in.transferTo(OutputStream.nullOutputStream()));
                    FakeUpstream.answer(exchange, 204, "");
                }),
                Duration.ofSeconds(5));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy().port())) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /v1/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
            // The JDK's client holds two pieces back.
            for (int i = 0; i < 3; i++) {
                out.write("3\r\nabc\r\n".getBytes(UTF_8));
                out.flush();
            }
            await(firstSeen);
            out.write("2\r\nde\r\n0\r\n\r\n".getBytes(UTF_8));
            assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
                    .isEqualTo("HTTP/1.1 204");
        }
        assertThat(total).hasValue(11);
        assertThat(vault.only().headers().getFirst("Transfer-Encoding")).isEqualTo("chunked");
    }

    @Test
    void keepsLargeBodiesWholeBothWays() throws Exception {
        byte[] large = new byte[20 * 1024 * 1024];
        new Random(1).nextBytes(large);
        FakeUpstream vault = start(
                new FakeUpstream(exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                }),
                Duration.ofSeconds(5));
        HttpResponse<byte[]> answer = client.send(
                request("/v1/a").POST(BodyPublishers.ofByteArray(large)).build(), BodyHandlers.ofByteArray());
        assertThat(answer.body()).isEqualTo(large);
        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(large.length);
        assertThat(vault.only().headers().getFirst("Content-Length")).isEqualTo(Integer.toString(large.length));
    }

    @Test
    void passesAnAnswerBackThatComesBeforeAllOfTheBody() throws Exception {
        start(
                new FakeUpstream(exchange -> {
                    exchange.sendResponseHeaders(413, 5);
                    exchange.getResponseBody().write("large".getBytes(UTF_8));
                    exchange.getResponseBody().flush();
                }),
                Duration.ofSeconds(5));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("POST /v1/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc"
                            .getBytes(UTF_8));
            StringBuilder answer = new StringBuilder();
            while (!answer.toString().endsWith("\r\n\r\nlarge")) {
                int c = socket.getInputStream().read();
                assertThat(c).as("end after " + answer).isNotNegative();
                answer.append((char) c);
            }
            assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\r\nConnection: close\r\n");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    @Test
    void letsAnAnswerPauseLongerThanItsHeadMayTake() throws Exception {
        start(
                new FakeUpstream(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("first".getBytes(UTF_8));
                    exchange.getResponseBody().flush();
                    long end = System.nanoTime() + 2 * SHORT.toNanos();
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    exchange.getResponseBody().write("second".getBytes(UTF_8));
                    exchange.close();
                }),
                SHORT);
        assertThat(send(request("/v1/sys/monitor")).body()).isEqualTo("firstsecond");
    }

    @Test
    void tellsTheClientThatAnAnswerBrokeOff() throws Exception {
        start(
                new FakeUpstream(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("part".getBytes(UTF_8));
                    exchange.getResponseBody().flush();
                    throw new IOException("gone");
                }),
                Duration.ofSeconds(5));
        assertThatThrownBy(() -> send(request("/v1/a"))).isInstanceOf(IOException.class);
    }

    @Test
    void answersThatVaultIsSilent() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        start(new FakeUpstream(exchange -> await(end)), SHORT);
        HttpResponse<String> answer = send(request("/v1/a?x=1"));
        end.countDown();
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.body()).isEqualTo("failed to proxy request: GET /v1/a: no answer within 400 ms\n");
    }

    @Test
    void answersThatVaultIsNotThere() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        start(() -> {}, config(Duration.ofSeconds(5)).address(URI.create("http://127.0.0.1:" + port)));
        HttpResponse<String> answer = send(request("/v1/a"));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).isEqualTo("failed to proxy request: GET /v1/a: connection refused\n");
    }

    @Test
    void answersThatThereIsNoToken() throws Exception {
        VaultStandIn vault = VaultStandIn.start();
        upstream = vault;
        VaultConfig config =
                config(SHORT).address(vault.address()).maxRetries(0).build();
        VaultSession session = VaultSession.of(
                config,
                new Login() {
                    @Override
                    public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
                        endpoint.send(io.github.vaultlambda.client.VaultRequest.get("secret/data/x"), null, deadline);
                        throw new AssertionError("allowed without token");
                    }
                },
                Platform.system());
        running = Proxies.start(session, Map.of());
        HttpResponse<String> answer = send(request("/v1/secret/data/a"));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body())
                .isEqualTo("failed to get valid Vault token: the login failed with status 403: permission denied\n");
    }

    @Test
    void readsASecretFromVault() throws Exception {
        VaultStandIn vault = VaultStandIn.start();
        vault.putSecret("secret/data/orders/db", Map.of("user", "app"));
        vault.readable("orders", "secret/data/orders/*", "secret/metadata/orders/*");
        String token = vault.createToken(Duration.ofHours(1), "orders");
        start(vault, config(Duration.ofSeconds(5)).address(vault.address()), new Login(token));
        assertThat(send(request("/v1/secret/data/orders/db")).body()).contains("\"user\":\"app\"");
        HttpResponse<String> list = send(request("/v1/secret/metadata/orders").method("LIST", BodyPublishers.noBody()));
        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(send(request("/v1/secret/data/other")).statusCode()).isEqualTo(403);
        vault.seal();
        assertThat(send(request("/v1/secret/data/orders/db")).statusCode()).isEqualTo(503);
    }

    @Test
    void refusesRequestsThatNameAnotherHost() throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(200, ""), Duration.ofSeconds(5));
        String refused = "HTTP/1.1 403 ";
        assertThat(RawHttp.get(proxy().port(), "/v1/a", "Host: evil.example:8200"))
                .startsWith(refused);
        assertThat(RawHttp.get(proxy().port(), "/v1/a")).startsWith(refused);
        assertThat(RawHttp.get(proxy().port(), "http://evil.example/v1/a", "Host: localhost"))
                .startsWith(refused);
        assertThat(vault.seen()).isEmpty();
        assertThat(RawHttp.get(proxy().port(), "http://localhost:8200/v1/a", "Host: localhost"))
                .startsWith("HTTP/1.1 200");
        assertThat(vault.only().target()).isEqualTo("/v1/a");
    }

    @Test
    void redirectsToTheCleanPath() throws Exception {
        FakeUpstream vault = start(FakeUpstream.answering(200, ""), Duration.ofSeconds(5));
        String answer = RawHttp.get(proxy().port(), "/v1/x/../../sys//seal?a=b", "Host: localhost");
        assertThat(answer).startsWith("HTTP/1.1 307").contains("Location: /sys/seal?a=b\r\n");
        assertThat(RawHttp.get(proxy().port(), "/v1/..%2fsys", "Host: localhost"))
                .startsWith("HTTP/1.1 400");
        assertThat(vault.seen()).isEmpty();
    }

    @Test
    void answersAnUploadThatStallsByClosing() throws Exception {
        start(new FakeUpstream(exchange -> exchange.getRequestBody().readAllBytes()), SHORT);
        String answer =
                RawHttp.exchange(proxy().port(), "POST /v1/a HTTP/1.1\nHost: localhost\nContent-Length: 100000\n\nabc");
        assertThat(answer).isEmpty();
    }

    @Test
    void letsVaultGoWhenTheClientDoes() throws Exception {
        CountDownLatch noticed = new CountDownLatch(1);
        start(
                new FakeUpstream(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try {
                        while (true) {
                            exchange.getResponseBody().write(new byte[8192]);
                        }
                    } finally {
                        noticed.countDown();
                    }
                }),
                Duration.ofSeconds(5));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy().port())) {
            socket.getOutputStream().write("GET /v1/a HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
        }
        assertThat(noticed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void letsVaultGoWhenTheClientBreaksItsBodyOff() throws Exception {
        try (ServerSocket vault = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start(
                    () -> {},
                    config(Duration.ofSeconds(60)).address(URI.create("http://127.0.0.1:" + vault.getLocalPort())));
            Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy().port());
            client.getOutputStream()
                    .write("POST /v1/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nabc"
                            .getBytes(UTF_8));
            try (Socket request = vault.accept()) {
                request.setSoTimeout(20_000);
                assertThat(request.getInputStream().read()).isEqualTo('P');
                client.close();
                assertThat(new String(request.getInputStream().readAllBytes(), UTF_8))
                        .endsWith("\r\n\r\nabc");
            }
        }
    }

    @Test
    void endsItsRequestsToVaultWhenItStops() throws Exception {
        try (ServerSocket vault = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            start(
                    () -> {},
                    config(Duration.ofSeconds(60)).address(URI.create("http://127.0.0.1:" + vault.getLocalPort())));
            CompletableFuture<HttpResponse<String>> hung =
                    client.sendAsync(request("/v1/a").build(), BodyHandlers.ofString());
            try (Socket request = vault.accept()) {
                request.setSoTimeout(20_000);
                assertThat(request.getInputStream().read()).isEqualTo('G');
                proxy().stop(Duration.ZERO);
                assertThat(request.getInputStream().readAllBytes()).isNotEmpty();
            }
            assertThatThrownBy(() -> hung.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void servesMoreRequestsThanThreads() throws Exception {
        start(FakeUpstream.answering(200, "x"), Duration.ofSeconds(5));
        CompletableFuture<?>[] all = new CompletableFuture<?>[300];
        for (int i = 0; i < all.length; i++) {
            all[i] = client.sendAsync(request("/v1/" + i).build(), BodyHandlers.ofString())
                    .thenAccept(answer -> assertThat(answer.statusCode()).isEqualTo(200));
        }
        CompletableFuture.allOf(all).get(30, TimeUnit.SECONDS);
        assertThat(logins).hasValue(1);
    }

    @Test
    void stopsInTimeWithAHungRequest() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        start(
                new FakeUpstream(exchange -> {
                    arrived.countDown();
                    await(end);
                }),
                Duration.ofSeconds(60));
        CompletableFuture<HttpResponse<String>> hung =
                client.sendAsync(request("/v1/a").build(), BodyHandlers.ofString());
        await(arrived);
        long start = System.nanoTime();
        proxy().stop(Duration.ofMillis(200));
        proxy().stop(Duration.ofSeconds(60));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
        end.countDown();
        assertThatThrownBy(() -> hung.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void stopsAtOnceWithoutRequests() throws Exception {
        start(FakeUpstream.answering(200, ""), Duration.ofSeconds(5));
        send(request("/v1/a"));
        long start = System.nanoTime();
        proxy().stop(Duration.ofSeconds(60));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        start(FakeUpstream.answering(200, ""), Duration.ofSeconds(5));
        VaultSession session = VaultSession.of(config(SHORT).build(), new Login(), Platform.system());
        assertThatThrownBy(() -> ProxyServer.start(Proxies.settings(Map.of()).withPort(proxy().port()), session))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + proxy().port())
                .hasMessageContaining("VAULT_EXTENSION_PROXY_PORT");
    }

    private FakeUpstream start(FakeUpstream vault, Duration timeout) throws IOException {
        return start(vault, config(timeout).address(vault.address()));
    }

    private FakeUpstream start(FakeUpstream vault, VaultConfig.Builder config) throws IOException {
        VaultConfig.Builder complete = config;
        if (config.build().address().getPort() == 1) {
            complete = config.address(vault.address());
        }
        start(vault, complete, new Login());
        return vault;
    }

    private void start(AutoCloseable vault, VaultConfig.Builder config) throws IOException {
        start(vault, config, new Login());
    }

    private void start(AutoCloseable vault, VaultConfig.Builder config, LoginMethod login) throws IOException {
        upstream = vault;
        VaultConfig built = config.build();
        running = Proxies.start(
                VaultSession.of(built, login, Platform.system()),
                Map.of(ProxySettings.TIMEOUT, built.requestTimeout().toMillis() + "ms"));
    }

    private ProxyServer proxy() {
        return Objects.requireNonNull(running, "no proxy started");
    }

    /** A token made by an earlier request. */
    private void olderToken() throws Exception {
        send(request("/v1/earlier"));
        nextMillisecond();
        ((FakeUpstream) upstream).seen().clear();
    }

    /** A token is older than a request when its millisecond is over. */
    private static void nextMillisecond() {
        long made = System.currentTimeMillis();
        while (System.currentTimeMillis() <= made) {
            Thread.onSpinWait();
        }
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy().port() + target));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static VaultConfig.Builder config(Duration timeout) {
        return VaultConfig.builder().address(URI.create("http://127.0.0.1:1")).requestTimeout(timeout);
    }

    private static HttpHandler onlyWith(String token) {
        return exchange -> FakeUpstream.answer(
                exchange, token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token")) ? 200 : 403, "{}");
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("waited in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Counts logins; each makes another token, or always the given one. */
    private class Login implements LoginMethod {
        private final String fixed;

        Login() {
            this("");
        }

        Login(String fixed) {
            this.fixed = fixed;
        }

        @Override
        public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
            String token = "token-" + logins.incrementAndGet();
            return new VaultToken(
                    SecretValue.of(fixed.isEmpty() ? token : fixed), token, Instant.now(), Duration.ofHours(1), true);
        }

        @Override
        public String describe() {
            return "test";
        }
    }
}
