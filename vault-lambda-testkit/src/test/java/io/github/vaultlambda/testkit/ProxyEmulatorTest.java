package io.github.vaultlambda.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProxyEmulatorTest {
    private static final TestCertificates OURS = TestCertificates.create();

    private final ProxyEmulator proxy = ProxyEmulator.start();
    private final FaultyServer web = FaultyServer.start();

    @AfterEach
    void stop() {
        proxy.close();
        web.close();
    }

    private static HttpClient client(ProxyEmulator proxy) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(ProxySelector.of(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), proxy.address().getPort())))
                .sslContext(OURS.clientContext())
                .build();
    }

    private static HttpResponse<String> get(HttpClient client, String url) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** All that comes for this text until the proxy closes. */
    private static String ask(ProxyEmulator proxy, String text) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), proxy.address().getPort())) {
            socket.getOutputStream().write(text.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void passesPlainRequestsOn() throws Exception {
        web.otherwise(WireAnswer.of(404, "{\"a\":1}").header("X-Answer", "yes"));
        String url = web.address() + "/v1/a?b=c";

        HttpResponse<String> response = get(client(proxy), url);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("{\"a\":1}");
        assertThat(response.headers().firstValue("X-Answer")).contains("yes");
        assertThat(proxy.calls()).containsExactly(new ProxyCall("GET", url, "", 404));
        assertThat(web.requests()).hasSize(1);
        SeenRequest seen = web.requests().get(0);
        assertThat(seen.target()).isEqualTo("/v1/a?b=c");
        assertThat(seen.header("Host")).isEqualTo(web.address().getAuthority());
        assertThat(seen.header("Via")).isEqualTo("1.1 testkit");
    }

    @Test
    void namesLeadWhereTheTestSays() throws Exception {
        proxy.route("vault.example.com", web.address().getPort());

        assertThat(get(client(proxy), "http://vault.example.com/v1/a").statusCode())
                .isEqualTo(200);
        assertThat(web.requests().get(0).header("Host")).isEqualTo("vault.example.com");
        assertThat(get(client(proxy), "http://other.example.com/").statusCode()).isEqualTo(403);
        assertThat(ask(proxy, "CONNECT other.example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(proxy.calls()).extracting(ProxyCall::status).containsExactly(200, 403, 403);
    }

    @Test
    void tunnelsTls() throws Exception {
        ServerTls tls = ServerTls.with(OURS.request().hosts("vault.example.com").issue());
        try (FaultyServer secure = FaultyServer.start(tls)) {
            proxy.route("vault.example.com", secure.address().getPort());
            HttpClient client = client(proxy);

            for (int i = 0; i < 2; i++) {
                assertThat(get(client, "https://vault.example.com/v1/a").statusCode())
                        .isEqualTo(200);
            }

            assertThat(secure.requests()).hasSize(2);
            assertThat(secure.requests().get(0).target()).isEqualTo("/v1/a");
            assertThat(proxy.calls()).containsExactly(new ProxyCall("CONNECT", "vault.example.com:443", "", 200));
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }

    @Test
    void tellsWhenNobodyAnswers() throws Exception {
        URI nobody = FaultyServer.refusing();

        assertThat(get(client(proxy), nobody + "/").statusCode()).isEqualTo(502);
        assertThat(ask(proxy, "CONNECT " + nobody.getAuthority() + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 502 ");
    }

    @Test
    void refusesWhatIsNoProxyRequest() throws Exception {
        for (String line : List.of("GET /v1/a", "GET ftp://127.0.0.1/", "GET http://a b/", "CONNECT 127.0.0.1")) {
            assertThat(ask(proxy, line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .as(line)
                    .startsWith("HTTP/1.1 400 ");
        }
        assertThat(web.connections()).isZero();
    }

    @Test
    void wantsThePassword() throws Exception {
        String password = TestSecrets.mint("");
        try (ProxyEmulator guarded =
                ProxyEmulator.builder().basicAuth("user", password).start()) {
            String right = Base64.getEncoder().encodeToString(("user:" + password).getBytes(UTF_8));
            String wrong = Base64.getEncoder().encodeToString("user:other".getBytes(UTF_8));
            String plain = "GET " + web.address() + "/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
            String tunnel = "CONNECT " + web.address().getAuthority() + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
            for (String request : List.of(plain, tunnel)) {
                assertThat(ask(guarded, request + "\r\n"))
                        .startsWith("HTTP/1.1 407 ")
                        .contains("\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n");
                assertThat(ask(guarded, request + "Proxy-Authorization: Basic " + wrong + "\r\n\r\n"))
                        .startsWith("HTTP/1.1 407 ");
            }
            assertThat(web.connections()).isZero();

            assertThat(ask(guarded, plain + "Proxy-Authorization: Basic " + right + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(ask(
                            guarded,
                            tunnel + "Proxy-Authorization: Basic " + right
                                    + "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 ");

            assertThat(guarded.calls()).extracting(ProxyCall::user).containsExactly("", "", "", "", "user", "user");
            assertThat(web.requests())
                    .hasSize(2)
                    .allSatisfy(seen ->
                            assertThat(seen.header("Proxy-Authorization")).isNull());
            assertThat(guarded.addressWithCredentials().getUserInfo()).isEqualTo("user:" + password);
            assertThat(guarded.calls().toString()).doesNotContain(TestSecrets.MARKER);
        }
        assertThatThrownBy(proxy::addressWithCredentials).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void failsWhenTold() throws Exception {
        proxy.failNext(2, 503).failNext(1, 0);
        String tunnel = "CONNECT " + web.address().getAuthority() + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        assertThat(get(client(proxy), web.address().toString()).statusCode()).isEqualTo(503);
        assertThat(ask(proxy, tunnel)).startsWith("HTTP/1.1 503 ");
        assertThat(ask(proxy, tunnel)).isEmpty();
        assertThat(get(client(proxy), web.address().toString()).statusCode()).isEqualTo(200);
        assertThat(proxy.calls()).extracting(ProxyCall::status).containsExactly(503, 503, 0, 200);
    }

    @Test
    void speaksTlsItself() throws Exception {
        try (ProxyEmulator secure =
                ProxyEmulator.builder().tls(ServerTls.with(OURS.server())).start()) {
            assertThat(secure.address()).hasScheme("https");
            SSLSocketFactory sockets = OURS.clientContext().getSocketFactory();
            try (Socket socket = sockets.createSocket(
                    InetAddress.getLoopbackAddress(), secure.address().getPort())) {
                String request = "CONNECT " + web.address().getAuthority() + " HTTP/1.1\r\nHost: x\r\n\r\n"
                        + "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(UTF_8));
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .startsWith("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 ")
                        .endsWith("{}");
            }
        }
    }

    @Test
    void standsBeforeAVault() throws Exception {
        try (VaultStandIn vault = VaultStandIn.startTls(OURS)) {
            HttpRequest request = HttpRequest.newBuilder(vault.address().resolve("/v1/auth/token/lookup-self"))
                    .header("X-Vault-Token", vault.rootToken())
                    .build();

            assertThat(client(proxy)
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(proxy.calls())
                    .containsExactly(new ProxyCall("CONNECT", vault.address().getAuthority(), "", 200));
        }
    }
}
