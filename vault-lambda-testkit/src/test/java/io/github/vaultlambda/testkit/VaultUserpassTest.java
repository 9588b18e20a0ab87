package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultUserpassTest extends VaultFixture {
    private static final String PASSWORD = TestSecrets.mint("pw");
    private static final String REFUSED = "invalid username or password";

    @BeforeEach
    void enable() {
        vault.enableAuth("userpass", "userpass");
        vault.write("auth/userpass/users/Bob", Map.of("password", PASSWORD, "token_policies", "p", "token_ttl", "10m"));
    }

    private Http.Reply login(String name, String password) throws Exception {
        return call(null, "POST", "auth/userpass/login/" + name, Map.of("password", password));
    }

    @Test
    void logsIn() throws Exception {
        Http.Reply reply = login("BOB", PASSWORD);

        assertThat(reply.at("auth", "policies")).isEqualTo(List.of("default", "p"));
        assertThat(reply.text("auth", "metadata")).isEqualTo("{username=bob}");
        assertThat(reply.text("auth", "lease_duration")).isEqualTo("600");
        assertThat(reply.text("mount_type")).isEmpty();
        Http.Reply self = call(reply.text("auth", "client_token"), "GET", "auth/token/lookup-self", null);
        assertThat(self.text("data", "display_name")).isEqualTo("userpass-bob");
    }

    @Test
    void refusesOthers() throws Exception {
        assertFails(login("bob", "bad"), 400, REFUSED);
        assertFails(login("nobody", "bad"), 400, REFUSED);
        assertFails(call(null, "POST", "auth/userpass/login/bob", Map.of()), 400, "invalid credentials");
        assertFails(call(null, "POST", "auth/userpass/login", Map.of()), 403, "permission denied");
        assertFails(call(null, "GET", "auth/userpass/login/bob", null), 405, "unsupported operation");
    }

    @Test
    void locksWhoFailsTooOften() throws Exception {
        for (int i = 0; i < 4; i++) {
            login("bob", "bad");
        }
        assertThat(login("bob", PASSWORD).status()).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
            assertFails(login("bob", "bad"), 400, REFUSED);
        }
        assertFails(login("bob", PASSWORD), 403, "permission denied");
        clock.advance(Duration.ofMinutes(15));
        assertThat(login("bob", PASSWORD).status()).isEqualTo(200);
        for (int i = 0; i < 9; i++) {
            assertFails(login("nobody", "bad"), 400, REFUSED);
        }
    }

    @Test
    void usersAreKept() throws Exception {
        assertFails(
                root("POST", "auth/userpass/users/al", Map.of()),
                400,
                "\"password\" or \"password_hash\" must be supplied");
        assertThat(root("POST", "auth/userpass/users/bob", Map.of("token_ttl", "20m"))
                        .status())
                .isEqualTo(204);
        Http.Reply shown = root("GET", "auth/userpass/users/bob", null);
        assertThat(shown.text("data", "token_ttl")).isEqualTo("1200");
        assertThat(shown.body()).doesNotContain(PASSWORD);
        assertThat(root("LIST", "auth/userpass/users", null).at("data", "keys")).isEqualTo(List.of("bob"));

        String other = TestSecrets.mint("pw");
        root("POST", "auth/userpass/users/bob/password", Map.of("password", other));
        assertFails(login("bob", PASSWORD), 400, REFUSED);
        assertThat(login("bob", other).text("auth", "lease_duration")).isEqualTo("1200");
        assertFails(
                root("POST", "auth/userpass/users/no/password", Map.of("password", other)),
                500,
                "1 error occurred:\n\t* username does not exist\n\n");
    }

    @Test
    void renewalAsksForTheUser() throws Exception {
        String token = login("bob", PASSWORD).text("auth", "client_token");

        assertThat(call(token, "POST", "auth/token/renew-self", Map.of("increment", "1h"))
                        .text("auth", "lease_duration"))
                .isEqualTo("3600");
        root("POST", "auth/userpass/users/bob/policies", Map.of("token_policies", "other"));
        assertFails(
                call(token, "POST", "auth/token/renew-self", Map.of()),
                500,
                "1 error occurred:\n\t* failed to renew entry: policies have changed, not renewing\n\n");
        root("DELETE", "auth/userpass/users/bob", null);
        assertThat(call(token, "POST", "auth/token/renew-self", Map.of()).status())
                .isEqualTo(204);
    }
}
