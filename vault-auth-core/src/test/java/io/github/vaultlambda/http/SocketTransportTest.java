package io.github.vaultlambda.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.http.TransportException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real connections to this machine. */
class SocketTransportTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration AMPLE = Duration.ofMinutes(1);
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");
    private static final int LIMIT = 32 * 1024 * 1024;

    private final HttpTransport transport = new SocketTransport();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch testOver = new CountDownLatch(1);
    private final List<ServerSocket> listeners = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<Integer> ports = new CopyOnWriteArrayList<>();
    private URI address = URI.create("http://not.started.invalid");

    @AfterEach
    void stop() throws IOException {
        testOver.countDown();
        for (ServerSocket listener : listeners) {
            listener.close();
        }
        threads.shutdownNow();
    }

    private interface Conversation {
        void with(Socket socket) throws Exception;
    }

    /** A server that has this conversation on each connection. */
    private URI listen(Conversation conversation) throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, LOOPBACK);
        listeners.add(listener);
        threads.execute(() -> {
            try {
                while (true) {
                    Socket socket = listener.accept();
                    threads.execute(() -> {
                        try (socket) {
                            conversation.with(socket);
                        } catch (Exception e) {
                            // the client hung up, or the test is over
                        }
                    });
                }
            } catch (IOException e) {
                // the test is over
            }
        });
        address = URI.create("http://127.0.0.1:" + listener.getLocalPort());
        return address;
    }

    /** A server that notes each request, answers it and keeps the connection. */
    private void serve(Supplier<String> answer) throws IOException {
        listen(socket -> {
            while (readRequest(socket)) {
                write(socket, answer.get());
            }
        });
    }

    /** A server that reads one request, goes on as it is told and hangs up. */
    private URI raw(Conversation conversation) throws IOException {
        return listen(socket -> {
            if (readRequest(socket)) {
                conversation.with(socket);
            }
        });
    }

    private boolean readRequest(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                return false;
            }
            head.append((char) c);
        }
        Matcher length = CONTENT_LENGTH.matcher(head);
        byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        ports.add(socket.getPort());
        heads.add(head.toString());
        seen.add(head.substring(0, head.indexOf(" HTTP/1.1\r\n")) + " " + new String(body, UTF_8));
        return true;
    }

    private static String answer(int status, String body, String... headers) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Some Reason\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        if (status != 204 && status != 304) {
            text.append("Content-Length: ").append(body.getBytes(UTF_8).length).append("\r\n");
        }
        return text + "\r\n" + body;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
        socket.getOutputStream().flush();
    }

    private URI uri(String path) {
        return address.resolve(path);
    }

    private HttpTransport.Reply send(String method, String path, @Nullable String body) throws IOException {
        return transport.send(
                new HttpTransport.Call(method, uri(path), Map.of(), body == null ? null : body.getBytes(UTF_8), AMPLE));
    }

    private static Consumer<Throwable> kind(Kind expected) {
        return thrown -> assertThat(((TransportException) thrown).kind()).isEqualTo(expected);
    }

    private HttpTransport.Reply get(URI uri, Duration timeout) throws IOException {
        return transport.send(new HttpTransport.Call("GET", uri, Map.of(), null, timeout));
    }

    // ------------------------------------------------------------------ tests

    @ParameterizedTest
    @ValueSource(
            ints = {
                200, 201, 202, 204, 300, 301, 302, 303, 307, 308, 400, 403, 404, 405, 410, 412, 413, 429, 472, 473, 500,
                501, 502, 503, 504
            })
    void bringsEveryStatusBack(int status) throws IOException {
        String body = status == 204 ? "" : "answer \u00e9 " + status;
        serve(() -> answer(status, body));

        for (String method : List.of("GET", "PUT", "POST")) {
            HttpTransport.Reply reply = send(method, "/v1/x", method.equals("GET") ? null : "sent");

            assertThat(reply.status()).isEqualTo(status);
            assertThat(new String(reply.body(), UTF_8)).isEqualTo(body);
            assertThat(reply.header("retry-after")).isNull();
            assertThat(reply.header("location")).isNull();
        }
        assertThat(seen).containsExactly("GET /v1/x ", "PUT /v1/x sent", "POST /v1/x sent");
    }

    @ParameterizedTest
    @CsvSource({"401, WWW-Authenticate", "407, Proxy-Authenticate"})
    void asksForNoPassword(int status, String header) throws IOException {
        serve(() -> answer(status, "who?", header + ": Basic realm=\"x\""));

        assertThat(send("GET", "/", null).status()).isEqualTo(status);
        assertThat(send("PUT", "/", "sent").status()).isEqualTo(status);
        assertThat(seen).hasSize(2);
    }

    @Test
    void sendsHeadersAndBodyAsTheyAre() throws IOException {
        serve(() -> answer(200, ""));
        byte[] body = "{\"k\":\"n0tf0rl0gs \u00e9\"}".getBytes(UTF_8);

        transport.send(new HttpTransport.Call(
                "PUT",
                uri("/v1/a%20b%3F?x=%26"),
                Map.of("X-Vault-Token", "hvs.n0tf0rl0gs", "Content-Type", "application/json"),
                body,
                AMPLE));

        assertThat(heads.get(0).split("\r\n", -1))
                .contains(
                        "X-Vault-Token: hvs.n0tf0rl0gs",
                        "Content-Type: application/json",
                        "Content-Length: " + body.length,
                        "Host: " + address.getAuthority());
        assertThat(seen).containsExactly("PUT /v1/a%20b%3F?x=%26 {\"k\":\"n0tf0rl0gs \u00e9\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hvs.n0tf0rl0gs\nX-Evil: 1", "hvs.n0tf0rl0gs\r\n\r\nGET /", "n0tf0rl0gs\nx"})
    void aHeaderThatCannotBeSentIsNotQuoted(String value) throws IOException {
        serve(() -> answer(200, ""));

        Throwable thrown = catchThrowable(() ->
                transport.send(new HttpTransport.Call("GET", uri("/"), Map.of("X-Vault-Token", value), null, AMPLE)));

        assertThat(thrown).isInstanceOf(IOException.class).hasNoCause();
        assertThat(thrown.toString()).contains("X-Vault-Token").doesNotContain("n0tf0rl0gs");
        assertThat(seen).isEmpty();
    }

    @Test
    void keepsTheConnection() throws IOException {
        serve(() -> answer(seen.size() % 2 == 0 ? 200 : 404, "x".repeat(20_000)));

        for (int i = 0; i < 4; i++) {
            send("GET", "/" + i, null);
            send("PUT", "/" + i, "sent");
        }

        assertThat(seen).hasSize(8);
        assertThat(ports.stream().distinct()).hasSize(1);
    }

    @Test
    void followsNoRedirect() throws IOException {
        serve(() -> answer(307, "", "Location: /elsewhere"));

        HttpTransport.Reply reply = send("GET", "/", null);

        assertThat(reply.status()).isEqualTo(307);
        assertThat(reply.header("location")).isEqualTo("/elsewhere");
        assertThat(seen).hasSize(1);
    }

    @Test
    void bringsRetryAfterBack() throws IOException {
        serve(() -> answer(503, "{}", "Retry-After: 7"));

        assertThat(send("GET", "/", null).header("retry-after")).isEqualTo("7");
    }

    @Test
    void readsChunkedAnswers() throws IOException {
        serve(() -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "a\r\n0123456789\r\n".repeat(100)
                + "0\r\n\r\n");

        assertThat(send("GET", "/", null).body()).hasSize(1_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                "HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\nonly this",
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 9\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n64\r\nonly this",
            })
    void aTruncatedAnswerIsNone(String truncated) throws IOException {
        URI uri = raw(socket -> write(socket, truncated));

        assertThatThrownBy(() -> get(uri, AMPLE)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SSH-2.0-OpenSSH_9.6\r\n", "\r\n\r\n"})
    void anAnswerThatIsNoHttpIsNone(String text) throws IOException {
        URI uri = raw(socket -> write(socket, text));

        assertThatThrownBy(() -> transport.send(new HttpTransport.Call("PUT", uri, Map.of(), new byte[] {1}, AMPLE)))
                .isInstanceOf(IOException.class);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aResetIsAnIoException() throws IOException {
        URI uri = raw(socket -> socket.setSoLinger(true, 0));

        assertThatThrownBy(() ->
                        transport.send(new HttpTransport.Call("PUT", uri, Map.of(), "sent".getBytes(UTF_8), AMPLE)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void refusedIsAConnectException() throws IOException {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK)) {
            port = listener.getLocalPort();
        }

        assertThatThrownBy(() -> get(URI.create("http://127.0.0.1:" + port), AMPLE))
                .satisfies(kind(Kind.CONNECTION_REFUSED));
    }

    @Test
    void anAnnouncedAnswerBeyondTheLimitIsNotRead() throws IOException {
        URI uri = raw(socket -> {
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + (LIMIT + 1L) + "\r\n\r\nbegin");
            testOver.await();
        });

        assertThatThrownBy(() -> get(uri, AMPLE))
                .isInstanceOf(TransportException.class)
                .satisfies(kind(Kind.ANSWER_TOO_LARGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "500 Oops"})
    void aStreamedAnswerIsCutAtTheLimit(String status) throws IOException {
        URI uri = raw(socket -> {
            write(socket, "HTTP/1.1 " + status + "\r\nConnection: close\r\n\r\n");
            byte[] chunk = new byte[1024 * 1024];
            while (true) {
                socket.getOutputStream().write(chunk); // until the other side hangs up
            }
        });

        assertThatThrownBy(() -> get(uri, AMPLE))
                .isInstanceOf(TransportException.class)
                .satisfies(kind(Kind.ANSWER_TOO_LARGE));
    }

    @Test
    void anAnswerOfTheLimitIsRead() throws IOException {
        String body = "x".repeat(LIMIT);
        serve(() -> answer(200, body));

        assertThat(send("GET", "/", null).body()).hasSize(LIMIT);
    }

    @Test
    void noAnswerIsATimeout() throws IOException {
        URI uri = raw(socket -> testOver.await());

        assertThatThrownBy(() -> get(uri, Duration.ofMillis(50))).satisfies(kind(Kind.ANSWER_TIMEOUT));
    }

    @Test
    void halfAnAnswerIsATimeout() throws IOException {
        URI uri = raw(socket -> {
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            testOver.await();
        });

        assertThatThrownBy(() -> get(uri, Duration.ofMillis(50))).satisfies(kind(Kind.ANSWER_TIMEOUT));
    }

    /** Each byte alone comes in time, all of them do not. */
    @Test
    void anAnswerThatDripsIsATimeout() throws IOException {
        URI uri = raw(socket -> {
            write(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            do {
                write(socket, "x"); // until the other side hangs up
            } while (!testOver.await(20, TimeUnit.MILLISECONDS));
        });

        assertThatThrownBy(() -> get(uri, Duration.ofMillis(400))).satisfies(kind(Kind.ANSWER_TIMEOUT));
    }
}
