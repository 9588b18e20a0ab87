package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VaultCubbyholeTest extends VaultFixture {
    @Test
    void everyTokenHasItsOwn() throws Exception {
        String mine = vault.createToken(Duration.ofHours(1));
        String other = vault.createToken(Duration.ofHours(1));

        assertThat(call(mine, "PUT", "cubbyhole/a/b", Map.of("x", "y")).status())
                .isEqualTo(204);

        Http.Reply read = call(mine, "GET", "cubbyhole/a/b", null);
        assertThat(read.body())
                .endsWith("\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":{\"x\":\"y\"},"
                        + "\"wrap_info\":null,\"warnings\":null,\"auth\":null,\"mount_type\":\"cubbyhole\"}\n");
        assertFails(call(other, "GET", "cubbyhole/a/b", null), 404);
        assertFails(root("GET", "cubbyhole/a/b", null), 404);
        assertThat(call(mine, "LIST", "cubbyhole", null).at("data", "keys")).isEqualTo(List.of("a/"));
        assertThat(call(mine, "DELETE", "cubbyhole/a/b", null).status()).isEqualTo(204);
        assertFails(call(mine, "LIST", "cubbyhole/", null), 404);
    }

    @Test
    void refusesWhatHasNoPathOrNoData() throws Exception {
        assertFails(root("GET", "cubbyhole", null), 500, "1 error occurred:\n\t* missing path\n\n");
        assertFails(root("PUT", "cubbyhole", Map.of("a", "b")), 500, "1 error occurred:\n\t* missing path\n\n");
        assertFails(root("PUT", "cubbyhole/a", Map.of()), 500, "1 error occurred:\n\t* missing data fields\n\n");
    }

    @Test
    void isForServiceTokens() throws Exception {
        String batch = root("POST", "auth/token/create", Map.of("type", "batch", "ttl", "1h", "policies", "default"))
                .text("auth", "client_token");

        assertFails(
                call(batch, "GET", "cubbyhole/a", null),
                400,
                "cubbyhole operations are only supported by \"service\" type tokens");
    }

    @Test
    void staysWhereItIs() throws Exception {
        assertFails(
                root("POST", "sys/mounts/x", Map.of("type", "cubbyhole")),
                400,
                "mount type of \"cubbyhole\" is not mountable");
        assertFails(root("POST", "sys/mounts/cubbyhole", Map.of("type", "kv")), 400, "cannot mount \"cubbyhole/\"");
        assertFails(root("DELETE", "sys/mounts/cubbyhole", null), 400, "cannot unmount \"cubbyhole/\"");
    }
}
