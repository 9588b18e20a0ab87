package io.github.vaultlambda.http;

import static io.github.vaultlambda.http.Peers.AMPLE;
import static io.github.vaultlambda.http.Peers.failure;
import static io.github.vaultlambda.http.Peers.get;
import static io.github.vaultlambda.http.Peers.send;
import static io.github.vaultlambda.http.Peers.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.http.HttpTransport.Call;
import io.github.vaultlambda.http.TransportException.Kind;
import io.github.vaultlambda.testkit.FaultyServer;
import io.github.vaultlambda.testkit.ServerTls;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.WireAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection serves again, and what happens when it turns out dead. */
class PooledConnectionsTest {
    private final FakeClock clock = new FakeClock();
    private final FaultyServer server = FaultyServer.start();
    private final SocketTransport transport = new SocketTransport(
            TlsOptions.defaults(), ProxyOptions.none(), clock, SocketTransport.DEFAULT_MAX_ANSWER_BYTES);

    @AfterEach
    void stop() {
        transport.close();
        server.close();
    }

    private URI uri() {
        return server.address().resolve("/v1/x");
    }

    @Test
    void anIdleConnectionServesForThirtySecondsOfTheWallClock() throws IOException {
        get(transport, uri());
        clock.advance(Duration.ofSeconds(30));
        get(transport, uri());
        assertThat(server.connections()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(31));
        get(transport, uri());
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aClockThatWasSetBackProvesNothing() throws IOException {
        get(transport, uri());
        clock.advance(Duration.ofSeconds(-1));
        get(transport, uri());

        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "LIST", "POST", "PATCH"})
    void aConnectionThatDiedIdleIsReplacedUnnoticed(String method) throws Exception {
        String body = method.equals("GET") ? null : "{}";
        get(transport, uri());
        assertThat(server.closeIdleConnections()).isEqualTo(1);
        assertThat(send(transport, method, uri(), body).status()).isEqualTo(200);
        assertThat(server.resetIdleConnections()).isEqualTo(1);
        assertThat(send(transport, method, uri(), body).status()).isEqualTo(200);

        assertThat(server.requests()).hasSize(3);
        assertThat(server.connections()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "LIST"})
    void whatMayBeRepeatedIsSentOnceMoreWhenAKeptConnectionBreaksBeforeTheAnswer(String method) throws IOException {
        get(transport, uri());
        server.next(WireAnswer.reset());

        assertThat(send(transport, method, uri(), null).status()).isEqualTo(200);
        assertThat(server.requests()).hasSize(3);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void onceMoreMeansOnce() throws IOException {
        get(transport, uri());
        server.next(WireAnswer.closed(), WireAnswer.closed());

        assertThat(failure(() -> get(transport, uri())).kind()).isEqualTo(Kind.RESET);
        assertThat(server.requests()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void whatMustNotBeRepeatedIsNot(String method) throws IOException {
        get(transport, uri());
        server.next(WireAnswer.reset());

        TransportException failure = failure(() -> send(transport, method, uri(), "{}"));

        assertThat(failure.kind()).isEqualTo(Kind.RESET);
        assertThat(failure.mayHaveArrived()).isTrue();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aNewConnectionThatBreaksIsNotRepeated() {
        server.next(WireAnswer.reset());

        assertThat(failure(() -> get(transport, uri())).kind()).isEqualTo(Kind.RESET);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void anAnswerThatBeganIsNotAskedForAgain() throws IOException {
        get(transport, uri());
        server.next(WireAnswer.of(200, "{\"a\":1}").truncatedTo(3));

        assertThat(failure(() -> get(transport, uri())).kind()).isEqualTo(Kind.RESET);
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aStreamedBodyIsNotRepeated() throws IOException {
        get(transport, uri());
        server.next(WireAnswer.reset());

        Exchange exchange =
                transport.exchange("PUT", uri(), new Headers(), AMPLE).body(new ByteArrayInputStream(new byte[10]), 10);

        assertThat(failure(exchange::send).kind()).isEqualTo(Kind.RESET);
    }

    @Test
    void bytesThatNobodyAskedForEndAConnection() throws IOException {
        server.next(WireAnswer.raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 408 Late\r\n\r\n"));

        get(transport, uri());

        assertThat(get(transport, uri()).status()).isEqualTo(200);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void bytesThatNobodyAskedForEndAConnectionAlsoWhereTlsHoldsThem() throws IOException {
        TestCertificates authority = TestCertificates.create();
        TlsOptions tls = TlsOptions.builder()
                .authorities(authority.rootPem(), "VAULT_CACERT_BYTES")
                .build();
        // One TLS record; head and body fill what is read ahead exactly, so that the rest stays below.
        String head = "HTTP/1.1 200 OK\r\nContent-Length: ";
        int body = 8192 - head.length() - "8000\r\n\r\n".length();
        String late = "HTTP/1.1 403 Poison\r\nContent-Length: 2\r\n\r\n{}";
        try (FaultyServer secured = FaultyServer.start(ServerTls.with(authority.server()));
                SocketTransport trusting = new SocketTransport(tls, ProxyOptions.none())) {
            secured.next(WireAnswer.raw(head + body + "\r\n\r\n" + "x".repeat(body) + late));

            assertThat(get(trusting, secured.address()).body()).hasSize(body);
            assertThat(get(trusting, secured.address()).status()).isEqualTo(200);
            assertThat(secured.connections()).isEqualTo(2);
        }
    }

    @Test
    void theServersCloseIsHeeded() throws IOException {
        server.next(WireAnswer.of(200, "{}").connectionClose(), WireAnswer.http10(200, "{}"));

        get(transport, uri());
        get(transport, uri());
        get(transport, uri());

        assertThat(server.connections()).isEqualTo(3);
    }

    @Test
    void closeIdleLeavesNothingAndGoesOn() throws IOException {
        get(transport, uri());
        transport.closeIdle();
        get(transport, uri());
        get(transport, uri());
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aConnectionInUseAtACheckpointIsNotKept() throws IOException {
        try (Exchange exchange = transport.exchange("GET", uri(), new Headers(), AMPLE)) {
            exchange.send();
            transport.closeIdle();
            exchange.content().readAllBytes();
        }
        get(transport, uri());

        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void afterCloseNothingIsKept() throws IOException {
        transport.close();
        get(transport, uri());
        get(transport, uri());
        transport.prepare(uri());

        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void aConnectionMadeAheadServesTheNextRequest() throws IOException {
        transport.prepare(uri());
        transport.prepare(uri());

        get(transport, uri());
        transport.prepare(uri());
        get(transport, uri());

        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aFailureAheadIsForgotten() throws IOException {
        server.resetNextConnection();
        transport.prepare(uri());
        transport.prepare(FaultyServer.refusing());
        transport.prepare(URI.create("ftp://127.0.0.1/"));

        assertThat(get(transport, uri()).status()).isEqualTo(200);
    }

    @Test
    void aFailedHandshakeAheadIsForgotten() throws IOException {
        TestCertificates authority = TestCertificates.create();
        try (FaultyServer secured = FaultyServer.start(ServerTls.with(authority.server()));
                SocketTransport trusting = new SocketTransport(
                        TlsOptions.builder()
                                .authorities(authority.rootPem(), "the test")
                                .build(),
                        ProxyOptions.none())) {
            secured.garbleNextConnection();
            trusting.prepare(secured.address());

            assertThat(get(trusting, secured.address()).status()).isEqualTo(200);
            assertThat(secured.connections()).isEqualTo(2);
        }
    }

    @Test
    void connectionsBelongToOneOrigin() throws IOException {
        try (FaultyServer other = FaultyServer.start()) {
            get(transport, uri());
            get(transport, other.address());
            get(transport, URI.create("http://localhost:" + uri().getPort() + "/"));
        }
        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyThreadsShareTheConnections(boolean tls) throws Exception {
        TestCertificates authority = TestCertificates.create();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try (FaultyServer busy = tls ? FaultyServer.start(ServerTls.with(authority.server())) : FaultyServer.start();
                SocketTransport shared = new SocketTransport(
                        TlsOptions.builder()
                                .authorities(authority.rootPem(), "the test")
                                .build(),
                        ProxyOptions.none())) {
            for (int i = 0; i < 400; i++) {
                if (i % 20 == 7) {
                    busy.change(answer -> answer.thenClose());
                } else {
                    busy.change(answer -> answer);
                }
            }
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                int number = i;
                Callable<String> call = () -> text(shared.send(new Call(
                        "PUT",
                        busy.address().resolve("/" + number),
                        Map.of(),
                        ("x" + number).repeat(1 + number * 20).getBytes(UTF_8),
                        AMPLE)));
                answers.add(threads.submit(call));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("{}");
            }
            assertThat(busy.requests().stream()
                            .filter(request -> request.target().equals("/399"))
                            .findFirst()
                            .orElseThrow()
                            .body())
                    .isEqualTo("x399".repeat(1 + 399 * 20).getBytes(UTF_8));
        } finally {
            threads.shutdownNow();
        }
    }
}
