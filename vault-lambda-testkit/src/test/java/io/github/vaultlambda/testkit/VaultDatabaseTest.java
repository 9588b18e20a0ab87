package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultDatabaseTest extends VaultFixture {
    @BeforeEach
    void mount() {
        vault.enableDatabase("database");
    }

    private void role(String ttl, String maxTtl) {
        vault.write("database/roles/r", Map.of("db_name", "db", "default_ttl", ttl, "max_ttl", maxTtl));
    }

    private void staticRole(String period) {
        vault.write("database/static-roles/s", Map.of("db_name", "db", "username", "app", "rotation_period", period));
    }

    @Test
    void makesAUserForEveryRead() throws Exception {
        role("20s", "60s");
        String token = root("POST", "auth/token/create", Map.of("display_name", "my app"))
                .text("auth", "client_token");

        Http.Reply first = call(token, "GET", "database/creds/r", null);
        Http.Reply second = call(token, "GET", "database/creds/r", null);

        assertThat(first.body())
                .matches("\\{\"request_id\":\"[0-9a-f-]{36}\",\"lease_id\":\"database/creds/r/[A-Za-z0-9]{24}\","
                        + "\"renewable\":true,\"lease_duration\":20,\"data\":\\{\"password\":\"" + TestSecrets.MARKER
                        + "[^\"]+\",\"username\":\"v-token-my-r-[A-Za-z0-9]{20}-1772366400\"},\"wrap_info\":null,"
                        + "\"warnings\":null,\"auth\":null,\"mount_type\":\"database\"}\n");
        assertThat(vault.databaseUsers("database"))
                .containsExactly(first.text("data", "username"), second.text("data", "username"));
        assertThat(vault.databaseAccepts("database", first.text("data", "username"), first.text("data", "password")))
                .isTrue();
        assertThat(vault.databaseAccepts("database", first.text("data", "username"), second.text("data", "password")))
                .isFalse();
        clock.advance(Duration.ofSeconds(20));
        assertThat(vault.databaseUsers("database")).isEmpty();
        assertThat(vault.databaseAccepts("database", first.text("data", "username"), first.text("data", "password")))
                .isFalse();
    }

    @Test
    void capsTheTtlWhenItIssues() throws Exception {
        role("2h", "1h");

        Http.Reply reply = root("GET", "database/creds/r", null);

        assertThat(reply.text("lease_duration")).isEqualTo("3600");
        assertThat(reply.at("warnings"))
                .isEqualTo(List.of(
                        "TTL of \"2h\" exceeded the effective max_ttl of \"1h\"; TTL value is capped accordingly"));
    }

    @Test
    void rotatesStaticRolesByTheClock() throws Exception {
        staticRole("10s");
        Http.Reply first = root("GET", "database/static-creds/s", null);
        assertThat(first.body())
                .matches("\\{\"request_id\":\"[0-9a-f-]{36}\",\"lease_id\":\"\",\"renewable\":false,"
                        + "\"lease_duration\":0,\"data\":\\{\"last_vault_rotation\":\"2026-03-01T12:00:00Z\","
                        + "\"password\":\"" + TestSecrets.MARKER + "[^\"]+\",\"rotation_period\":10,\"ttl\":10,"
                        + "\"username\":\"app\"},\"wrap_info\":null,\"warnings\":null,\"auth\":null,"
                        + "\"mount_type\":\"database\"}\n");

        clock.advance(Duration.ofSeconds(7));
        Http.Reply later = root("GET", "database/static-creds/s", null);
        assertThat(later.text("data", "ttl")).isEqualTo("3");
        assertThat(later.at("data", "password")).isEqualTo(first.at("data", "password"));

        clock.advance(Duration.ofSeconds(27));
        Http.Reply rotated = root("GET", "database/static-creds/s", null);
        assertThat(rotated.text("data", "last_vault_rotation")).isEqualTo("2026-03-01T12:00:30Z");
        assertThat(rotated.text("data", "ttl")).isEqualTo("6");
        assertThat(rotated.at("data", "password")).isNotEqualTo(first.at("data", "password"));
        assertThat(vault.databaseAccepts("database", "app", first.text("data", "password")))
                .isFalse();
        assertThat(vault.databaseAccepts("database", "app", rotated.text("data", "password")))
                .isTrue();
    }

    @Test
    void rotatesStaticRolesWhenTold() throws Exception {
        staticRole("1h");
        Http.Reply first = root("GET", "database/static-creds/s", null);
        clock.advance(Duration.ofMinutes(10));

        vault.rotateStaticRole("database", "s");

        Http.Reply rotated = root("GET", "database/static-creds/s", null);
        assertThat(rotated.text("data", "last_vault_rotation")).isEqualTo("2026-03-01T12:10:00Z");
        assertThat(rotated.text("data", "ttl")).isEqualTo("3600");
        assertThat(rotated.at("data", "password")).isNotEqualTo(first.at("data", "password"));
        assertFails(root("POST", "database/rotate-role/no", Map.of()), 400, "no static role found for role name");
    }

    @Test
    void showsWhatIsConfigured() throws Exception {
        root("POST", "database/roles/R", Map.of("db_name", "db", "creation_statements", "a, b", "max_ttl", "1h"));
        staticRole("10s");

        assertThat(root("GET", "database/roles/R", null).at("data"))
                .hasToString("{creation_statements=[a, b], credential_type=password, db_name=db, default_ttl=0,"
                        + " max_ttl=3600, renew_statements=[], revocation_statements=[], rollback_statements=[]}");
        assertThat((List<?>) root("GET", "database/roles/R", null).at("data", "creation_statements"))
                .hasSize(1);
        assertThat(root("GET", "database/static-roles/s", null).at("data"))
                .hasToString("{credential_type=password, db_name=db, last_vault_rotation=2026-03-01T12:00:00Z,"
                        + " rotation_period=10, rotation_statements=[], skip_import_rotation=false, username=app}");
        assertThat(root("GET", "database/config/db", null).at("data"))
                .hasToString("{allowed_roles=[*], connection_details={}, disable_automated_rotation=false,"
                        + " password_policy=, plugin_name=postgresql-database-plugin, plugin_version=,"
                        + " root_credentials_rotate_statements=[], rotation_period=0, rotation_schedule=,"
                        + " rotation_window=0, skip_static_role_import_rotation=false, verify_connection=true}");
        assertThat(root("LIST", "database/roles", null).at("data", "keys")).isEqualTo(List.of("R"));
        assertThat(root("LIST", "database/static-roles", null).at("data", "keys"))
                .isEqualTo(List.of("s"));
        assertFails(root("GET", "database/roles/r", null), 404);
        assertThat(root("DELETE", "database/roles/R", null).status()).isEqualTo(204);
        assertFails(root("LIST", "database/roles", null), 404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            GET  | creds/no       | 400 | unknown role: no
            GET  | static-creds/no| 400 | unknown role: no
            POST | creds/r        | 405 | `1 error occurred:\n\t* unsupported operation\n\n`
            GET  | rotate-role/s  | 405 | `1 error occurred:\n\t* unsupported operation\n\n`
            GET  | creds          | 404 | `1 error occurred:\n\t* unsupported path\n\n`
            GET  | zzz/r          | 404 | `1 error occurred:\n\t* unsupported path\n\n`
            """)
    void refusesWhatItDoesNotHave(String method, String path, int status, String error) throws Exception {
        assertFails(root(method, "database/" + path, method.equals("POST") ? Map.of() : null), status, error);
    }

    @Test
    void checksRoles() throws Exception {
        role("20s", "60s");
        staticRole("10s");

        refused("roles/s", Map.of("db_name", "db"), "Role and Static Role names must be unique");
        refused("static-roles/r", Map.of("db_name", "db"), "Role and Static Role names must be unique");
        refused("roles/q", Map.of(), "database name is required");
        refused("static-roles/q", Map.of(), "database name is a required field");
        refused("static-roles/q", Map.of("db_name", "db"), "username is a required field to create a static account");
        refused(
                "static-roles/q",
                Map.of("db_name", "db", "username", "app"),
                "one of rotation_schedule or rotation_period must be provided to create a static account");
        refused(
                "static-roles/q",
                Map.of("db_name", "db", "username", "app", "rotation_period", "2s"),
                "rotation_period must be 5 seconds or more");
        refused("static-roles/s", Map.of("rotation_period", "8s"), "cannot update static account username");
        refused("config/q", Map.of("allowed_roles", "*"), "empty plugin name");
        refused(
                "roles/r",
                Map.of("default_ttl", "abc"),
                "error converting input for field \"default_ttl\": time: invalid duration \"abc\"");
    }

    private void refused(String path, Map<String, ?> fields, String error) throws Exception {
        assertFails(root("POST", "database/" + path, fields), 400, error);
    }

    @Test
    void asksItsConnection() throws Exception {
        role("20s", "60s");
        root("POST", "database/config/db", Map.of("allowed_roles", "a*,*z,b"));
        assertFails(
                root("GET", "database/creds/r", null), 500, "1 error occurred:\n\t* \"r\" is not an allowed role\n\n");
        root("POST", "database/roles/az", Map.of("db_name", "db"));
        assertThat(root("GET", "database/creds/az", null).status()).isEqualTo(200);

        root("DELETE", "database/config/db", null);
        assertFails(
                root("GET", "database/creds/r", null),
                500,
                "1 error occurred:\n\t* failed to find entry for connection with name: \"db\"\n\n");
        assertFails(
                root(
                        "POST",
                        "database/static-roles/s",
                        Map.of("db_name", "db", "username", "app", "rotation_period", 5)),
                500,
                "1 error occurred:\n\t* failed to find entry for connection with name: \"db\"\n\n");
    }

    @Test
    void onlyDatabasesHaveUsers() {
        assertThatThrownBy(() -> vault.databaseUsers("secret"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no database engine at secret");
        assertThat(vault.databaseAccepts("database", "nobody", "x")).isFalse();
    }
}
