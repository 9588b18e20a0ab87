package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.extension.FakeUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy does when Vault is not as it should be. */
class ProxyResilienceTest {
    private final Map<String, String> variables = new HashMap<>();
    private @Nullable ProxyStage stage;
    private @Nullable AutoCloseable other;

    @AfterEach
    void close() throws Exception {
        if (stage != null) {
            stage.close();
        }
        if (other != null) {
            other.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"503, GET", "500, GET", "502, LIST", "504, HEAD", "429, GET", "412, GET", "473, GET"})
    void readsAreRepeatedWhileVaultCannotAnswer(int status, String method) throws IOException {
        ProxyStage proxy = start(failing(status, 2));
        assertThat(proxy.send(method, "/v1/a", "")).startsWith("HTTP/1.1 200");
        assertThat(proxy.asked()).isEqualTo(3);
        assertThat(proxy.proxy().counters().retries()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"503, POST", "503, PUT", "500, DELETE", "503, PATCH", "501, GET", "404, GET", "400, LIST"})
    void othersAreNot(int status, String method) throws IOException {
        ProxyStage proxy = start(failing(status, 1));
        assertThat(ProxyStage.status(proxy.send(method, "/v1/a", "{}"))).isEqualTo(status);
        assertThat(proxy.asked()).isEqualTo(1);
    }

    @Test
    void vaultsLastWordIsPassedOn() throws IOException {
        ProxyStage proxy = start(failing(503, 99));
        assertThat(proxy.get("/v1/a")).startsWith("HTTP/1.1 503").endsWith("\r\n\r\nfailed");
        assertThat(proxy.asked()).isEqualTo(3);
        assertThat(proxy.proxy().counters().upstreamErrors()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 472, 473, 501, 503})
    void whatVaultSaysOfItselfIsNoFailure(int status) throws IOException {
        ProxyStage proxy = start(failing(status, 99));
        assertThat(ProxyStage.status(proxy.get("/v1/sys/health?standbyok=true")))
                .isEqualTo(status);
        assertThat(proxy.asked()).isEqualTo(1);
    }

