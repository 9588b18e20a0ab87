package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.wire.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultCertTest {
    private static final String UNMATCHED = "failed to match all constraints for this login certificate";
    private static final TestCertificates OURS = TestCertificates.create();
    private static final TestCertificates THEIRS = TestCertificates.create();
    private static final VaultStandIn VAULT = VaultStandIn.startTls(OURS);
    private static final TestCertificate ORDERS = OURS.client("orders.example.com");

    @AfterAll
    static void stop() {
        VAULT.close();
    }

    @BeforeEach
    void enable() {
        VAULT.enableAuth("cert", "cert");
        VAULT.write(
                "auth/cert/certs/web",
                Map.of(
                        "certificate",
                        OURS.rootPem(),
                        "allowed_common_names",
                        "*.example.com",
                        "token_policies",
                        "p",
                        "token_ttl",
                        600));
    }

    @AfterEach
    void disable() throws Exception {
        send(null, VAULT.rootToken(), "DELETE", "sys/auth/cert", null);
    }

    private static Http.Reply send(
            @Nullable TestCertificate client, @Nullable String token, String method, String path, @Nullable Object body)
            throws Exception {
        SSLContext context = client == null ? OURS.clientContext() : OURS.clientContext(client);
        HttpRequest.Builder request = HttpRequest.newBuilder(VAULT.address().resolve("/v1/" + path))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(Json.write(body)));
        if (token != null) {
            request.header("X-Vault-Token", token);
        }
        HttpResponse<String> response = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Http.Reply(response.statusCode(), response.body(), response);
    }

    private static Http.Reply login(@Nullable TestCertificate client, Map<String, ?> body) throws Exception {
        return send(client, null, "POST", "auth/cert/login", body);
    }

    private static void assertRefused(Http.Reply reply, String error) {
        VaultFixture.assertFails(reply, 400, error);
    }

    @Test
    void logsInWithTheCertificateOfTheConnection() throws Exception {
        Http.Reply reply = login(ORDERS, Map.of());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.at("auth", "policies")).isEqualTo(List.of("default", "p"));
        assertThat(reply.text("auth", "lease_duration")).isEqualTo("600");
        assertThat(reply.text("auth", "metadata", "cert_name")).isEqualTo("web");
        assertThat(reply.text("auth", "metadata", "common_name")).isEqualTo("orders.example.com");
        assertThat(reply.text("auth", "metadata", "serial_number"))
                .isEqualTo(ORDERS.certificate().getSerialNumber().toString());
        Http.Reply self = send(null, reply.text("auth", "client_token"), "GET", "auth/token/lookup-self", null);
        assertThat(self.text("data", "display_name")).isEqualTo("cert-web");
        assertThat(login(
                                OURS.request()
                                        .forClient("x.example.com")
                                        .throughIntermediate()
                                        .issue(),
                                Map.of())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void listensInSeveralWays() throws Exception {
        try (VaultStandIn plain = VaultStandIn.start()) {
            plain.enableAuth("cert", "cert");
            Http.Reply refused = Http.send("POST", plain.address() + "/v1/auth/cert/login", Map.of(), "{}");
            VaultFixture.assertFails(refused, 400, "tls connection required");

            URI tls = plain.listen(ServerTls.with(OURS.server()).askForClientCertificate());
            assertThat(tls.getScheme()).isEqualTo("https");
            plain.write("auth/cert/certs/web", Map.of("certificate", OURS.rootPem()));
            HttpResponse<String> reply = HttpClient.newBuilder()
                    .sslContext(OURS.clientContext(ORDERS))
                    .build()
                    .send(
                            HttpRequest.newBuilder(tls.resolve("/v1/auth/cert/login"))
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(reply.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesOthers() throws Exception {
        assertRefused(login(null, Map.of()), "client certificate must be supplied");
        assertRefused(login(THEIRS.client("orders.example.com"), Map.of()), UNMATCHED);
        assertRefused(login(OURS.client("orders.example.org"), Map.of()), UNMATCHED);
        VaultFixture.assertFails(
                login(OURS.server(), Map.of()),
                500,
                "failed to verify client's certificate: x509: certificate specifies an incompatible key usage");
        assertRefused(login(ORDERS, Map.of("name", "other")), UNMATCHED);
        assertThat(login(ORDERS, Map.of("name", "web")).status()).isEqualTo(200);
        VaultFixture.assertFails(send(ORDERS, null, "GET", "auth/cert/login", null), 405, "unsupported operation");
        Instant yesterday = Instant.now().minusSeconds(86_400);
        Http.Reply old = login(
                OURS.request()
                        .forClient("old.example.com")
                        .valid(yesterday.minusSeconds(60), yesterday)
                        .issue(),
                Map.of());
        assertThat(old.status()).isEqualTo(500);
        assertThat(old.errors().get(0).toString())
                .startsWith("failed to verify client's certificate: x509: certificate has expired or is not yet valid:"
                        + " current time ");
    }

    @Test
    void trustsOneCertificateAlone() throws Exception {
        TestCertificate other = THEIRS.client("anyone");
        VAULT.write("auth/cert/certs/one", Map.of("certificate", other.certificatePem(), "display_name", "One"));

        Http.Reply reply = login(other, Map.of());

        assertThat(reply.text("auth", "metadata", "cert_name")).isEqualTo("one");
        assertRefused(login(THEIRS.client("anyone"), Map.of()), UNMATCHED);
        Http.Reply self = send(null, reply.text("auth", "client_token"), "GET", "auth/token/lookup-self", null);
        assertThat(self.text("data", "display_name")).isEqualTo("cert-One");
    }

    @Test
    void looksAtEveryKindOfName() throws Exception {
        TestCertificate spiffe = OURS.request()
                .forClient("x")
                .uri("spiffe://shop/orders")
                .email("a@example.com")
                .organizationalUnit("Shop")
                .issue();
        for (Map.Entry<String, String> name : Map.of(
                        "allowed_uri_sans", "spiffe://shop/*",
                        "allowed_email_sans", "*@example.com",
                        "allowed_organizational_units", "Shop",
                        "allowed_names", "a@*")
                .entrySet()) {
            VAULT.write(
                    "auth/cert/certs/" + name.getKey(),
                    Map.of("certificate", OURS.rootPem(), name.getKey(), name.getValue()));
            assertThat(login(spiffe, Map.of("name", name.getKey())).status())
                    .as(name.getKey())
                    .isEqualTo(200);
            VAULT.write("auth/cert/certs/" + name.getKey(), Map.of(name.getKey(), "other"));
            assertRefused(login(spiffe, Map.of("name", name.getKey())), UNMATCHED);
        }
    }

    @Test
    void renewalWantsTheSameCertificate() throws Exception {
        String token = login(ORDERS, Map.of()).text("auth", "client_token");

        assertThat(send(ORDERS, token, "POST", "auth/token/renew-self", Map.of())
                        .status())
                .isEqualTo(200);
        assertRefused(
                send(null, token, "POST", "auth/token/renew-self", Map.of()), "client certificate must be supplied");
        VAULT.write("auth/cert/config", Map.of("disable_binding", true));
        assertThat(send(null, token, "POST", "auth/token/renew-self", Map.of()).status())
                .isEqualTo(200);
        VAULT.write("auth/cert/certs/web", Map.of("token_policies", "q"));
        VaultFixture.assertFails(
                send(null, token, "POST", "auth/token/renew-self", Map.of()),
                500,
                "1 error occurred:\n\t* failed to renew entry: policies have changed, not renewing\n\n");
    }

    @Test
    void certificatesAreKept() throws Exception {
        String root = VAULT.rootToken();
        assertRefused(
                send(null, root, "POST", "auth/cert/certs/bad", Map.of("certificate", "x")),
                "failed to parse certificate");
        assertRefused(
                send(
                        null,
                        root,
                        "POST",
                        "auth/cert/certs/bad",
                        Map.of("certificate", OURS.server().certificatePem())),
                "nonCA certificates should have TLS client authentication set as an extended key usage");
        Http.Reply shown = send(null, root, "GET", "auth/cert/certs/web", null);
        assertThat(shown.text("data", "display_name")).isEqualTo("web");
        assertThat(shown.at("data", "allowed_common_names")).isEqualTo(List.of("*.example.com"));
        assertThat(shown.at("data", "allowed_names")).isNull();
        assertThat(send(null, root, "LIST", "auth/cert/certs", null).at("data", "keys"))
                .isEqualTo(List.of("web"));
    }
}
