package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.extension.FakeUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests and answers are told apart on the wire: what could be understood in two ways is refused. */
class ProxyFramingTest {
    private @Nullable ProxyStage stage;

    @BeforeEach
    void start() throws IOException {
        stage = new ProxyStage(exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                    FakeUpstream.answer(
                            exchange,
                            200,
                            exchange.getRequestMethod() + " " + exchange.getRequestURI() + " <" + body + ">");
                })
                .start(Map.of());
    }

    @AfterEach
    void close() {
        proxy().close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    both lengths            | Content-Length: 5\\r\\nTransfer-Encoding: chunked | 400
                    two different lengths   | Content-Length: 5\\r\\nContent-Length: 6 | 400
                    a list of lengths       | Content-Length: 5, 5 | 400
                    a signed length         | Content-Length: +5 | 400
                    a negative length       | Content-Length: -5 | 400
                    a length in hexadecimal | Content-Length: 0x5 | 400
                    an empty length         | Content-Length: | 400
                    an endless length       | Content-Length: 99999999999999999999 | 400
                    an unknown encoding     | Transfer-Encoding: gzip, chunked | 501
                    identity                | Transfer-Encoding: identity | 501
                    two encodings           | Transfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked | 400
                    a hidden encoding       | Transfer-Encoding : chunked | 400
                    a folded header         | X-A: 1\\r\\n 2 | 400
                    a header without colon  | X-A | 400
                    a header without name   | : 1 | 400
                    a bare CR               | X-A: 1\\rContent-Length: 5 | 400
                    a bare LF               | X-A: 1\\nContent-Length: 5 | 400
                    NUL                     | X-A: \\u0000 | 400
                    a strange expectation   | Expect: the-unexpected | 417
                    """)
    void headersThatCanBeUnderstoodInTwoWaysAreRefused(String name, String headers, int status) throws IOException {
        String answer = raw("POST /v1/a HTTP/1.1\r\nHost: localhost\r\n" + unescaped(headers)
                + "\r\n\r\nGET /v1/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(ProxyStage.status(answer)).isEqualTo(status);
        assertThat(answer)
                .contains("\r\nConnection: close\r\n")
                .contains("\r\nContent-Type: text/plain; charset=utf-8\r\n")
                .containsOnlyOnce("HTTP/1.1");
        assertThat(ProxyStage.content(answer))
                .startsWith("refused: ")
                .endsWith("\n")
                .hasLineCount(1);
        assertThat(proxy().asked()).isZero();
    }

    @Test
    void aClientThatSpeaksTlsIsToldAtOnce() throws IOException {
        String answer = raw("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001");

        assertThat(ProxyStage.status(answer)).isEqualTo(400);
        assertThat(ProxyStage.content(answer)).contains("its address begins with http://");
        assertThat(proxy().asked()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1/a, 400",
        "GET /v1/a HTTP/1.1 x, 400",
        "GET  /v1/a HTTP/1.1, 400",
        "G@T /v1/a HTTP/1.1, 400",
        "GET /v1/a HTTP/x.1, 400",
        "GET /v1/a http/1.1, 400",
        "GET /v1/a HTTP/2.0, 505",
        "PRI * HTTP/2.0, 505",
        "GET * HTTP/1.1, 400",
        "CONNECT evil.example:443 HTTP/1.1, 400",
        "GET v1/a HTTP/1.1, 400"
    })
    void requestLinesOfOthersAreRefused(String line, int status) throws IOException {
        String answer = raw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(ProxyStage.status(answer)).isEqualTo(status);
        assertThat(proxy().asked()).isZero();
    }

    @Test
    void whatIsTooLongIsRefused() throws IOException {
        assertThat(raw("GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + "x".repeat(70_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\n" + "X-A: 1\r\n".repeat(300) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(proxy().asked()).isZero();
    }

    @Test
    void whatIsLongEnoughForTokensPasses() throws IOException {
        String path = "/v1/" + "x".repeat(8_000);
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-A: " + "x".repeat(20_000)
                        + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("GET " + path + " <>");
    }

    @Test
    void requestsInOnePieceAreAnsweredInTheirOrder() throws IOException {
        String answers = raw("POST /v1/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\none"
                + "\r\nPOST /v1/2 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2;x=y\r\ntw\r\n1\r\no\r\n0\r\nTrailer: x\r\n\r\n"
                + "GET /v1/3 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answers.replaceAll("(?s)HTTP/1.1 200 OK.*?\r\n\r\n", "|"))
                .isEqualTo("|POST /v1/1 <one>|POST /v1/2 <two>|GET /v1/3 <>");
    }

    @Test
    void aRequestInManyPiecesIsPutTogether() throws IOException {
        try (Socket socket = connect()) {
            for (char c : "POST /v1/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
                    .toCharArray()) {
                socket.getOutputStream().write(c);
                socket.getOutputStream().flush();
            }
            assertThat(rest(socket)).endsWith("POST /v1/a <abc>");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\nabc\r\n0\r\n\r\n",
                "-1\r\n",
                "\r\n",
                "3\r\nabcd\r\n0\r\n\r\n",
                "3\nabc\n",
                "ffffffffffffffff\r\n"
            })
    void chunksThatAreNoneEndTheConnection(String chunks) throws IOException {
        String answer = raw("POST /v1/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        assertThat(answer).doesNotContain("200 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 3", "Transfer-Encoding: chunked"})
    void aClientIsToldToSendItsBody(String framing) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /v1/a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n"
                            + framing + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(25), ISO_8859_1)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            out.write((framing.startsWith("C") ? "abc" : "3\r\nabc\r\n0\r\n\r\n").getBytes(ISO_8859_1));
            assertThat(rest(socket)).startsWith("HTTP/1.1 200 OK").endsWith("POST /v1/a <abc>");
        }
    }

    @Test
    void aClientIsNotToldToSendABodyThatNobodyWants() throws IOException {
        String answer =
                raw("POST /v1/a HTTP/1.1\r\nHost: evil.example\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("Connection: close");
    }

    @Test
    void connectionsAreKeptAsTheClientAsks() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(get("/v1/1", "HTTP/1.1", "").getBytes(ISO_8859_1));
            assertThat(answer(socket, "GET /v1/1 <>")).doesNotContain("Connection:");
            socket.getOutputStream()
                    .write(get("/v1/2", "HTTP/1.0", "Connection: keep-alive\r\n")
                            .getBytes(ISO_8859_1));
            assertThat(answer(socket, "GET /v1/2 <>")).contains("Connection: keep-alive");
            socket.getOutputStream().write(get("/v1/../3", "HTTP/1.1", "").getBytes(ISO_8859_1));
            assertThat(answer(socket, "the path is /3\n"))
                    .startsWith("HTTP/1.1 307")
                    .contains("Location: /3\r\n");
            socket.getOutputStream().write(get("/v1/4", "HTTP/1.0", "").getBytes(ISO_8859_1));
            assertThat(rest(socket)).contains("Connection: close").endsWith("GET /v1/4 <>");
        }
    }

    @Test
    void headHasTheHeadersOfTheAnswerAlone() throws IOException {
        String answers = raw(head("/v1/a", "") + head("/v1/../a", "") + head("/-/health", "Connection: close\r\n"));
        assertThat(answers).contains("Content-Length: 13\r\n").endsWith("\r\n\r\n");
        assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(4);
    }

    private ProxyStage proxy() {
        if (stage == null) {
            throw new AssertionError("not started");
        }
        return stage;
    }

    private static String get(String path, String version, String headers) {
        return "GET " + path + " " + version + "\r\nHost: localhost\r\n" + headers + "\r\n";
    }

    private static String head(String path, String headers) {
        return "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy().port());
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return rest(socket);
        }
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    private static String answer(Socket socket, String end) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith(end)) {
            int c = socket.getInputStream().read();
            assertThat(c).as("end after " + answer).isNotNegative();
            answer.append((char) c);
        }
        return answer.toString();
    }

    private static String unescaped(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\u0000", "\0");
    }
}
