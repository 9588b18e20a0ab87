package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.LoopbackServer;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class TlsServersTest {
    private static final TestCertificates OURS = TestCertificates.create();

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    private static HttpResponse<String> get(HttpClient client, URI url, String token) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(url).header("X-Vault-Token", token).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void vaultAnswersOverHttps() throws Exception {
        try (VaultStandIn vault = VaultStandIn.startTls(OURS)) {
            HttpClient client = client(OURS.clientContext());
            URI self = vault.address().resolve("/v1/auth/token/lookup-self");

            assertThat(vault.address()).hasScheme("https").hasHost("127.0.0.1");
            assertThat(get(client, self, vault.rootToken()).statusCode()).isEqualTo(200);
            assertThat(get(client, self, "none").statusCode()).isEqualTo(403);
            assertThat(vault.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void clientsRefuseAVaultTheyDoNotTrust() {
        ServerTls expired = ServerTls.with(OURS.expiredServer());
        try (VaultStandIn vault = VaultStandIn.builder().tls(expired).start();
                VaultStandIn foreign = VaultStandIn.startTls(TestCertificates.create())) {
            for (VaultStandIn wrong : List.of(vault, foreign)) {
                assertThatThrownBy(() -> get(client(OURS.clientContext()), wrong.address(), "none"))
                        .isInstanceOf(SSLException.class);
                assertThat(wrong.requests()).isEmpty();
                assertThat(wrong.connectionCount()).isEqualTo(1);
            }
        }
    }

    @Test
    void plainHttpIsToldThatItIsWrong() throws Exception {
        try (VaultStandIn vault = VaultStandIn.startTls(OURS);
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), vault.address().getPort())) {
            socket.getOutputStream()
                    .write("GET /v1/sys/health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
            assertThat(vault.requests()).isEmpty();
        }
    }

    @Test
    void handlersSeeTheCertificateOfTheClient() throws Exception {
        List<List<X509Certificate>> seen = new CopyOnWriteArrayList<>();
        ServerTls tls = ServerTls.with(OURS.server()).askForClientCertificate();
        TestCertificate orders = OURS.request()
                .forClient("orders")
                .keyType(TestCertificate.KeyType.RSA_2048)
                .throughIntermediate()
                .issue();
        try (LoopbackServer server = LoopbackServer.start("seen", 0, tls.handshake(), request -> {
            seen.add(request.peerCertificates());
            return HttpAnswer.of(200, "text/plain", "ok");
        })) {
            get(client(OURS.clientContext(orders)), server.uri(), "none");
            get(client(OURS.clientContext()), server.uri(), "none");
        }

        assertThat(seen).containsExactly(orders.chain(), List.of());
    }

    @Test
    void stsAnswersOverHttpsAndVaultStillAsksIt() throws Exception {
        try (StsEmulator sts =
                        StsEmulator.builder().tls(ServerTls.with(OURS.server())).start();
                VaultStandIn vault = VaultStandIn.startTls(OURS)) {
            String role = sts.createRole("orders");
            vault.enableAwsAuth("aws", sts, null);
            vault.awsRole("aws", AwsRole.named("orders").boundTo(role).build());
            TestSigner signer = new TestSigner(sts.issueSession(role));
            HttpClient client = client(OURS.clientContext());

            HttpRequest.Builder direct = HttpRequest.newBuilder(sts.endpoint().resolve("/"))
                    .POST(HttpRequest.BodyPublishers.ofString(TestSigner.IDENTITY));
            signer.sign(sts.endpoint().getAuthority(), TestSigner.IDENTITY).forEach(direct::header);
            assertThat(sts.endpoint()).hasScheme("https");
            assertThat(client.send(direct.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);

            String host = "sts.amazonaws.com";
            String body = Json.write(VaultFixture.loginBody("orders", host, signer.sign(host, TestSigner.IDENTITY)));
            HttpRequest login = HttpRequest.newBuilder(vault.address().resolve("/v1/auth/aws/login"))
                    .PUT(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            assertThat(client.send(login, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            assertThat(sts.calls()).hasSize(2);
        }
    }

    @Test
    void theFunctionLearnsWhomToTrust() throws Exception {
        try (FunctionVault function = FunctionVault.startTls()) {
            Map<String, String> environment = function.environment();
            byte[] pem = environment.getOrDefault("VAULT_CACERT_BYTES", "").getBytes(StandardCharsets.US_ASCII);
            function.giveSecret("secret/data/a", Map.of("k", TestSecrets.mint("a-")));
            String token = function.vault().createToken(Duration.ofMinutes(1), "orders");

            assertThat(CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)))
                    .isEqualTo(function.certificates().root());
            assertThat(environment.get("VAULT_ADDR")).startsWith("https://");
            HttpClient client = client(function.certificates().clientContext());
            URI secret = URI.create(environment.get("VAULT_ADDR") + "/v1/secret/data/a");
            assertThat(get(client, secret, token).statusCode()).isEqualTo(200);
        }
        try (FunctionVault plain = FunctionVault.start()) {
            assertThat(plain.environment()).doesNotContainKey("VAULT_CACERT_BYTES");
            assertThatThrownBy(plain::certificates).isInstanceOf(IllegalStateException.class);
        }
    }
}
