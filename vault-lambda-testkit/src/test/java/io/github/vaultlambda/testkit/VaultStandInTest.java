package io.github.vaultlambda.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultStandInTest extends VaultFixture {
    private static final String DENIED = "1 error occurred:\n\t* permission denied\n\n";
    private static final String INVALID = "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n";

    @Test
    void tellsMissingWrongAndWeakTokensApart() throws Exception {
        vault.putSecret("secret/data/x", Map.of("a", "b"));

        assertFails(call(null, "GET", "secret/data/x", null), 403, "permission denied");
        assertFails(call("hvs.no", "GET", "secret/data/x", null), 403, INVALID);
        assertFails(call(vault.createToken(Duration.ofHours(1)), "GET", "secret/data/x", null), 403, DENIED);
    }

    @Test
    void takesTheTokenFromEitherHeader() throws Exception {
        vault.putSecret("secret/data/x", Map.of("a", "b"));
        String url = vault.address() + "/v1/secret/data/x";
        String root = vault.rootToken();

        assertThat(Http.send("GET", url, Map.of("Authorization", "Bearer " + root), null)
                        .status())
                .isEqualTo(200);
        assertThat(Http.send("GET", url, Map.of("Authorization", "Bearer " + root, "X-Vault-Token", "no"), null)
                        .status())
                .isEqualTo(403);
        assertThat(Http.send("GET", url, Map.of("Authorization", "Basic " + root), null)
                        .status())
                .isEqualTo(403);
        assertThat(Http.send("GET", url, Map.of("X-Vault-Token", root, "X-Vault-Namespace", "team"), null)
                        .status())
                .isEqualTo(200);
        assertThat(vault.requests().get(3).namespace()).isEqualTo("team");
    }

    @Test
    void answersInVaultsEnvelope() throws Exception {
        vault.putSecret("secret/data/x", Map.of("a", "<b>"));

        Http.Reply reply = root("GET", "secret/data/x", null);

        assertThat(reply.body())
                .matches("(?s)\\{\"request_id\":\"[0-9a-f-]{36}\",\"lease_id\":\"\",\"renewable\":false,"
                        + "\"lease_duration\":0,\"data\":\\{\"data\":\\{\"a\":\"\\\\u003cb\\\\u003e\"},\"metadata\":\\{"
                        + "\"created_time\":\"2026-03-01T12:00:00Z\",\"custom_metadata\":null,\"deletion_time\":\"\","
                        + "\"destroyed\":false,\"version\":1}},\"wrap_info\":null,\"warnings\":null,\"auth\":null,"
                        + "\"mount_type\":\"kv\"}\n");
        assertThat(reply.raw().headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void keepsVersions() throws Exception {
        assertThat(vault.putSecret("secret/data/x", Map.of("n", 1))).isEqualTo(1);
        assertThat(vault.putSecret("secret/data/x", Map.of("n", 2))).isEqualTo(2);

        assertThat(root("GET", "secret/data/x", null).text("data", "data", "n")).isEqualTo("2");
        assertThat(root("GET", "secret/data/x?version=1", null).text("data", "data", "n"))
                .isEqualTo("1");
        assertFails(root("GET", "secret/data/x?version=3", null), 404);
        assertFails(
                root("GET", "secret/data/x?version=abc", null),
                400,
                "Field validation failed: error converting input for field \"version\": cannot parse '' as int:"
                        + " strconv.ParseInt: parsing \"abc\": invalid syntax");
        assertFails(root("GET", "secret/data/y", null), 404);
    }

    @Test
    void onlyTenVersionsStay() throws Exception {
        for (int i = 1; i <= 11; i++) {
            vault.putSecret("secret/data/x", Map.of("n", i));
        }

        assertThat(root("GET", "secret/data/x?version=1", null).status()).isEqualTo(404);
        assertThat(root("GET", "secret/data/x?version=2", null).status()).isEqualTo(200);
        assertThat(root("GET", "secret/metadata/x", null).text("data", "oldest_version"))
                .isEqualTo("2");
    }

    @Test
    void deletedVersionsKeepTheirMetadata() throws Exception {
        vault.putSecret("secret/data/x", Map.of("n", 1));
        assertThat(root("DELETE", "secret/data/x", null).status()).isEqualTo(204);

        Http.Reply deleted = root("GET", "secret/data/x", null);
        assertThat(deleted.status()).isEqualTo(404);
        assertThat(deleted.at("data", "data")).isNull();
        assertThat(deleted.text("data", "metadata", "deletion_time")).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(deleted.text("mount_type")).isEmpty();

        assertThat(root("POST", "secret/undelete/x", Map.of("versions", List.of(1)))
                        .status())
                .isEqualTo(204);
        assertThat(root("GET", "secret/data/x", null).status()).isEqualTo(200);
        assertThat(root("POST", "secret/delete/x", Map.of("versions", "1")).status())
                .isEqualTo(204);
        assertThat(root("GET", "secret/data/x", null).status()).isEqualTo(404);
        assertThat(root("POST", "secret/destroy/x", Map.of("versions", List.of("1")))
                        .status())
                .isEqualTo(204);
        assertThat(root("POST", "secret/undelete/x", Map.of("versions", List.of(1)))
                        .status())
                .isEqualTo(204);
        assertThat(root("GET", "secret/data/x", null).at("data", "metadata", "destroyed"))
                .isEqualTo(true);
        assertFails(root("POST", "secret/delete/x", Map.of()), 400, "No version number provided");
        assertThat(root("DELETE", "secret/metadata/x", null).status()).isEqualTo(204);
        assertFails(root("GET", "secret/data/x", null), 404);
    }

    @Test
    void checksAndSets() throws Exception {
        Map<String, Object> first = Map.of("options", Map.of("cas", 0), "data", Map.of("n", 1));
        assertThat(root("POST", "secret/data/x", first).text("data", "version")).isEqualTo("1");
        assertFails(
                root("POST", "secret/data/x", first), 400, "check-and-set parameter did not match the current version");
        assertFails(root("PUT", "secret/data/x", Map.of("n", 1)), 400, "no data provided");
    }

    @Test
    void patches() throws Exception {
        vault.putSecret("secret/data/x", Map.of("a", "1", "b", "2"));
        String url = vault.address() + "/v1/secret/data/x";
        Map<String, String> headers =
                Map.of("X-Vault-Token", vault.rootToken(), "Content-Type", "application/merge-patch+json");

        Http.Reply reply = Http.send("PATCH", url, headers, "{\"data\":{\"a\":null,\"c\":3}}");

        assertThat(reply.text("data", "version")).isEqualTo("2");
        assertThat(root("GET", "secret/data/x", null).at("data", "data")).hasToString("{b=2, c=3}");
        assertFails(
                Http.send("PATCH", url, Map.of("X-Vault-Token", vault.rootToken()), "{}"), 400, "mime: no media type");
    }

    @Test
    void warnsAboutPathsWithoutData() throws Exception {
        vault.putSecret("secret/data/x", Map.of("a", "geheim"));
        for (String path : List.of("secret/orders/db", "secret/data/", "secret/data/x/")) {
            Http.Reply reply = root("GET", path, null);

            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.at("data")).isNull();
            assertThat(reply.at("warnings"))
                    .isEqualTo(List.of("Invalid path for a versioned K/V secrets engine. See the API docs for the"
                            + " appropriate API endpoints to use. If using the Vault CLI, use 'vault kv get' for this"
                            + " operation."));
        }
        assertThat(root("GET", "secret/data", null).at("warnings"))
                .isEqualTo(List.of("Non-listing operations on the root of a K/V v2 mount are not supported."));
    }

    @Test
    void version2PassesNumbersThroughAFloat() throws Exception {
        Http.send(
                "POST",
                vault.address() + "/v1/secret/data/x",
                Map.of("X-Vault-Token", vault.rootToken()),
                "{\"data\":{\"z\":1,\"b\":1.0,\"e\":1e5,\"n\":12345678901234567890,\"h\":1e21,\"s\":1e-7,\"m\":-2.50}}");

        assertThat(root("GET", "secret/data/x", null).body())
                .contains("\"data\":{\"b\":1,\"e\":100000,\"h\":1e+21,\"m\":-2.5,\"n\":12345678901234567000,"
                        + "\"s\":1e-7,\"z\":1}");
    }

    @Test
    void version1KeepsWhatItGot() throws Exception {
        vault.enableKv("kv", 1);
        Http.send(
                "PUT",
                vault.address() + "/v1/kv/a/b",
                Map.of("X-Vault-Token", vault.rootToken()),
                "{\"x\":1.50,\"a\":\"b\"}");

        Http.Reply reply = root("GET", "kv/a/b", null);
        assertThat(reply.body()).contains("\"data\":{\"a\":\"b\",\"x\":1.50}");
        assertThat(reply.text("lease_duration")).isEqualTo("2764800");
        assertThat(reply.at("renewable")).isEqualTo(false);
        assertThat(vault.putSecret("kv/ttl", Map.of("ttl", "5m"))).isZero();
        assertThat(root("GET", "kv/ttl", null).text("lease_duration")).isEqualTo("300");

        assertThat(root("LIST", "kv", null).at("data", "keys")).isEqualTo(List.of("a/", "ttl"));
        assertThat(root("GET", "kv/a?list=true", null).at("data", "keys")).isEqualTo(List.of("b"));
        assertFails(root("LIST", "kv/none", null), 404);
        assertFails(root("GET", "kv/none", null), 404);
        assertFails(root("POST", "kv/a", Map.of()), 400, "missing data fields");
        assertFails(root("POST", "kv/a/", Map.of("a", "b")), 400, "cannot write to a path ending in '/'");
        assertThat(root("DELETE", "kv/a/b", null).status()).isEqualTo(204);
        assertFails(root("GET", "kv/a/b", null), 404);
    }

    @Test
    void listsMetadata() throws Exception {
        vault.putSecret("secret/data/orders/db", Map.of("a", "b"));
        vault.putSecret("secret/data/orders", Map.of("a", "b"));

        assertThat(root("LIST", "secret/metadata", null).at("data", "keys")).isEqualTo(List.of("orders", "orders/"));
        assertThat(root("LIST", "secret/metadata/orders", null).at("data", "keys"))
                .isEqualTo(List.of("db"));
        assertFails(root("LIST", "secret/metadata/none", null), 404);
    }

    @Test
    void knowsItsPaths() throws Exception {
        assertFails(root("GET", "nope/x", null), 404, "no handler for route \"nope/x\". route entry not found.");
        assertFails(root("GET", "sys/zzz", null), 404, "1 error occurred:\n\t* unsupported path\n\n");
        assertFails(root("POST", "sys/mounts", Map.of()), 405, "1 error occurred:\n\t* unsupported operation\n\n");
        assertFails(root("FOO", "secret/data/x", null), 405);
        assertFails(root("POST", "sys/mounts/x", Map.of("type", "odd")), 400, "plugin not found in the catalog: odd");
        assertFails(call(null, "POST", "auth/nope/login", Map.of()), 403, "permission denied");
    }

    @ParameterizedTest
    @CsvSource({
        "secret/data/a/x,200",
        "secret/data/a/no,403",
        "secret/data/b/x/c,200",
        "secret/data/b/x/y/c,403",
        "secret/data/c/deep/er,200",
        "secret/data/c/deep/no,403",
        "secret/data/d,403"
    })
    void policiesDecide(String path, int status) throws Exception {
        vault.putSecret(path, Map.of("a", "b"));
        vault.policy("p", """
                # exact, then a deny below a star
                path "secret/data/a/x" { capabilities = ["read"] }
                path "secret/data/b/+/c" { capabilities = ["read",] }
                path "secret/data/c/*" {
                  capabilities = ["read", "list"]
                  required_parameters = ["a"]
                }
                /* no way */
                path "secret/data/c/deep/no" { capabilities = ["deny"] }
                path "secret/data/d" { capabilities = ["create", "update"] } // no read
                """);

        assertThat(call(vault.createToken(Duration.ofHours(1), "p"), "GET", path, null)
                        .status())
                .isEqualTo(status);
    }

    @Test
    void createAndUpdateAreTwoCapabilities() throws Exception {
        vault.policy("make", "path \"secret/data/*\" { capabilities = [\"create\"] }");
        String token = vault.createToken(Duration.ofHours(1), "make");
        Map<String, Object> body = Map.of("data", Map.of("a", "b"));

        assertThat(call(token, "POST", "secret/data/x", body).status()).isEqualTo(200);
        assertFails(call(token, "POST", "secret/data/x", body), 403, DENIED);
    }

    @Test
    void refusesBadPolicies() throws Exception {
        assertFails(
                root("POST", "sys/policies/acl/q", Map.of("policy", "path \"x\" { capabilities = [\"zread\"] }")),
                400,
                "failed to parse policy: path \"x\": invalid capability \"zread\"");
        assertThat(root("POST", "sys/policies/acl/q", Map.of("policy", "path \"x\" {"))
                        .errors()
                        .get(0)
                        .toString())
                .startsWith("failed to parse policy: At 1:");
        assertThat(root("POST", "sys/policies/acl/q", Map.of("policy", "path \"x\" {}"))
                        .status())
                .isEqualTo(204);
        assertThat(root("GET", "sys/policies/acl/q", null).text("data", "policy"))
                .isEqualTo("path \"x\" {}");
        assertThat(root("LIST", "sys/policies/acl", null).at("data", "keys"))
                .isEqualTo(List.of("default", "q", "root"));
        assertThat(root("DELETE", "sys/policies/acl/q", null).status()).isEqualTo(204);
        assertFails(root("GET", "sys/policies/acl/q", null), 404);
    }

    @Test
    void tellsWhichMountServesAPath() throws Exception {
        vault.enableKv("kv", 1);
        vault.readable("p", "secret/data/x");
        String token = vault.createToken(Duration.ofHours(1), "p");

        Http.Reply reply = call(token, "GET", "sys/internal/ui/mounts/secret/data/x", null);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("data", "path")).isEqualTo("secret/");
        assertThat(reply.text("data", "options", "version")).isEqualTo("2");
        assertThat(reply.text("data", "type")).isEqualTo("kv");
        assertFails(
                call(token, "GET", "sys/internal/ui/mounts/kv/a", null),
                403,
                "preflight capability check returned 403, please ensure client's policies grant access to path"
                        + " \"kv/a/\"");
        assertFails(call(null, "GET", "sys/internal/ui/mounts/kv", null), 403, "permission denied");
        assertFails(call("no", "GET", "sys/internal/ui/mounts/kv", null), 403, INVALID);
    }

    @Test
    void tokensAreRevoked() throws Exception {
        String one = vault.createToken(Duration.ofHours(1));
        String two = vault.createToken(Duration.ofHours(1));
        String three = vault.createToken(Duration.ofHours(1));
        String accessor = call(two, "GET", "auth/token/lookup-self", null).text("data", "accessor");

        assertThat(call(one, "POST", "auth/token/revoke-self", Map.of()).status())
                .isEqualTo(204);
        assertFails(call(one, "GET", "auth/token/lookup-self", null), 403, INVALID);
        assertThat(root("POST", "auth/token/revoke-accessor", Map.of("accessor", accessor))
                        .status())
                .isEqualTo(204);
        assertFails(call(two, "GET", "auth/token/lookup-self", null), 403, INVALID);
        assertThat(root("POST", "auth/token/revoke-accessor", Map.of("accessor", accessor))
                        .at("warnings"))
                .isEqualTo(List.of("No token found with this accessor"));
        assertThat(call(three, "GET", "auth/token/lookup-self", null).status()).isEqualTo(200);
        vault.revokeAllTokens();
        assertFails(call(three, "GET", "auth/token/lookup-self", null), 403, INVALID);
        assertThat(root("GET", "auth/token/lookup-self", null).text("data", "ttl"))
                .isEqualTo("0");
    }

    @Test
    void createsTokens() throws Exception {
        Http.Reply reply = root(
                "POST",
                "auth/token/create",
                Map.of("policies", List.of("p"), "ttl", "60s", "meta", Map.of("k", "v"), "num_uses", 3));

        assertThat(reply.text("auth", "lease_duration")).isEqualTo("60");
        assertThat(reply.at("auth", "policies")).isEqualTo(List.of("default", "p"));
        assertThat(reply.text("auth", "metadata", "k")).isEqualTo("v");
        assertThat(reply.text("auth", "num_uses")).isEqualTo("3");
        assertThat(reply.text("mount_type")).isEqualTo("token");
        assertFails(root("POST", "auth/token/renew-self", Map.of()), 400, "invalid lease ID");
        String batch = root("POST", "auth/token/create", Map.of("policies", "p", "type", "batch", "ttl", 9))
                .text("auth", "client_token");
        assertFails(call(batch, "POST", "auth/token/revoke-self", Map.of()), 400, "batch tokens cannot be revoked");
        clock.advance(Duration.ofSeconds(9));
        assertFails(call(batch, "GET", "auth/token/lookup-self", null), 403, INVALID);
    }

    @Test
    void sealedVaultAnswersNothingElse() throws Exception {
        assertThat(call(null, "GET", "sys/health", null).status()).isEqualTo(200);
        assertThat(call(null, "GET", "sys/health?activecode=204", null).status())
                .isEqualTo(204);
        vault.seal();

        assertFails(root("GET", "secret/data/x", null), 503, "Vault is sealed");
        assertFails(call(null, "POST", "auth/aws/login", Map.of()), 503, "Vault is sealed");
        assertThat(call(null, "GET", "sys/health", null).status()).isEqualTo(503);
        assertThat(call(null, "GET", "sys/health?sealedcode=299", null).status())
                .isEqualTo(299);
        assertThat(call(null, "GET", "sys/seal-status", null).at("sealed")).isEqualTo(true);
        assertFails(
                call(null, "POST", "sys/unseal", Map.of("key", "wrong!")),
                400,
                "'key' must be a valid hex or base64 string");
        assertThat(call(null, "POST", "sys/unseal", Map.of("key", vault.unsealKey()))
                        .at("sealed"))
                .isEqualTo(false);
        assertFails(root("GET", "secret/data/x", null), 404);
        assertThat(root("POST", "sys/seal", Map.of()).status()).isEqualTo(204);
        vault.unseal();
        assertFails(root("GET", "secret/data/x", null), 404);
    }

    @Test
    void failsWhenTold() throws Exception {
        vault.failNext(1, 503);
        vault.failNext(1, 429, Duration.ofSeconds(7), path -> path.startsWith("secret/"));

        assertFails(call(null, "GET", "sys/health", null), 503, "injected failure");
        assertThat(call(null, "GET", "sys/health", null).status()).isEqualTo(200);
        Http.Reply limited = root("GET", "secret/data/x", null);
        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.raw().headers().firstValue("Retry-After")).contains("7");
        assertFails(root("GET", "secret/data/x", null), 404);
        assertThat(vault.requests()).extracting(VaultRequestLog::status).containsExactly(503, 200, 429, 404);
    }

    @Test
    void dropsConnectionsWhenTold() {
        // More than once, because the client repeats a GET on a connection that was closed.
        vault.dropNext(10, path -> path.equals("secret/data/x"));

        assertThatThrownBy(() -> root("GET", "secret/data/x", null))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void waitsWhenTold() throws Exception {
        vault.delay(Duration.ofMillis(60), path -> path.equals("sys/health"));
        long start = System.nanoTime();
        call(null, "GET", "sys/health", null);
        long slow = System.nanoTime() - start;
        vault.delay(Duration.ZERO);

        assertThat(Duration.ofNanos(slow)).isGreaterThanOrEqualTo(Duration.ofMillis(60));
        assertThat(call(null, "GET", "sys/health", null).status()).isEqualTo(200);
    }

    @Test
    void refusesTextThatIsNotJson() throws Exception {
        Http.Reply reply = Http.send(
                "POST", vault.address() + "/v1/secret/data/x", Map.of("X-Vault-Token", vault.rootToken()), "{bad");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.errors().get(0).toString()).startsWith("error parsing JSON: ");
    }

    @Test
    void setupErrorsAreClear() {
        assertThatThrownBy(() -> vault.enableKv("secret", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("path is already in use at secret/");
        assertThatThrownBy(() -> vault.enableKv("kv", 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closesItsConnectionsAndServesNewOnes() throws Exception {
        try (Socket idle =
                new Socket(InetAddress.getLoopbackAddress(), vault.address().getPort())) {
            idle.getOutputStream().write("GET /v1/sys/health HTTP/1.1\r\nHost: vault\r\n\r\n".getBytes(US_ASCII));
            assertThat(idle.getInputStream().read()).isEqualTo('H');
            vault.closeConnections();
            assertThat(idle.getInputStream().readAllBytes())
                    .as("comes to an end")
                    .startsWith('T', 'T', 'P');
        }
        assertThat(root("GET", "sys/health", null).status()).isEqualTo(200);
    }
}
