package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class VaultHaTest extends VaultFixture {
    private static final URI LEADER = URI.create("http://127.0.0.1:8200");

    private Http.Reply read(String path, String header, String value) throws Exception {
        return Http.send(
                "GET",
                vault.address() + "/v1/" + path,
                Map.of("X-Vault-Token", vault.rootToken(), header, value),
                null);
    }

    @Test
    void aStandbySendsToItsLeader() throws Exception {
        vault.becomeStandby(LEADER);

        Http.Reply reply = root("GET", "secret/data/x?version=1", null);

        assertThat(reply.status()).isEqualTo(307);
        assertThat(reply.body()).isEmpty();
        assertThat(reply.raw().headers().firstValue("Location"))
                .contains("http://127.0.0.1:8200/v1/secret/data/x?version=1");
        assertThat(call(null, "POST", "auth/aws/login", Map.of()).status()).isEqualTo(307);
        Http.Reply leader = call(null, "GET", "sys/leader", null);
        assertThat(leader.body())
                .isEqualTo("{\"ha_enabled\":true,\"is_self\":false,\"active_time\":\"0001-01-01T00:00:00Z\","
                        + "\"leader_address\":\"http://127.0.0.1:8200\","
                        + "\"leader_cluster_address\":\"https://127.0.0.1:8201\",\"performance_standby\":false,"
                        + "\"performance_standby_last_remote_wal\":0}\n");
    }

    @Test
    void theLeaderAnswersWhatTheStandbyPassedOn() throws Exception {
        try (VaultStandIn standby = VaultStandIn.builder().clock(clock).start()) {
            standby.becomeStandby(vault.address());
            vault.becomeLeader();
            vault.putSecret("secret/data/x", Map.of("a", "b"));

            String location = Http.send(
                            "GET", standby.address() + "/v1/secret/data/x", Map.of("X-Vault-Token", "any"), null)
                    .raw()
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();

            assertThat(Http.send("GET", location, Map.of("X-Vault-Token", vault.rootToken()), null)
                            .text("data", "data", "a"))
                    .isEqualTo("b");
            Http.Reply leader = call(null, "GET", "sys/leader", null);
            assertThat(leader.at("is_self")).isEqualTo(true);
            assertThat(leader.text("leader_address")).isEqualTo(vault.address().toString());
        }
    }

    @Test
    void healthTellsTheRole() throws Exception {
        vault.becomeStandby(LEADER);
        Http.Reply standby = call(null, "GET", "sys/health", null);
        assertThat(standby.status()).isEqualTo(429);
        assertThat(standby.at("standby")).isEqualTo(true);
        assertThat(call(null, "GET", "sys/health?standbyok=true", null).status())
                .isEqualTo(200);
        assertThat(call(null, "GET", "sys/health?standbycode=204", null).status())
                .isEqualTo(204);

        vault.becomePerformanceStandby(LEADER);
        Http.Reply performance = call(null, "GET", "sys/health", null);
        assertThat(performance.status()).isEqualTo(473);
        assertThat(performance.at("performance_standby")).isEqualTo(true);
        assertThat(call(null, "GET", "sys/health?perfstandbyok=true", null).status())
                .isEqualTo(200);
        assertThat(root("GET", "auth/token/lookup-self", null).status()).isEqualTo(200);

        vault.seal();
        assertThat(call(null, "GET", "sys/health", null).status()).isEqualTo(503);
    }

    @Test
    void aClusterMayHaveNoLeader() throws Exception {
        vault.becomeStandbyWithoutLeader();

        assertFails(root("GET", "secret/data/x", null), 503, "no active Vault instance found");
        assertThat(call(null, "GET", "sys/leader", null).text("leader_address")).isEmpty();
    }

    @Test
    void readsThatAreTooEarlyAreRefused() throws Exception {
        vault.lagBehind(2);
        Http.Reply write = root("POST", "secret/data/x", Map.of("data", Map.of("a", "b")));
        String index = write.raw().headers().firstValue("X-Vault-Index").orElseThrow();

        assertThat(root("GET", "secret/data/x", null).status()).isEqualTo(200);
        assertThat(read("secret/data/x", "X-Vault-Inconsistent", "forward-active-node")
                        .status())
                .isEqualTo(200);
        assertFails(read("secret/data/x", "X-Vault-Index", index), 412, "required index state not present");
        assertFails(read("secret/data/x", "X-Vault-Index", index), 412, "required index state not present");
        assertThat(read("secret/data/x", "X-Vault-Index", index).status()).isEqualTo(200);
        assertThat(read("secret/data/x", "X-Vault-Index", index).status()).isEqualTo(200);

        String next = root("DELETE", "secret/data/x", null)
                .raw()
                .headers()
                .firstValue("X-Vault-Index")
                .orElseThrow();
        assertThat(next).isNotEqualTo(index);
        vault.catchUp();
        assertThat(read("secret/data/x", "X-Vault-Index", next).status()).isEqualTo(404);
    }

    @Test
    void loginsCarryAnIndexAndRefusedOnesDoNot() throws Exception {
        vault.lagBehind(0);
        vault.enableAuth("approle", "approle");
        vault.write("auth/approle/role/r", Map.of("role_id", "id"));
        Object secretId = vault.write("auth/approle/role/r/custom-secret-id", Map.of("secret_id", "n0tf0rl0gs"));
        assertThat(secretId).isNotNull();

        Http.Reply login = call(null, "POST", "auth/approle/login", Map.of("role_id", "id", "secret_id", "n0tf0rl0gs"));
        assertThat(login.raw().headers().firstValue("X-Vault-Index")).isPresent();
        assertThat(call(null, "POST", "auth/approle/login", Map.of("role_id", "id"))
                        .raw()
                        .headers()
                        .firstValue("X-Vault-Index"))
                .isEmpty();
        assertThat(root("GET", "auth/token/lookup-self", null).raw().headers().firstValue("X-Vault-Index"))
                .isEmpty();
    }

    @Test
    void answersWithWhateverItIsTold() throws Exception {
        vault.answerNext(1, 200, "<html>".getBytes(StandardCharsets.UTF_8), path -> path.startsWith("secret/"));

        Http.Reply reply = root("GET", "secret/data/x", null);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("<html>");
        assertFails(root("GET", "secret/data/x", null), 404);
    }

    @Test
    void hangsUntilToldOtherwise() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        vault.hangNext(1, path -> {
            boolean ours = path.equals("sys/seal-status");
            if (ours) {
                held.countDown();
            }
            return ours;
        });
        CompletableFuture<Http.Reply> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return call(null, "POST", "sys/seal-status", Map.of());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        held.await();
        assertThat(call(null, "GET", "sys/health", null).status()).isEqualTo(200);
        assertThat(waiting).isNotDone();
        vault.clearFaults();
        assertThatThrownBy(waiting::join).hasRootCauseInstanceOf(IOException.class);
    }
}
