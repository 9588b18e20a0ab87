package io.github.vaultlambda.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.contract.Eventually;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy of the packaged extension, whichever layer is under test, as a function beside it sees it. */
final class ProxyProcessTest {
    private static final String PATH = "/v1/" + Stage.SECRET;

    private final Stage stage = new Stage();
    private final Map<String, String> variables = stage.variables();

    @TempDir
    private Path folder = Path.of("unset");

    private @Nullable LambdaEmulator lambda;

    @AfterEach
    void close() {
        if (lambda != null) {
            lambda.close();
        }
        stage.close();
    }

    @ParameterizedTest(name = "by default {0}, header {1}: {2} reads of two")
    @CsvSource({
        "false, '', 2",
        "false, cache, 1",
        "false, recache, 2",
        "false, nocache, 2",
        "true, '', 1",
        "true, cache, 1",
        "true, recache, 2",
        "true, nocache, 2",
        "true, Cache, 1",
        "false, Cache, 2",
    })
    void answersAreKeptAsTheHeaderAndTheDefaultSay(boolean byDefault, String header, int reads) throws Exception {
        variables.put("VAULT_DEFAULT_CACHE_TTL", "1h");
        variables.put("VAULT_DEFAULT_CACHE_ENABLED", Boolean.toString(byDefault));
        String[] wish = header.isEmpty() ? new String[0] : new String[] {"X-Vault-Cache-Control: " + header};
        start();
        String first = get(PATH, wish);
        assertThat(first.contains(TestSecrets.MARKER)).isTrue();
        String second = get(PATH, wish);
        assertThat(reads()).isEqualTo(reads);
        assertThat(reads == 2 || second.equals(first)).as("byte for byte").isTrue();
    }

    @Test
    void tracingDoesNotSplitTheCacheAndAFreshValueNeedsNoVault() throws Exception {
        variables.put("VAULT_DEFAULT_CACHE_TTL", "1h");
        variables.put("VAULT_DEFAULT_CACHE_ENABLED", "true");
        start();
        for (int i = 0; i < 50; i++) {
            assertThat(get(PATH, "X-Amzn-Trace-Id: Root=1-" + i, "traceparent: 00-" + i))
                    .startsWith("HTTP/1.1 200 ");
        }
        stage.vault().seal();
        assertThat(get(PATH)).startsWith("HTTP/1.1 200 ").doesNotContain("Stale");
        assertThat(reads()).isEqualTo(1);
        assertThat(get("/-/health"))
                .startsWith("HTTP/1.1 200 ")
                .contains("\"status\":\"ready\"")
                .contains("\"cache_hits\":50,");
    }

    @Test
    void anOldValueServesWhileVaultIsSealedWhereThatIsAllowed() throws Exception {
        variables.put("VAULT_DEFAULT_CACHE_TTL", "1ms");
        variables.put("VAULT_DEFAULT_CACHE_ENABLED", "true");
        variables.put("VAULT_CACHE_MAX_STALE", "1h");
        variables.put("VAULT_MAX_RETRIES", "0");
        start();
        get(PATH);
        stage.vault().seal();
        Eventually.pause(Duration.ofMillis(10)); // or the value is still fresh
        String stale = get(PATH);
        assertThat(stale.substring(0, stale.indexOf("\r\n\r\n"))) // a failure shows no secret
                .startsWith("HTTP/1.1 200 ")
                .contains("Warning: 110 - \"Response is Stale\"", "X-Vault-Lambda-Stale: true", "Age: ");
        assertThat(stale.contains(TestSecrets.MARKER)).isTrue();
        Stage.awaitLine(Objects.requireNonNull(lambda), "GET " + PATH, "is answered with what Vault said");
    }

    @Test
    void equalReadsAtTheSameTimeAreSentOnce() throws Exception {
        start();
        get(PATH);
        stage.vault().clearRequests();
        stage.vault().delay(Duration.ofMillis(500), path -> path.equals(Stage.SECRET));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return get(PATH);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        for (CompletableFuture<String> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 ");
        }
        assertThat(reads()).as("as many as there were threads to ask with").isLessThan(12);
    }

    @Test
    void aReadIsRepeatedAndARevokedTokenReplaced() throws Exception {
        start();
        get(PATH);
        stage.vault().failNext(1, 503, path -> path.equals(Stage.SECRET));
        assertThat(get(PATH)).startsWith("HTTP/1.1 200 ");
        stage.vault().revokeAllTokens();
        assertThat(get(PATH)).startsWith("HTTP/1.1 200 ");
        assertThat(stage.vault().loginCount()).isEqualTo(2);
    }

    @Test
    void theGuardRefuses() throws Exception {
        variables.put("VAULT_EXTENSION_PROXY_REQUIRE_HEADER", "true");
        variables.put("VAULT_EXTENSION_PROXY_ALLOW_PATHS", "secret/data/orders/*");
        variables.put("VAULT_EXTENSION_PROXY_ALLOW_METHODS", "GET");
        start();
        String header = "X-Vault-Request: true";
        assertThat(get(PATH, header)).startsWith("HTTP/1.1 200 ");
        assertThat(get(PATH)).startsWith("HTTP/1.1 403 ").contains("X-Vault-Request: true");
        assertThat(get("/v1/secret/data/other", header))
                .startsWith("HTTP/1.1 403 ")
                .contains("VAULT_EXTENSION_PROXY_ALLOW_PATHS");
        assertThat(get(PATH, header, "X-Forwarded-For: 1.2.3.4")).startsWith("HTTP/1.1 403 ");
        assertThat(raw("DELETE " + PATH + " HTTP/1.1\r\nHost: localhost\r\n" + header
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .contains("VAULT_EXTENSION_PROXY_ALLOW_METHODS");
        assertThat(raw("GET " + PATH + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(reads()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: x",
                "X-A: 1\r\n 2"
            })
    void whatCanBeUnderstoodInTwoWaysIsRefused(String headers) throws Exception {
        start();
        assertThat(raw("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\nGET " + PATH
                        + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .containsOnlyOnce("HTTP/1.1 ");
        assertThat(reads()).isZero();
    }

    @Test
    void aUnixSocketServesAsWell() throws Exception {
        Path socket = folder.resolve("proxy/vault.sock");
        variables.put("VAULT_EXTENSION_PROXY_SOCKET", socket.toString());
        variables.put("VAULT_EXTENSION_PROXY_PORT", "none");
        try (LambdaEmulator inSocket = environment()) {
            inSocket.init();
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                channel.write(ByteBuffer.wrap(
                        ("GET " + PATH + " HTTP/1.1\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1)));
                String answer = new String(Channels.newInputStream(channel).readAllBytes(), ISO_8859_1);
                assertThat(answer).startsWith("HTTP/1.1 200 ");
                assertThat(answer.contains(TestSecrets.MARKER)).isTrue();
            }
            assertThat(inSocket.shutdown().process(Stage.EXTENSION).exitCode()).isZero();
        }
        assertThat(socket).doesNotExist();
    }

    private void start() {
        variables.put("VAULT_EXTENSION_PROXY_PORT", Integer.toString(stage.proxyPort()));
        lambda = environment();
        lambda.init();
    }

    private LambdaEmulator environment() {
        variables.put("VAULT_RUN_MODE", "proxy");
        return Stage.extensionOnly(variables);
    }

    /** How often Vault was asked for the secret. */
    private long reads() {
        return stage.vault().requests().stream()
                .filter(request -> request.path().equals(Stage.SECRET))
                .count();
    }

    private String get(String path, String... headers) throws IOException {
        StringBuilder request =
                new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return raw(request + "\r\n");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.proxyPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
