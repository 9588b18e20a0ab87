package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the proxy listens, how many it serves, and what it says of itself. */
class ProxyDoorsTest {
    @TempDir
    Path folder;

    private @Nullable ProxyStage stage;

    @AfterEach
    void close() {
        if (stage != null) {
            stage.close();
        }
    }

    @Test
    void aUnixSocketIsForItsOwnerAndGoesWithTheProxy() throws IOException {
        Path socket = folder.resolve("deep/er/proxy.sock");
        ProxyStage proxy = start(Map.of(ProxySettings.SOCKET, socket.toString()));
        assertThat(unix(socket, "GET /v1/a HTTP/1.1\r\nHost: whatever\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK")
                .endsWith("answer 1");
        assertThat(proxy.read("/v1/a")).as("TCP as well").isEqualTo("answer 2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                .isEqualTo("rwx------");
        assertThat(proxy.proxy().address()).contains("127.0.0.1:").contains(" and unix:" + socket);
        proxy.proxy().stop(Duration.ZERO);
        assertThat(socket).doesNotExist();
    }

    @Test
    void aSocketThatADeadProcessLeftIsReplaced() throws IOException {
        Path socket = folder.resolve("proxy.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
            assertThatThrownBy(() -> start(Map.of(ProxySettings.SOCKET, socket.toString())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen at " + socket)
                    .hasMessageContaining("another process");
        }
        start(Map.of(ProxySettings.SOCKET, socket.toString()));
        assertThat(unix(socket, "GET /v1/a HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void anotherFileIsNotReplacedByASocket() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "mine");
        assertThatThrownBy(() -> start(Map.of(ProxySettings.SOCKET, file.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("something else of that name");
        assertThat(file).hasContent("mine");
    }

    @Test
    void connectionsBeyondTheLimitGetTheirTurnWhenOthersAreIdle() throws IOException {
        ProxyStage proxy = start(Map.of(ProxySettings.MAX_CONNECTIONS, "2"));
        List<Socket> clients = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
            clients.add(client);
            client.setSoTimeout(20_000);
            client.getOutputStream().write("GET /v1/a HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
        clients.get(0).getInputStream().readAllBytes(); // it was closed to make room
        for (Socket client : clients) {
            client.close();
        }
    }

    @Test
    void aRequestThatDoesNotComeToItsEndIsGivenUpAndAnIdleConnectionIsNot() throws Exception {
        ProxyStage proxy = start(Map.of());
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
                Socket idle = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            slow.setSoTimeout(20_000);
            slow.getOutputStream().write("GET /v1/a HT".getBytes(ISO_8859_1));
            while (!proxy.proxy().tick()) {
                Thread.onSpinWait(); // until it has begun
            }
            for (int i = 0; i < 300; i++) {
                proxy.proxy().tick(); // as time passes
            }
            assertThat(slow.getInputStream().readAllBytes()).isEmpty();
            idle.getOutputStream()
                    .write("GET /v1/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(new String(idle.getInputStream().readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void theHealthPageTellsOfTheTokenAndOfNoSecret() throws IOException {
        ProxyStage proxy = start(Map.of("VAULT_DEFAULT_CACHE_TTL", "60s"));
        assertThat(proxy.get("/-/health"))
                .startsWith("HTTP/1.1 503 ")
                .contains("Content-Type: application/json")
                .contains("{\"status\":\"no token\",\"token\":{\"alive\":false},");
        proxy.get("/v1/a", "X-Vault-Cache-Control: cache");
        proxy.get("/v1/a", "X-Vault-Cache-Control: cache");
        proxy.get("/v1/a", "X-Forwarded-For: 1.2.3.4");
        proxy.failLogins(); // Vault need not be there
        assertThat(proxy.get("/-/health?x=y"))
                .startsWith("HTTP/1.1 200 ")
                .contains("{\"status\":\"ready\",\"token\":{\"alive\":true,\"seconds_left\":3600},")
                .contains("\"requests\":4,\"cache_hits\":1,", "\"refused\":1,", "\"cache\":{\"answers\":1,")
                .doesNotContain("token-1")
                .endsWith("}}\n");
        assertThat(proxy.get("/-/health", "X-Forwarded-For: 1.2.3.4")).startsWith("HTTP/1.1 403 ");
        assertThat(proxy.send("POST", "/-/health", "{}")).startsWith("HTTP/1.1 405 ");
        assertThat(proxy.asked()).isEqualTo(1);
    }

    @Test
    void theGuardRefusesBeforeVaultIsAsked() throws IOException {
        ProxyStage proxy = start(Map.of(
                ProxySettings.REQUIRE_HEADER, "true",
                ProxySettings.ALLOW_METHODS, "GET",
                ProxySettings.ALLOW_PATHS, "secret/data/orders/*"));
        String header = "X-Vault-Request: true";
        assertThat(proxy.get("/v1/secret/data/orders/db", header)).startsWith("HTTP/1.1 200");
        assertThat(proxy.get("/v1/secret/data/orders/db"))
                .startsWith("HTTP/1.1 403 ")
                .endsWith("refused: the request must have the header X-Vault-Request: true\n");
        assertThat(proxy.get("/v1/sys/mounts", header))
                .startsWith("HTTP/1.1 403 ")
                .endsWith("refused: /v1/sys/mounts is none of the paths in VAULT_EXTENSION_PROXY_ALLOW_PATHS\n");
        assertThat(proxy.send("DELETE", "/v1/secret/data/orders/db", "", header))
                .endsWith("refused: DELETE is none of the methods in VAULT_EXTENSION_PROXY_ALLOW_METHODS\n");
        assertThat(proxy.get("/-/health")).as("whose answer is no secret").startsWith("HTTP/1.1 200");
        assertThat(proxy.asked()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    VAULT_EXTENSION_PROXY_PORT            | 70000
                    VAULT_EXTENSION_PROXY_PORT            | none
                    VAULT_EXTENSION_PROXY_ADDRESS         | example.com
                    VAULT_EXTENSION_PROXY_SOCKET          | relative.sock
                    VAULT_EXTENSION_PROXY_TIMEOUT         | soon
                    VAULT_EXTENSION_PROXY_MAX_CONNECTIONS | 0
                    VAULT_EXTENSION_PROXY_REQUIRE_HEADER  | maybe
                    VAULT_EXTENSION_PROXY_CACHE_BYTES     | -1
                    VAULT_CACHE_MAX_STALE                 | long
                    """)
    void wrongVariablesAreFaults(String variable, String value) {
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of(variable, value));
        ProxySettings.read(settings);
        assertThatThrownBy(settings::rejectFaults)
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining(variable)
                .hasMessageContaining(value);
    }

    @Test
    void theTimeOutIsThatOfOperationsButNotLessThanTheUsual() {
        assertThat(Proxies.settings(Map.of()).timeout(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(9));
        assertThat(Proxies.settings(Map.of()).timeout(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(60));
        assertThat(Proxies.settings(Map.of(ProxySettings.TIMEOUT, "2")).timeout(Duration.ofSeconds(60)))
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void thePortCanBeLeftOutWhereThereIsASocket() throws IOException {
        Path socket = folder.resolve("proxy.sock");
        ProxySettings settings =
                Proxies.settings(Map.of(ProxySettings.PORT, "none", ProxySettings.SOCKET, socket.toString()));
        assertThat(settings.port()).isEqualTo(-1);
    }

    @Test
    void answersInUseAreReadAheadWhereThatIsWished() throws IOException {
        stage = ProxyStage.counting(200)
                .start(Map.of(
                        "VAULT_DEFAULT_CACHE_TTL",
                        "60s",
                        "VAULT_DEFAULT_CACHE_ENABLED",
                        "true",
                        ProxySettings.REFRESH_AHEAD,
                        "true"));
        stage.read("/v1/a");
        stage.pass(Duration.ofSeconds(50));
        assertThat(stage.read("/v1/a")).isEqualTo("answer 1");
        String later = "answer 1";
        while (later.equals("answer 1")) {
            later = stage.read("/v1/a");
        }
        assertThat(later).isEqualTo("answer 2");
        stage.pass(Duration.ofSeconds(40));
        assertThat(stage.read("/v1/a")).as("fresh for as long again").isEqualTo("answer 2");
    }

    private ProxyStage start(Map<String, String> variables) throws IOException {
        if (stage != null) {
            stage.close();
        }
        stage = ProxyStage.counting(200);
        return stage.start(variables);
    }

    private static String unix(Path socket, String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
            InputStream in = Channels.newInputStream(channel);
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }
}
