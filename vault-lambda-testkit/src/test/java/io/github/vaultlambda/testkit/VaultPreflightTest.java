package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultPreflightTest extends VaultFixture {
    private static final String MOUNTS = "sys/internal/ui/mounts";

    private static String refusal(String path) {
        return "preflight capability check returned 403, please ensure client's policies grant access to path \"" + path
                + "\"";
    }

    @Test
    void tellsTheEngineAndItsVersion() throws Exception {
        vault.enableKv("kv", 1);
        vault.enableEngine("old", "kv");
        vault.readable("reader", "secret/data/orders/*", "kv/orders/*", "old/orders");
        String token = vault.createToken(Duration.ofHours(1), "reader");

        Http.Reply second = call(token, "GET", MOUNTS + "/secret/data/orders/db", null);
        Http.Reply first = call(token, "GET", MOUNTS + "/kv/orders/db", null);
        Http.Reply unsaid = call(token, "GET", MOUNTS + "/old", null);

        assertThat(second.at("data"))
                .hasToString("{accessor=" + second.text("data", "accessor")
                        + ", config={default_lease_ttl=2764800, force_no_cache=false, max_lease_ttl=2764800},"
                        + " deprecation_status=supported, description=key/value secret storage,"
                        + " external_entropy_access=false, local=false, options={version=2}, path=secret/,"
                        + " plugin_version=, running_plugin_version=v0.25.0+builtin, running_sha256=,"
                        + " seal_wrap=false, type=kv, uuid=" + second.text("data", "uuid") + "}");
        assertThat(second.text("mount_type")).isEmpty();
        assertThat(first.text("data", "path")).isEqualTo("kv/");
        assertThat(first.at("data", "options")).isEqualTo(Map.of("version", "1"));
        assertThat(unsaid.at("data", "options")).isEqualTo(Map.of());
        assertThat(call(token, "GET", MOUNTS + "/cubbyhole/x", null).at("data", "options"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"database/creds/r", "nowhere/x", "nowhere"})
    void refusesWhatTheTokenMayNotTouch(String path) throws Exception {
        vault.enableEngine("database", "database");
        vault.readable("reader", "secret/data/orders/*");

        assertFails(
                call(vault.createToken(Duration.ofHours(1), "reader"), "GET", MOUNTS + "/" + path, null),
                403,
                refusal(path + "/"));
    }

    @Test
    void listsWhatTheTokenMayTouch() throws Exception {
        vault.enableKv("kv", 1);
        vault.readable("reader", "secret/data/orders/*");

        Http.Reply reply = call(vault.createToken(Duration.ofHours(1), "reader"), "GET", MOUNTS, null);

        assertThat(Map.of("keys", reply.text("data", "secret")).toString())
                .contains("secret/=", "cubbyhole/=", "sys/=")
                .doesNotContain("kv/=");
        assertThat(reply.text("data", "auth")).contains("token/=");
        assertThat(reply.text("data", "secret", "secret/", "options")).isEqualTo("{version=2}");
        assertThat(reply.text("mount_type")).isEmpty();
        assertThat(call(null, "GET", MOUNTS, null).at("data")).hasToString("{auth={}, secret={}}");
    }

    @Test
    void needsATokenForOneMount() throws Exception {
        String invalid = "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n";
        assertFails(call(null, "GET", MOUNTS + "/secret/", null), 403, "permission denied");
        assertFails(call("hvs.no", "GET", MOUNTS + "/secret/", null), 403, invalid);
        assertFails(call("hvs.no", "GET", MOUNTS, null), 403, invalid);
        assertFails(root("GET", MOUNTS + "/", null), 404, "unsupported path");
        assertFails(root("POST", MOUNTS + "/secret/x", Map.of()), 405, "unsupported operation");
    }
}
