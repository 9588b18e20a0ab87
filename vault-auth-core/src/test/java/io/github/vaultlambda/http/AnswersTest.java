package io.github.vaultlambda.http;

import static io.github.vaultlambda.http.Peers.AMPLE;
import static io.github.vaultlambda.http.Peers.SHORT;
import static io.github.vaultlambda.http.Peers.failure;
import static io.github.vaultlambda.http.Peers.get;
import static io.github.vaultlambda.http.Peers.send;
import static io.github.vaultlambda.http.Peers.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.http.HttpTransport.Call;
import io.github.vaultlambda.http.HttpTransport.Reply;
import io.github.vaultlambda.http.TransportException.Kind;
import io.github.vaultlambda.testkit.FaultyServer;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.WireAnswer;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for an answer, and what is not. */
class AnswersTest {
    private final FaultyServer server = FaultyServer.start();
    private final SocketTransport transport = new SocketTransport();

    @AfterEach
    void stop() {
        transport.close();
        server.close();
    }

    private URI uri() {
        return server.address().resolve("/v1/x");
    }

    private TransportException refused(WireAnswer answer) {
        server.next(answer);
        return failure(() -> get(transport, uri()));
    }

    private String taken(WireAnswer answer) throws IOException {
        server.next(answer);
        String text = text(get(transport, uri()));
        assertThat(get(transport, uri()).status()).as("the next answer").isEqualTo(200);
        return text;
    }

    @Test
    void everyFramingIsRead() throws IOException {
        assertThat(taken(WireAnswer.of(200, "{\"a\":1}"))).isEqualTo("{\"a\":1}");
        assertThat(taken(WireAnswer.chunked(200, "{\"a\"", ":", "1}"))).isEqualTo("{\"a\":1}");
        assertThat(taken(WireAnswer.chunked(200))).isEmpty();
        assertThat(taken(WireAnswer.chunkedWithExtensionsAndTrailers(200, "{\"a\":1}")))
                .isEqualTo("{\"a\":1}");
        assertThat(taken(WireAnswer.http10(200, "{\"a\":1}"))).isEqualTo("{\"a\":1}");
        assertThat(taken(WireAnswer.withLengths(200, "{}", 2, 2))).isEqualTo("{}");
        assertThat(taken(WireAnswer.of(200, "{}").after(100).after(103))).isEqualTo("{}");
        assertThat(taken(WireAnswer.hugeHeader(60_000, "{}"))).isEqualTo("{}");
        assertThat(taken(WireAnswer.noContent())).isEmpty();
        assertThat(taken(WireAnswer.notModified())).isEmpty();
    }

    @Test
    void theAnswerToHeadHasNoBody() throws IOException {
        server.next(WireAnswer.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"));

        assertThat(send(transport, "HEAD", uri(), null).body()).isEmpty();
        assertThat(get(transport, uri()).status()).isEqualTo(200);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void headersComeBackByLowerCaseName() throws IOException {
        server.next(WireAnswer.of(200, "{}").header("X-Vault-Index", " abc\t ").header("X-VAULT-index", "last"));

        Reply reply = get(transport, uri());

        assertThat(reply.header("x-vault-index")).isEqualTo("last");
        assertThat(reply.header("content-type")).isEqualTo("application/json");
        assertThat(reply.header("absent")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: a\r\n folded\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\u0000b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: \u000b2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\f\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 x\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 101 Switching\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/2.0 200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n",
                "\r\n\r\n"
            })
    void whatTwoReadersCouldUnderstandInTwoWaysIsRefused(String answer) {
        TransportException failure = refused(WireAnswer.raw(answer).thenClose());

        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED_ANSWER);
        assertThat(failure).hasMessageStartingWith("the answer is no valid HTTP: ");
        assertThat(failure.hint()).isEqualTo("check that the address leads to the server itself");
    }

    @Test
    void lengthsThatContradictAreRefused() {
        assertThat(refused(WireAnswer.withLengths(200, "{}", 2, 3)).kind()).isEqualTo(Kind.MALFORMED_ANSWER);
        assertThat(refused(WireAnswer.chunkedWithLength(200, "{}", 2)).kind()).isEqualTo(Kind.MALFORMED_ANSWER);
    }

    @Test
    void aHeadHasItsLimits() {
        assertThat(refused(WireAnswer.hugeHeader(70_000, "{}"))).hasMessageContaining("longer than 64 KiB");
        assertThat(refused(WireAnswer.endlessHeaders()).kind()).isEqualTo(Kind.MALFORMED_ANSWER);
        WireAnswer many = WireAnswer.of(200, "{}");
        for (int i = 0; i < 200; i++) {
            many = many.header("X-" + i, "v");
        }
        assertThat(refused(many)).hasMessageContaining("more than 200 headers");
        WireAnswer interim = WireAnswer.of(200, "{}");
        for (int i = 0; i < 30; i++) {
            interim = interim.after(100);
        }
        assertThat(refused(interim)).hasMessageContaining("does not come to its point");
    }

    @Test
    void garbageIsNoAnswer() {
        assertThat(refused(WireAnswer.garbage()).kind()).isEqualTo(Kind.MALFORMED_ANSWER);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 14, 40, 60})
    void anAnswerThatBreaksOffIsNone(int bytes) {
        assertThat(refused(WireAnswer.of(200, "{\"a\":1}").closeAfter(bytes)).kind())
                .isEqualTo(Kind.RESET);
        assertThat(refused(WireAnswer.of(200, "{\"a\":1}").resetAfter(bytes)).kind())
                .isEqualTo(Kind.RESET);
    }

