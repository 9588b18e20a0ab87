package io.github.vaultlambda.http;

import static io.github.vaultlambda.http.Peers.AMPLE;
import static io.github.vaultlambda.http.Peers.SHORT;
import static io.github.vaultlambda.http.Peers.failure;
import static io.github.vaultlambda.http.Peers.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.http.HttpTransport.Call;
import io.github.vaultlambda.http.TransportException.Kind;
import io.github.vaultlambda.testkit.FaultyServer;
import io.github.vaultlambda.testkit.ServerTls;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.WireAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers as streams, and how they end before their time. */
class ExchangeTest {
    private static final int LARGE = 20_000_000;

    private final FaultyServer server = FaultyServer.start();
    private final SocketTransport transport = new SocketTransport();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        transport.close();
        server.close();
    }

    private Exchange exchange(String method, Duration timeout) throws IOException {
        return transport.exchange(method, server.address().resolve("/v1/x"), new Headers(), timeout);
    }

    private static String content(Exchange exchange) throws IOException {
        return new String(exchange.content().readAllBytes(), UTF_8);
    }

    @Test
    void headersAreSentAndReadInOrderAndSeveralTimes() throws IOException {
        server.next(WireAnswer.of(200, "{}").header("Warning", "1").header("warning", "2"));
        Headers headers = new Headers().add("X-A", "1").add("x-a", "2").add("X-B", "");
        for (int i = 0; i < 30; i++) {
            headers.add("X-More", "" + i);
        }

        try (Exchange exchange = transport.exchange("LIST", server.address().resolve("/a%2Fb?c"), headers, AMPLE)) {
            exchange.send();

            assertThat(exchange.headers().first("WARNING")).isEqualTo("1");
            assertThat(exchange.headers().name(3)).isEqualTo("warning");
            assertThat(exchange.headers().value(3)).isEqualTo("2");
            assertThat(exchange.contentLength()).isEqualTo(2);
        }
        assertThat(server.requests().get(0).method()).isEqualTo("LIST");
        assertThat(server.requests().get(0).target()).isEqualTo("/a%2Fb?c");
        assertThat(server.requests().get(0).headers("X-A")).containsExactly("1", "2");
        assertThat(server.requests().get(0).headers("X-More")).hasSize(30).startsWith("0", "1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 16_384, 16_385, 100_000})
    void bodiesOfEverySizeArriveInEveryForm(int size) throws IOException {
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) 'x');
        for (long length : new long[] {-1, size}) {
            try (Exchange exchange = exchange("POST", AMPLE).body(new ByteArrayInputStream(body), length)) {
                assertThat(exchange.send().status()).isEqualTo(200);
                assertThat(content(exchange)).isEqualTo("{}");
            }
        }
        try (Exchange exchange = exchange("POST", AMPLE).body(body)) {
            assertThat(content(exchange.send())).isEqualTo("{}");
        }
        assertThat(server.requests())
                .hasSize(3)
                .allSatisfy(request -> assertThat(request.body()).isEqualTo(body));
        assertThat(server.requests().get(0).header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(server.requests().get(1).header("Content-Length")).isEqualTo("" + size);
    }

    @Test
    void theContentComesAsItArrives() throws Exception {
        Semaphore permits = new Semaphore(0);
        WireAnswer answer = WireAnswer.chunked(200, "first", "second");
        server.next(answer.dripping(permits));
        try (Exchange exchange = exchange("GET", AMPLE)) {
            int head = "HTTP/1.1 200 Status\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .length();
            permits.release(head + "5\r\nfirst\r\n".length());
            exchange.send();
            assertThat(exchange.contentLength()).isEqualTo(-1);
            assertThat(new String(exchange.content().readNBytes(5), UTF_8)).isEqualTo("first");
            permits.release(1_000);
            assertThat(content(exchange)).isEqualTo("second");
        }
        get(transport, server.address());
        assertThat(server.connections()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerBeforeTheBodyIsReadIsTaken(boolean tls) throws IOException {
        TestCertificates authority = TestCertificates.create();
        try (FaultyServer eager = tls ? FaultyServer.start(ServerTls.with(authority.server())) : FaultyServer.start();
                SocketTransport trusting = new SocketTransport(
                        TlsOptions.builder()
                                .authorities(authority.rootPem(), "the test")
                                .build(),
                        ProxyOptions.none())) {
            WireAnswer early = WireAnswer.of(413, "{\"errors\":[]}").beforeRequestBody();
            eager.next(early.thenClose(), early.thenClose());

            assertThat(trusting.send(new Call("PUT", eager.address(), Map.of(), new byte[LARGE], AMPLE))
                            .status())
                    .isEqualTo(413);
            try (Exchange exchange = trusting.exchange("POST", eager.address(), new Headers(), AMPLE)
                    .body(endless(), -1)) {
                assertThat(exchange.send().status()).isEqualTo(413);
                assertThat(content(exchange)).isEqualTo("{\"errors\":[]}");
            }
            assertThat(get(trusting, eager.address()).status()).isEqualTo(200);
            assertThat(eager.connections()).isEqualTo(3);
        }
    }

    private static InputStream endless() {
        return new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                Arrays.fill(bytes, offset, offset + length, (byte) 'x');
                return length;
            }
        };
    }

    @Test
    void aServerThatStopsReadingEndsInTime() {
        server.next(WireAnswer.hanging().beforeRequestBody());

        TransportException failure = failure(() ->
                transport.send(new Call("PUT", server.address(), Map.of(), new byte[LARGE], Duration.ofMillis(300))));

        assertThat(failure.kind()).isEqualTo(Kind.ANSWER_TIMEOUT);
        assertThat(failure.mayHaveArrived()).isTrue();
    }

    @Test
    void theTimeBeginsAnewWithEachPieceOfAStreamedBody() throws Exception {
        PipedOutputStream feed = new PipedOutputStream();
        PipedInputStream source = new PipedInputStream(feed);
        Exchange exchange = exchange("POST", Duration.ofMillis(500)).body(source, -1);
        Future<Exchange> sent = threads.submit(exchange::send);
        for (int i = 0; i < 8; i++) {
            feed.write('x');
            feed.flush();
            new CountDownLatch(1).await(100, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        feed.close();

        assertThat(sent.get().status()).isEqualTo(200);
        exchange.close();
        assertThat(server.requests().get(0).body()).hasSize(8);
    }

    @Test
    void aBodyThatDoesNotComeEndsInTime() throws IOException {
        PipedInputStream never = new PipedInputStream(new PipedOutputStream());

        Exchange exchange = exchange("POST", SHORT).body(never, -1);

        assertThat(failure(exchange::send).kind()).isEqualTo(Kind.ANSWER_TIMEOUT);
    }

    @Test
    void aBodyThatBreaksOffEndsTheRequest() throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("gone");
            }
        };
        assertThat(failure(exchange("POST", AMPLE).body(broken, -1)::send).kind())
                .isEqualTo(Kind.BODY_SOURCE);
        assertThat(failure(exchange("POST", AMPLE).body(new ByteArrayInputStream(new byte[3]), 4)::send)
                        .kind())
                .isEqualTo(Kind.BODY_SOURCE);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aBodyLongerThanAnnouncedIsCut() throws IOException {
        try (Exchange exchange = exchange("POST", AMPLE).body(new ByteArrayInputStream(new byte[10]), 4)) {
            assertThat(exchange.send().status()).isEqualTo(200);
        }
        assertThat(server.requests().get(0).body()).hasSize(4);
    }

    @Test
    void contentThatNobodyReadsEndsTheConnection() throws IOException {
        server.next(WireAnswer.endlessBody());
        try (Exchange exchange = exchange("GET", AMPLE)) {
            exchange.send();
            assertThat(exchange.content().read()).isEqualTo(' ');
        }
        get(transport, server.address());
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void contentThatStopsEndsInTime() throws IOException {
        server.next(WireAnswer.of(200, "{\"a\":1}").hangAfter(80));
        try (Exchange exchange = exchange("GET", SHORT)) {
            exchange.send();
            assertThat(failure(() -> exchange.content().readAllBytes()).kind()).isEqualTo(Kind.ANSWER_TIMEOUT);
        }
    }

    @Test
    void theContentCanHaveAnotherTimeThanTheHead() throws IOException {
        server.next(WireAnswer.of(200, "{\"a\":1}").hangAfter(80));
        try (Exchange exchange = exchange("GET", AMPLE)) {
            exchange.send().timeout(SHORT);
            assertThat(failure(() -> exchange.content().readAllBytes()).kind()).isEqualTo(Kind.ANSWER_TIMEOUT);
        }
    }

    @Test
    void abortWakesWhoWaitsForTheAnswer() throws Exception {
        server.next(WireAnswer.hanging());
        Exchange exchange = exchange("GET", AMPLE);
        Future<Exchange> sent = threads.submit(exchange::send);
        server.awaitRequests(1);

        exchange.abort();

        assertThatThrownBy(sent::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ABORTED));
    }

    @Test
    void whatIsAbortedBeforeIsNotSent() throws IOException {
        Exchange exchange = exchange("GET", AMPLE);
        exchange.abort();

        assertThat(failure(exchange::send).kind()).isEqualTo(Kind.ABORTED);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void anExchangeIsSentOnce() throws IOException {
        Exchange exchange = exchange("GET", AMPLE);
        assertThatThrownBy(exchange::status).isInstanceOf(IllegalStateException.class);
        content(exchange.send());
        assertThatThrownBy(exchange::send).isInstanceOf(IllegalStateException.class);
        exchange.abort();
        get(transport, server.address());
        assertThat(server.connections())
                .as("an abort after the end harms nobody")
                .isEqualTo(1);
    }

    // ------------------------------------------------------------------ connecting

    private SocketTransport resolving(HostResolver resolver) {
        return new SocketTransport(TlsOptions.defaults(), ProxyOptions.none(), InstantSource.system(), 1_000, resolver);
    }

    private URI named() {
        return URI.create("http://vault_1.example:" + server.address().getPort() + "/v1/x");
    }

    @Test
    void everyAddressIsTried() throws IOException {
        InetAddress refusing = InetAddress.getByAddress(new byte[] {127, 0, 0, 99});
        InetAddress refusing6 = InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        InetAddress serving = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (SocketTransport several = resolving(host -> new InetAddress[] {refusing, refusing6, serving, refusing})) {
            assertThat(get(several, named()).status()).isEqualTo(200);
        }
        assertThat(server.requests().get(0).header("Host"))
                .isEqualTo("vault_1.example:" + server.address().getPort());

        try (SocketTransport none = resolving(host -> new InetAddress[] {refusing6, refusing})) {
            TransportException failure = failure(() -> get(none, named()));
            assertThat(failure.kind()).isEqualTo(Kind.CONNECTION_REFUSED);
            assertThat(failure.mayHaveArrived()).isFalse();
        }
    }

    @Test
    void anUnknownHostIsCalledSo() {
        try (SocketTransport lost = resolving(host -> {
            throw new UnknownHostException(host);
        })) {
            TransportException failure = failure(() -> get(lost, named()));
            assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN_HOST);
            assertThat(failure).hasMessage("the host vault_1.example is unknown");
        }
    }

    @Test
    void aResolverThatHangsEndsInTimeOrByInterruptOrAbort() throws Exception {
        CountDownLatch testOver = new CountDownLatch(1);
        Semaphore asked = new Semaphore(0);
        try (SocketTransport hanging = resolving(host -> {
            try {
                asked.release();
                testOver.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        })) {
            TransportException late = failure(() -> hanging.send(new Call("GET", named(), Map.of(), null, SHORT)));
            assertThat(late.kind()).isEqualTo(Kind.CONNECT_TIMEOUT);
            assertThat(late).hasMessageEndingWith("came about in time");

            Thread.currentThread().interrupt();
            assertThat(failure(() -> get(hanging, named())).kind()).isEqualTo(Kind.ABORTED);
            assertThat(Thread.interrupted()).isTrue();

            asked.drainPermits();
            Exchange exchange = hanging.exchange("GET", named(), new Headers(), AMPLE);
            Future<Exchange> sent = threads.submit(exchange::send);
            asked.acquire();
            exchange.abort();
            assertThatThrownBy(sent::get).hasRootCauseInstanceOf(TransportException.class);

            hanging.prepare(named());
            asked.acquire();
            assertThat(failure(() -> hanging.send(new Call("GET", named(), Map.of(), null, SHORT)))
                            .kind())
                    .isEqualTo(Kind.CONNECT_TIMEOUT);
        } finally {
            testOver.countDown();
        }
        assertThat(server.requests()).isEmpty();
    }
}
