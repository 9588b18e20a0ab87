package io.github.vaultlambda.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultyServerTest {
    private static final TestCertificates OURS = TestCertificates.create();
    private static final String GET = "GET /v1/a?b=c HTTP/1.1\r\nHost: x\r\nX-One: 1\r\n\r\n";

    private final FaultyServer server = FaultyServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }

    /** All that comes until the server closes. */
    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    /** What comes up to and with this text. */
    private static String upTo(Socket socket, String end) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!out.toString(UTF_8).endsWith(end)) {
            int next = in.read();
            assertThat(next).as("the end after %s", out).isNotNegative();
            out.write(next);
        }
        return out.toString(UTF_8);
    }

    private String ask(WireAnswer answer) throws IOException {
        server.next(answer.thenClose());
        try (Socket socket = connect()) {
            send(socket, GET);
            return all(socket);
        }
    }

    private HttpResponse<String> get() throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(server.address()).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void withoutAScriptItAnswersAndRecords() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "POST /v1/a?b=c HTTP/1.1\r\nhost: x\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(upTo(socket, "{}")).startsWith("HTTP/1.1 200 ").contains("\r\nContent-Length: 2\r\n");
            send(socket, GET);
            assertThat(upTo(socket, "{}")).startsWith("HTTP/1.1 200 ");
        }
        Http.send("GET", server.address() + "/third", Map.of(), null);

        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.requests()).extracting(SeenRequest::connection).containsExactly(1, 1, 2);
        SeenRequest first = server.requests().get(0);
        assertThat(first.method()).isEqualTo("POST");
        assertThat(first.target()).isEqualTo("/v1/a?b=c");
        assertThat(first.header("Host")).isEqualTo("x");
        assertThat(first.headers("X-ONE")).containsExactly("1", "2");
        assertThat(first.body()).asString().isEqualTo("abc");
        assertThat(first.toString()).isEqualTo("SeenRequest[POST /v1/a on connection 1]");
    }

    @Test
    void resetsAConnectionAtOnce() throws Exception {
        server.resetNextConnection();
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> {
                        send(socket, GET);
                        all(socket);
                    })
                    .isInstanceOf(SocketException.class);
        }
        assertThat(get().statusCode()).isEqualTo(200);
        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void closesAConnectionAtOnce() throws Exception {
        server.closeNextConnection();
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThat(all(socket)).isEmpty();
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void keepsSilent() throws Exception {
        server.silenceNextConnection();
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThat(get().statusCode()).as("others are served").isEqualTo(200);
            assertThat(socket.getInputStream().available()).isZero();
            server.close();
            assertThat(endOf(socket)).isTrue();
        }
    }

    /** Waits for the end of the connection, however it comes. */
    private static boolean endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void talksNonsense() throws Exception {
        server.garbleNextConnection();
        assertThatThrownBy(this::get).isInstanceOf(IOException.class);
        server.next(WireAnswer.garbage());
        assertThatThrownBy(this::get).isInstanceOf(IOException.class);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void nobodyListensWhereItRefuses() {
        assertThatThrownBy(() -> Http.send("GET", FaultyServer.refusing().toString(), Map.of(), null))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void closesOrResetsInsteadOfAnAnswer() throws Exception {
        server.next(WireAnswer.closed(), WireAnswer.reset());
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThat(all(socket)).isEmpty();
        }
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThatThrownBy(() -> all(socket)).isInstanceOf(SocketException.class);
        }
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void closesAndResetsInMidAnswer() throws Exception {
        server.next(WireAnswer.of(200, "{\"a\":1}").closeAfter(12));
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThat(all(socket)).isEqualTo("HTTP/1.1 200");
        }
        server.next(WireAnswer.of(200, "{\"a\":1}").resetAfter(12));
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThatThrownBy(() -> all(socket)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void truncatesBodies() throws Exception {
        server.next(WireAnswer.of(200, "{\"a\":1}").truncatedTo(3));
        assertThatThrownBy(this::get).isInstanceOf(IOException.class);
        server.next(WireAnswer.chunked(200, "{\"a\"", ":1}").truncatedTo(11));
        assertThatThrownBy(this::get).isInstanceOf(IOException.class);
        server.next(WireAnswer.of(200, "{\"a\":1}").after(100).truncatedTo(3));
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThat(all(socket))
                    .startsWith("HTTP/1.1 100 Status\r\n\r\nHTTP/1.1 200")
                    .endsWith("\r\n\r\n{\"a");
        }
    }

    @Test
    void hangsUntilTheClientLeaves() throws Exception {
        server.next(WireAnswer.hanging(), WireAnswer.of(200, "{}").hangAfter(5));
        try (Socket socket = connect()) {
            send(socket, GET);
            server.awaitRequests(1);
            assertThat(socket.getInputStream().available()).isZero();
        }
        try (Socket socket = connect()) {
            send(socket, GET);
            assertThat(upTo(socket, "HTTP/")).isEqualTo("HTTP/");
            assertThat(server.closeIdleConnections()).isZero();
        }
    }

    @Test
    void closesKeptConnectionsWhileTheyAreIdle() throws Exception {
        try (Socket one = connect();
                Socket other = connect()) {
            for (Socket socket : List.of(one, other)) {
                send(socket, GET);
                upTo(socket, "{}");
            }
            assertThat(server.closeIdleConnections()).isEqualTo(2);
            assertThat(all(one)).isEmpty();
            assertThat(all(other)).isEmpty();
            assertThat(server.closeIdleConnections()).isZero();
        }
        try (Socket socket = connect()) {
            send(socket, GET);
            upTo(socket, "{}");
            assertThat(server.resetIdleConnections()).isEqualTo(1);
            assertThatThrownBy(() -> all(socket)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void closesAfterAnAnswerWithAndWithoutSaying() throws Exception {
        server.next(
                WireAnswer.of(200, "{}").connectionClose(),
                WireAnswer.of(200, "{}").thenClose());
        for (boolean said : new boolean[] {true, false}) {
            try (Socket socket = connect()) {
                send(socket, GET);
                assertThat(all(socket).contains("\r\nConnection: close\r\n")).isEqualTo(said);
            }
        }
    }

    @Test
    void endlessAnswersEndWithTheClient() throws Exception {
        for (WireAnswer endless :
                List.of(WireAnswer.endlessBody(), WireAnswer.endlessBodyWithoutLength(), WireAnswer.endlessHeaders())) {
            server.next(endless);
            try (Socket socket = connect()) {
                send(socket, GET);
                assertThat(socket.getInputStream().readNBytes(100_000)).hasSize(100_000);
            }
        }
        assertThat(server.bytesSent()).isGreaterThanOrEqualTo(300_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8192, 20_000})
    void largeBodiesHaveTheSizeTheySay(int size) throws Exception {
        server.next(WireAnswer.oversized(size));

        HttpResponse<String> response = get();

        assertThat(response.body()).hasSize(size).isBlank();
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(size);
    }

    @Test
    void aHeaderMayBeHuge() throws Exception {
        assertThat(ask(WireAnswer.hugeHeader(1 << 20, "{}")))
                .hasSizeGreaterThan(1 << 20)
                .endsWith("\r\n\r\n{}");
    }

    @Test
    void theTestDecidesWhenTheNextByteComes() throws Exception {
        Semaphore permits = new Semaphore(0);
        server.next(WireAnswer.of(200, "{}").dripping(permits));
        try (Socket socket = connect()) {
            send(socket, GET);
            server.awaitRequests(1);
            assertThat(socket.getInputStream().available()).isZero();
            permits.release(8);
            assertThat(upTo(socket, "HTTP/1.1")).isEqualTo("HTTP/1.1");
            assertThat(socket.getInputStream().available()).isZero();
            permits.release(1000);
            assertThat(upTo(socket, "{}")).startsWith(" 200");
        }
    }

    @Test
    void interimAnswersComeFirst() throws Exception {
        server.next(WireAnswer.of(200, "{\"a\":1}").after(103).after(100));
        assertThat(get().body()).isEqualTo("{\"a\":1}");
        assertThat(ask(WireAnswer.noContent().after(100)))
                .isEqualTo("HTTP/1.1 100 Status\r\n\r\nHTTP/1.1 204 Status\r\n\r\n");
    }

    @Test
    void clientsThatWaitForContinueGetIt() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(upTo(socket, "\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            send(socket, "abc");
            assertThat(upTo(socket, "{}")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void anAnswerMayComeBeforeTheBodyOfTheRequest() throws Exception {
        server.next(
                WireAnswer.of(413, "{}").beforeRequestBody(),
                WireAnswer.of(413, "{}").beforeRequestBody().connectionClose());
        try (Socket socket = connect()) {
            for (int i = 0; i < 2; i++) {
                send(socket, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n");
                assertThat(upTo(socket, "{}")).startsWith("HTTP/1.1 413");
                send(socket, "abc");
            }
            assertThat(all(socket)).isEmpty();
        }
        assertThat(server.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.body()).isEmpty());
    }

    @Test
    void answersWithoutBodyAndOldOnes() throws Exception {
        server.next(WireAnswer.noContent(), WireAnswer.notModified(), WireAnswer.http10(200, "{}"));
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(server.address()).build();
        for (int status : new int[] {204, 304, 200}) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.body()).isEqualTo(status == 200 ? "{}" : "");
        }
        assertThat(server.connections()).isEqualTo(1);
        assertThat(ask(WireAnswer.http10(200, "{}")))
                .isEqualTo("HTTP/1.0 200 Status\r\nContent-Type: application/json\r\n\r\n{}");
    }

    @Test
    void lengthsMayContradictEachOther() throws Exception {
        assertThat(ask(WireAnswer.withLengths(200, "{}", 2, 2)))
                .contains("Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(ask(WireAnswer.withLengths(200, "{}", 2, 5)))
                .contains("Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}");
        assertThat(ask(WireAnswer.chunkedWithLength(200, "{}", 1)))
                .contains("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n")
                .endsWith("\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
    }

    @Test
    void chunksWithAllThatTheRulesAllow() throws Exception {
        String json = "{\"a\":\"ä\"}";
        server.next(
                WireAnswer.chunkedWithExtensionsAndTrailers(200, json), WireAnswer.chunked(200, "{\"a\":", "\"ä\"}"));

        assertThat(get().body()).isEqualTo(json);
        assertThat(get().body()).isEqualTo(json);
    }

    @Test
    void rawBytesAreSentAsTheyAre() throws Exception {
        assertThat(ask(WireAnswer.raw("HTTP/1.1 999\r\n\r\n"))).isEqualTo("HTTP/1.1 999\r\n\r\n");
        assertThatThrownBy(() -> WireAnswer.raw("x").header("a", "b")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> WireAnswer.of(200, "x").closeAfter(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(WireAnswer.of(200, TestSecrets.mint("")).toString()).doesNotContain(TestSecrets.MARKER);
    }

    @Test
    void standsInFrontOfARealServer() throws Exception {
        try (VaultStandIn vault = VaultStandIn.start()) {
            vault.putSecret("secret/data/a", Map.of("k", "v"));
            server.forwardTo(vault.address())
                    .next(WireAnswer.of(503, "{}").header("Retry-After", "1"))
                    .change(answer -> answer.resetAfter(20));
            Map<String, String> token = Map.of("X-Vault-Token", vault.rootToken());
            String url = server.address() + "/v1/secret/data/a";

            assertThat(Http.send("GET", url, token, null).status()).isEqualTo(503);
            assertThat(vault.requests()).isEmpty();
            assertThatThrownBy(() -> Http.send("PUT", url, token, "{\"data\":{\"k\":\"w\"}}"))
                    .isInstanceOf(IOException.class);
            assertThat(vault.requests()).as("carried out all the same").hasSize(1);
            assertThat(Http.send("GET", url, token, null).at("data", "data", "k"))
                    .isEqualTo("w");
            server.forwardTo(FaultyServer.refusing());
            assertThat(Http.send("GET", url, token, null).status()).isEqualTo(502);
            server.otherwise(WireAnswer.of(404, "{}"));
            assertThat(Http.send("GET", url, token, null).status()).isEqualTo(404);
        }
    }

    @Test
    void doesTheSameOverTls() throws Exception {
        try (FaultyServer secure = FaultyServer.start(ServerTls.with(OURS.server()))) {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(OURS.clientContext())
                    .connectTimeout(Duration.ofMinutes(1))
                    .build();
            URI address = secure.address();
            HttpRequest request = HttpRequest.newBuilder(address).build();
            assertThat(address).hasScheme("https");

            secure.garbleNextConnection();
            assertThatThrownBy(() -> overTls(secure)).isInstanceOf(SSLException.class);
            secure.resetNextConnection();
            assertThatThrownBy(() -> overTls(secure)).isInstanceOf(IOException.class);
            assertThat(secure.requests()).isEmpty();
            secure.next(WireAnswer.of(200, "{}").resetAfter(10));
            assertThatThrownBy(() -> overTls(secure)).isInstanceOf(IOException.class);
            secure.next(WireAnswer.of(200, "{}").truncatedTo(1));
            assertThatThrownBy(() -> client.send(request, HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            int before = secure.connections();
            assertThat(secure.closeIdleConnections()).isEqualTo(1);
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(secure.connections()).isEqualTo(before + 1);
        }
    }

    // Not with the JDK's client, which may try again when a connection ends early.
    private static String overTls(FaultyServer server) throws IOException {
        try (Socket socket = OURS.clientContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            send(socket, GET);
            return all(socket);
        }
    }
}