    @Test
    void aConnectionThatBreaksOffIsTriedAgain() throws Exception {
        try (ServerSocket vault = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            stage = ProxyStage.counting(200).start(variables, URI.create("http://127.0.0.1:" + vault.getLocalPort()));
            CompletableFuture<String> answer = stage.getLater("/v1/a");
            vault.accept().close();
            try (Socket second = vault.accept()) {
                second.getInputStream().read();
                second.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood".getBytes(US_ASCII));
                assertThat(answer.get(20, TimeUnit.SECONDS)).endsWith("good");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "LIST", "POST", "PUT", "DELETE"})
    void theRedirectOfAStandbyIsFollowedToTheLeader(String method) throws IOException {
        FakeUpstream leader = new FakeUpstream(exchange -> FakeUpstream.answer(
                exchange,
                200,
                "leader got " + new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
        other = leader;
        ProxyStage proxy = start(standbyOf(leader.address()));
        assertThat(proxy.send(method, "/v1/a?b=c", method.equals("POST") ? "{}" : ""))
                .startsWith("HTTP/1.1 200")
                .endsWith("leader got " + (method.equals("POST") ? "{}" : ""));
        assertThat(leader.only().method()).isEqualTo(method);
        assertThat(leader.only().target()).isEqualTo("/v1/a?b=c");
        assertThat(leader.only().headers().get("X-Vault-Token")).containsExactly("token-1");
    }

    @Test
    void noRedirectLeadsToAHostThatVaultDoesNotName() throws IOException {
        FakeUpstream stranger = FakeUpstream.answering(200, "give me your token");
        other = stranger;
        ProxyStage proxy = start(exchange -> {
            exchange.getResponseHeaders().add("Location", stranger.address() + "/v1/a");
            FakeUpstream.answer(exchange, 307, "");
        });
        assertThat(proxy.get("/v1/a")).startsWith("HTTP/1.1 307").contains("Location: " + stranger.address() + "/v1/a");
        assertThat(stranger.seen()).isEmpty();
    }

    @Test
    void requestsWantToBeSeenWhereTheLastWriteWas() throws IOException {
        ProxyStage proxy = start(exchange -> {
            exchange.getResponseHeaders()
                    .add("X-Vault-Index", "state-" + exchange.getRequestURI().getPath());
            FakeUpstream.answer(exchange, 200, "{}");
        });
        proxy.get("/v1/r");
        proxy.send("POST", "/v1/w", "{}");
        proxy.get("/v1/a");
        proxy.get("/v1/b", "X-Vault-Index: own");
        proxy.session()
                .client()
                .send(
                        VaultRequest.post("c", SecretValue.of(Map.of())),
                        proxy.session().client().newDeadline());
        proxy.get("/v1/d");
        List<FakeUpstream.Seen> seen = proxy.vault().seen();
        assertThat(seen.get(0).headers().get("X-Vault-Index")).isNull();
        assertThat(seen.get(1).headers().get("X-Vault-Index")).isNull();
        assertThat(seen.get(2).headers().get("X-Vault-Index")).containsExactly("state-/v1/w");
        assertThat(seen.get(3).headers().get("X-Vault-Index")).containsExactly("own");
        assertThat(seen.get(5).headers().get("X-Vault-Index")).containsExactly("state-/v1/c");
    }

    @Test
    void aClientThatGoesCancelsItsRequestToVault() throws Exception {
        try (ServerSocket vault = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            stage = ProxyStage.counting(200).start(variables, URI.create("http://127.0.0.1:" + vault.getLocalPort()));
            Socket client = new Socket(InetAddress.getLoopbackAddress(), stage.port());
            client.getOutputStream().write("GET /v1/a HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            try (Socket request = vault.accept()) {
                request.setSoTimeout(20_000);
                assertThat(request.getInputStream().read()).isEqualTo('G');
                client.close();
                request.getInputStream().readAllBytes(); // to its end
            }
        }
    }

    @Test
    void aClientThatGoesCancelsAnAnswerThatPauses() throws Exception {
        try (ServerSocket vault = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            stage = ProxyStage.counting(200).start(variables, URI.create("http://127.0.0.1:" + vault.getLocalPort()));
            Socket client = new Socket(InetAddress.getLoopbackAddress(), stage.port());
            client.getOutputStream()
                    .write("GET /v1/sys/monitor HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            try (Socket request = vault.accept()) {
                request.setSoTimeout(20_000);
                assertThat(request.getInputStream().read()).isEqualTo('G');
                request.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n".getBytes(US_ASCII));
                assertThat(client.getInputStream().read()).isEqualTo('H');
                client.close();
                request.getInputStream().readAllBytes();
            }
        }
    }

    @Test
    void aRequestThatComesWhileTheFirstIsAnsweredIsAnsweredNext() throws Exception {
        try (ServerSocket vault = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            stage = ProxyStage.counting(200).start(variables, URI.create("http://127.0.0.1:" + vault.getLocalPort()));
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), stage.port())) {
                client.getOutputStream().write("GET /v1/a HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
                try (Socket request = vault.accept()) {
                    request.getInputStream().read();
                    client.getOutputStream()
                            .write("GET /-/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                    .getBytes(US_ASCII));
                    for (int i = 0; i < 5; i++) {
                        stage.proxy().tick(); // looks whether the client is still there, and takes those bytes up
                    }
                    request.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst".getBytes(US_ASCII));
                    assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
                            .contains("\r\n\r\nfirstHTTP/1.1 200 OK")
                            .contains("\"status\":\"ready\"");
                }
            }
        }
    }

    @Test
    void anAnswerThatIsShorterThanAnnouncedIsAFailure() throws Exception {
        try (ServerSocket vault = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            stage = ProxyStage.counting(200).start(variables, URI.create("http://127.0.0.1:" + vault.getLocalPort()));
            CompletableFuture<String> answer = stage.getLater("/v1/a");
            try (Socket request = vault.accept()) {
                request.getInputStream().read();
                request.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\npart".getBytes(US_ASCII));
            }
            assertThat(answer.get(20, TimeUnit.SECONDS))
                    .startsWith("HTTP/1.1 500 ")
                    .endsWith("failed to read response body: Vault broke its answer off\n");
        }
    }

    private static HttpHandler failing(int status, int times) {
        AtomicInteger number = new AtomicInteger();
        return exchange -> {
            boolean fails = number.incrementAndGet() <= times;
            FakeUpstream.answer(exchange, fails ? status : 200, fails ? "failed" : "good");
        };
    }

    private static HttpHandler standbyOf(URI leader) {
        return exchange -> {
            if (exchange.getRequestURI().getPath().equals("/v1/sys/leader")) {
                FakeUpstream.answer(exchange, 200, "{\"leader_address\":\"" + leader + "\"}");
            } else {
                exchange.getResponseHeaders()
                        .add("Location", leader + exchange.getRequestURI().toString());
                FakeUpstream.answer(exchange, 307, "");
            }
        };
    }

    private ProxyStage start(HttpHandler behaviour) throws IOException {
        stage = new ProxyStage(behaviour).start(variables);
        return stage;
    }
}
