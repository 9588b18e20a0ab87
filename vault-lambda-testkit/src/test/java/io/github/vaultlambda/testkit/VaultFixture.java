package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** An STS and a Vault on one clock, and short ways to talk to the Vault. */
abstract class VaultFixture {
    final FakeClock clock = new FakeClock();
    final StsEmulator sts = StsEmulator.builder().clock(clock).start();
    final VaultStandIn vault = VaultStandIn.builder().clock(clock).start();

    @AfterEach
    void stop() {
        vault.close();
        sts.close();
    }

    Http.Reply call(@Nullable String token, String method, String path, @Nullable Object body) throws Exception {
        Map<String, String> headers = token == null ? Map.of() : Map.of("X-Vault-Token", token);
        return Http.send(method, vault.address() + "/v1/" + path, headers, body == null ? null : Json.write(body));
    }

    Http.Reply root(String method, String path, @Nullable Object body) throws Exception {
        return call(vault.rootToken(), method, path, body);
    }

    static void assertFails(Http.Reply reply, int status, String... errors) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.errors()).isEqualTo(List.of(errors));
    }

    /** A login body as clients send it; the host is what they signed for. */
    static Map<String, Object> loginBody(String role, String host, Map<String, String> headers) {
        Map<String, Object> asLists = new LinkedHashMap<>();
        headers.forEach((name, value) -> asLists.put(name, List.of(value)));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("role", role);
        body.put("iam_http_request_method", "POST");
        body.put("iam_request_url", base64("https://" + host + "/"));
        body.put("iam_request_body", base64(TestSigner.IDENTITY));
        body.put("iam_request_headers", base64(Json.write(asLists)));
        return body;
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A Vault with the auth method aws, the role orders and a secret that it may read. */
    TestCredentials ordersFunction(@Nullable String serverId) {
        String arn = sts.createRole("orders-function");
        vault.enableAwsAuth("aws", sts, serverId);
        vault.readable("orders", "secret/data/orders/*");
        vault.awsRole(
                "aws",
                AwsRole.named("orders")
                        .boundTo(arn)
                        .policies("orders")
                        .ttl(Duration.ofMinutes(10))
                        .maxTtl(Duration.ofMinutes(30))
                        .build());
        vault.putSecret("secret/data/orders/db", Map.of("password", "geheim"));
        return sts.issueSession(arn, "orders-function", Duration.ofHours(6));
    }

    TestSigner signer(TestCredentials credentials) {
        return new TestSigner(credentials).at(clock.instant());
    }

    Http.Reply login(String role, TestSigner signer) throws Exception {
        String host = "sts.amazonaws.com";
        return call(null, "PUT", "auth/aws/login", loginBody(role, host, signer.sign(host, TestSigner.IDENTITY)));
    }
}
