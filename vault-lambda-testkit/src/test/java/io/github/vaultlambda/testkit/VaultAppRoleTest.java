package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultAppRoleTest extends VaultFixture {
    private static final String UNKNOWN = "invalid role or secret ID";

    @BeforeEach
    void enable() {
        vault.enableAuth("approle", "approle");
    }

    private Http.Reply login(String roleId, String secretId) throws Exception {
        return call(null, "POST", "auth/approle/login", Map.of("role_id", roleId, "secret_id", secretId));
    }

    private Http.Reply role(String name, Map<String, ?> fields) throws Exception {
        return root("POST", "auth/approle/role/" + name, fields);
    }

    private String secretId(String role) throws Exception {
        return root("POST", "auth/approle/role/" + role + "/secret-id", Map.of())
                .text("data", "secret_id");
    }

    @Test
    void logsInWithRoleIdAndSecretId() throws Exception {
        role("Orders", Map.of("token_policies", "p", "token_ttl", "10m", "role_id", "my-id"));
        String secret = secretId("orders");

        Http.Reply reply = login("my-id", secret);

        assertThat(secret).contains(TestSecrets.MARKER);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .matches("(?s).*\"auth\":\\{\"client_token\":\"hvs\\.[^\"]+\",\"accessor\":\"\\w{24}\","
                        + "\"policies\":\\[\"default\",\"p\"],\"token_policies\":\\[\"default\",\"p\"],"
                        + "\"metadata\":\\{\"role_name\":\"orders\"},\"lease_duration\":600,\"renewable\":true,"
                        + "\"entity_id\":\"[0-9a-f-]{36}\",\"token_type\":\"service\",\"orphan\":true,"
                        + "\"mfa_requirement\":null,\"num_uses\":0},\"mount_type\":\"\"}\n");
        Http.Reply self = call(reply.text("auth", "client_token"), "GET", "auth/token/lookup-self", null);
        assertThat(self.text("data", "display_name")).isEqualTo("approle");
        assertThat(self.text("data", "path")).isEqualTo("auth/approle/login");
        assertThat(login("my-id", secret).text("auth", "entity_id")).isEqualTo(reply.text("auth", "entity_id"));
        assertThat(vault.loginCount()).isEqualTo(2);
    }

    @Test
    void locksTheRoleWithTooManyWrongSecretIds() throws Exception {
        role("r", Map.of("role_id", "id"));
        String secret = secretId("r");
        for (int i = 0; i < 5; i++) {
            assertFails(login("id", "x"), 400, UNKNOWN);
        }
        assertFails(login("id", secret), 403, "permission denied");
        clock.advance(Duration.ofMinutes(15));
        assertThat(login("id", secret).status()).isEqualTo(200);
    }

    @Test
    void refusesWrongIds() throws Exception {
        role("r", Map.of("role_id", "id"));

        assertFails(login("other", "x"), 400, UNKNOWN);
        assertFails(login("id", "x"), 400, UNKNOWN);
        assertFails(call(null, "POST", "auth/approle/login", Map.of("role_id", "id")), 400, "missing secret_id");
        assertFails(
                call(null, "POST", "auth/approle/login", Map.of()),
                500,
                "failed to determine alias name from login request");
        assertFails(
                call(null, "GET", "auth/approle/login", null),
                500,
                "failed to determine alias name from login request");
        assertFails(call(null, "LIST", "auth/approle/login", null), 403, "permission denied");
    }

    @Test
    void secretIdsEnd() throws Exception {
        role("r", Map.of("role_id", "id", "secret_id_num_uses", 2, "secret_id_ttl", "1h"));
        Http.Reply made = root("POST", "auth/approle/role/r/custom-secret-id", Map.of("secret_id", "n0tf0rl0gs"));
        assertThat(made.text("data", "secret_id_num_uses")).isEqualTo("2");
        assertThat(made.text("data", "secret_id_ttl")).isEqualTo("3600");
        assertFails(
                root("POST", "auth/approle/role/r/custom-secret-id", Map.of("secret_id", "n0tf0rl0gs")),
                500,
                "1 error occurred:\n\t* failed to store secret_id: SecretID is already registered\n\n");
        String other = secretId("r");

        assertThat(login("id", "n0tf0rl0gs").status()).isEqualTo(200);
        assertThat(login("id", "n0tf0rl0gs").status()).isEqualTo(200);
        assertFails(login("id", "n0tf0rl0gs"), 400, UNKNOWN);
        clock.advance(Duration.ofHours(1));
        assertFails(login("id", other), 400, UNKNOWN);
        assertFails(root("LIST", "auth/approle/role/r/secret-id", null), 404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            num_uses | 5  | num_uses cannot be higher than the role's secret_id_num_uses
            num_uses | 0  | num_uses cannot be higher than the role's secret_id_num_uses
            num_uses | -1 | num_uses cannot be negative
            ttl      | 5h | ttl cannot be longer than the role's secret_id_ttl
            metadata | zz | failed to parse metadata: failed to parse the input: invalid <key,value> format
            """)
    void secretIdsStayWithinTheRole(String field, String value, String error) throws Exception {
        role("r", Map.of("role_id", "id", "secret_id_num_uses", 2, "secret_id_ttl", "1h"));

        assertFails(root("POST", "auth/approle/role/r/secret-id", Map.of(field, value)), 400, error);
    }

    @Test
    void secretIdsCarryMetadataAndAreLookedUp() throws Exception {
        role("r", Map.of("role_id", "id"));
        Http.Reply made =
                root("POST", "auth/approle/role/r/secret-id", Map.of("metadata", "{\"k\":\"v\"}", "ttl", "5m"));
        String secret = made.text("data", "secret_id");
        String accessor = made.text("data", "secret_id_accessor");

        assertThat(login("id", secret).text("auth", "metadata")).isEqualTo("{k=v, role_name=r}");
        Http.Reply shown = root("POST", "auth/approle/role/r/secret-id/lookup", Map.of("secret_id", secret));
        assertThat(shown.at("data"))
                .hasToString("{cidr_list=[], creation_time=2026-03-01T12:00:00Z,"
                        + " expiration_time=2026-03-01T12:05:00Z, last_updated_time=2026-03-01T12:00:00Z,"
                        + " metadata={k=v}, secret_id_accessor=" + accessor
                        + ", secret_id_num_uses=0, secret_id_ttl=300, token_bound_cidrs=[]}");
        assertThat(root("LIST", "auth/approle/role/r/secret-id", null).at("data", "keys"))
                .isEqualTo(List.of(accessor));
        Map<String, String> byAccessor = Map.of("secret_id_accessor", accessor);
        assertThat(root("POST", "auth/approle/role/r/secret-id-accessor/destroy", byAccessor)
                        .status())
                .isEqualTo(204);
        assertThat(root("POST", "auth/approle/role/r/secret-id/lookup", Map.of("secret_id", secret))
                        .status())
                .isEqualTo(204);
        assertFails(
                root("POST", "auth/approle/role/r/secret-id-accessor/lookup", byAccessor),
                404,
                "failed to find accessor entry for secret_id_accessor: \"" + accessor + "\"");
    }

    @Test
    void rolesCanDoWithoutSecretId() throws Exception {
        assertFails(
                role("r", Map.of("bind_secret_id", false)),
                500,
                "1 error occurred:\n\t* at least one constraint should be enabled on the role\n\n");
        role("r", Map.of("bind_secret_id", false, "token_bound_cidrs", "127.0.0.0/8", "role_id", "id"));

        assertThat(call(null, "POST", "auth/approle/login", Map.of("role_id", "id"))
                        .status())
                .isEqualTo(200);
        assertFails(
                root("POST", "auth/approle/role/r/secret-id", Map.of()), 400, "bind_secret_id is not set on the role");
        assertThat(role("s", Map.of("token_bound_cidrs", "10.0.0.0/8")).status())
                .isEqualTo(400);
    }

    @Test
    void rolesAreReadAndChanged() throws Exception {
        role("r", Map.of("token_policies", "b,a", "token_ttl", "10m", "token_max_ttl", 1800));
        assertThat(role("r", Map.of("secret_id_num_uses", 3)).status()).isEqualTo(204);

        assertThat(root("GET", "auth/approle/role/r", null).body())
                .contains("\"data\":{\"bind_secret_id\":true,\"local_secret_ids\":false,"
                        + "\"secret_id_bound_cidrs\":null,\"secret_id_num_uses\":3,\"secret_id_ttl\":0,"
                        + "\"token_bound_cidrs\":[],\"token_explicit_max_ttl\":0,\"token_max_ttl\":1800,"
                        + "\"token_no_default_policy\":false,\"token_num_uses\":0,\"token_period\":0,"
                        + "\"token_policies\":[\"a\",\"b\"],\"token_ttl\":600,\"token_type\":\"default\"}");
        assertThat(root("POST", "auth/approle/role/r/role-id", Map.of("role_id", "x"))
                        .status())
                .isEqualTo(204);
        assertThat(root("GET", "auth/approle/role/r/role-id", null).text("data", "role_id"))
                .isEqualTo("x");
        assertFails(root("POST", "auth/approle/role/r/role-id", Map.of()), 400, "missing role_id");
        assertFails(role("s", Map.of("role_id", "x")), 500, "1 error occurred:\n\t* role_id already in use\n\n");
        assertFails(root("GET", "auth/approle/role/s", null), 404);
        assertFails(root("POST", "auth/approle/role/s/secret-id", Map.of()), 404, "role \"s\" does not exist");
        assertThat(root("LIST", "auth/approle/role", null).at("data", "keys")).isEqualTo(List.of("r"));
        assertFails(root("GET", "auth/approle/zzz", null), 404, "1 error occurred:\n\t* unsupported path\n\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            token_type=x                     | invalid 'token_type' value "x"
            token_type=batch;token_num_uses=2| 'token_type' cannot be 'batch' or 'default_batch' when set to generate tokens with limited use count
            token_type=batch;token_period=2  | 'token_type' cannot be 'batch' or 'default_batch' when set to generate periodic tokens
            token_ttl=2h;token_max_ttl=1h    | 'token_ttl' cannot be greater than 'token_max_ttl'
            token_num_uses=-2                | 'token_num_uses' cannot be negative
            token_ttl=-2h                    | error converting input for field "token_ttl": cannot provide negative value '-7200'
            """)
    void refusesTokenParametersThatDoNotFit(String fields, String error) throws Exception {
        Map<String, String> body = new LinkedHashMap<>();
        for (String field : fields.split(";", -1)) {
            body.put(field.split("=", 2)[0], field.split("=", 2)[1]);
        }
        assertFails(role("r", body), 400, error);
    }

    @Test
    void tokensFollowTheRole() throws Exception {
        role("batch", Map.of("role_id", "b", "token_type", "batch", "token_ttl", "5m"));
        Http.Reply batch = login("b", secretId("batch"));
        assertThat(batch.text("auth", "client_token")).startsWith("hvb.");
        assertThat(batch.text("auth", "token_type")).isEqualTo("batch");
        assertThat(role("batch", Map.of("token_type", "default-batch")).at("warnings"))
                .isEqualTo(List.of("default-batch has no useful meaning; adjusting to batch"));

        role(
                "many",
                Map.of("role_id", "m", "token_num_uses", 3, "token_period", "1h", "token_no_default_policy", true));
        Http.Reply many = login("m", secretId("many"));
        assertThat(many.body()).contains("\"policies\":[],\"metadata\"").contains("\"num_uses\":3");
        assertThat(many.text("auth", "lease_duration")).isEqualTo("3600");

        role("short", Map.of("role_id", "s", "token_explicit_max_ttl", "1h", "token_ttl", "2h"));
        assertThat(login("s", secretId("short")).at("warnings"))
                .isEqualTo(List.of(
                        "TTL of \"2h\" exceeded the effective max_ttl of \"1h\"; TTL value is capped accordingly"));

        role("root", Map.of("role_id", "root", "token_policies", "root"));
        assertFails(login("root", secretId("root")), 400, "auth methods cannot create root tokens");
    }

    @Test
    void renewalAsksTheRole() throws Exception {
        role("r", Map.of("role_id", "id", "token_ttl", "1h", "token_max_ttl", "2h"));
        String token = login("id", secretId("r")).text("auth", "client_token");

        Http.Reply renewed = call(token, "POST", "auth/token/renew-self", Map.of("increment", "5h"));
        assertThat(renewed.text("auth", "lease_duration")).isEqualTo("7200");
        assertThat(renewed.at("auth", "orphan")).isEqualTo(true);
        root("DELETE", "auth/approle/role/r", null);
        assertFails(
                call(token, "POST", "auth/token/renew-self", Map.of()),
                500,
                "1 error occurred:\n\t* failed to renew entry: role \"r\" does not exist during renewal\n\n");
    }
}