    @Test
    void aBodyThatBreaksOffIsNone() {
        assertThat(refused(WireAnswer.of(200, "{\"a\":1}").truncatedTo(4)).kind())
                .isEqualTo(Kind.RESET);
        assertThat(refused(WireAnswer.chunked(200, "{\"a\":1}").truncatedTo(4)).kind())
                .isEqualTo(Kind.RESET);
        assertThat(refused(WireAnswer.chunked(200, "{\"a\":1}").truncatedTo(12)).kind())
                .isEqualTo(Kind.RESET);
    }

    @ParameterizedTest
    @CsvSource({"100, true", "101, false"})
    void theLimitOfABodyIsExact(int size, boolean taken) throws IOException {
        try (SocketTransport small =
                new SocketTransport(TlsOptions.defaults(), ProxyOptions.none(), InstantSource.system(), 100)) {
            String body = "x".repeat(size);
            for (WireAnswer answer : new WireAnswer[] {
                WireAnswer.of(200, body), WireAnswer.chunked(200, body), WireAnswer.http10(200, body)
            }) {
                server.next(answer);
                if (taken) {
                    assertThat(text(get(small, uri()))).isEqualTo(body);
                } else {
                    TransportException failure = failure(() -> get(small, uri()));
                    assertThat(failure.kind()).isEqualTo(Kind.ANSWER_TOO_LARGE);
                    assertThat(failure).hasMessageEndingWith("is larger than 100 bytes");
                }
            }
        }
    }

    @Test
    void aBodyWithoutEndIsCutAtTheLimit() {
        assertThat(refused(WireAnswer.endlessBody())).hasMessageEndingWith("is larger than 32 MiB");
        assertThat(refused(WireAnswer.endlessBodyWithoutLength()).kind()).isEqualTo(Kind.ANSWER_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 80})
    void slowHeadsAndBodiesEndInTime(int bytesBefore) {
        Semaphore permits = new Semaphore(bytesBefore);
        server.next(WireAnswer.of(200, "{\"a\":1}").dripping(permits));

        TransportException failure = failure(() -> transport.send(new Call("GET", uri(), Map.of(), null, SHORT)));

        assertThat(failure.kind()).isEqualTo(Kind.ANSWER_TIMEOUT);
        assertThat(failure)
                .hasMessage(server.address() + " did not " + (bytesBefore < 80 ? "answer" : "complete its answer")
                        + " within 200 ms");
        permits.release(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u0000b", "a\r\n\r\nGET / HTTP/1.1", "\u20ac"})
    void nothingIsSmuggledIntoARequest(String text) {
        String secret = TestSecrets.mint("hvs") + text;
        for (Call call : new Call[] {
            new Call("GET", uri(), Map.of("X-Vault-Token", secret), null, AMPLE),
            new Call("GET", uri(), Map.of(secret, "x"), null, AMPLE),
            new Call(secret, uri(), Map.of(), null, AMPLE)
        }) {
            TransportException failure = failure(() -> transport.send(call));
            assertThat(failure.kind()).isEqualTo(Kind.ILLEGAL_REQUEST);
            assertThat(failure.mayHaveArrived()).isFalse();
        }
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host/", "http:/path", "mailto:a@b", "http://host:99999/", "http://ho$t/", "/v1/x"})
    void anAddressThatIsNoneOfHttpIsRefused(String address) {
        TransportException failure =
                failure(() -> transport.send(new Call("GET", URI.create(address), Map.of(), null, AMPLE)));

        assertThat(failure.kind()).isEqualTo(Kind.ILLEGAL_REQUEST);
    }

    @Test
    void framingIsOurs() throws IOException {
        transport.send(new Call(
                "PUT",
                uri(),
                Map.of("content-length", "7", "Transfer-Encoding", "chunked", "Connection", "close", "Host", "sts.x"),
                new byte[2],
                AMPLE));

        assertThat(server.requests().get(0).headers("Content-Length")).containsExactly("2");
        assertThat(server.requests().get(0).header("Transfer-Encoding")).isNull();
        assertThat(server.requests().get(0).header("Connection")).isNull();
        assertThat(server.requests().get(0).headers("Host")).containsExactly("sts.x");
    }
}
