package io.github.vaultlambda.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserpassLoginTest extends ScriptedLogin {
    private static final SecretSource PASSWORD = SecretSource.of(SecretValue.of(SECRET));
    private static final UserpassOptions OPTIONS = UserpassOptions.of("bob", PASSWORD);

    @TempDir
    Path folder;

    @Test
    void sendsThePassword() throws IOException {
        vault.then(200, ACCEPTED);

        login(new UserpassLogin(OPTIONS.withMount("ldap")));

        assertThat(vault.call(0)).hasToString("PUT https://vault.example.com/v1/auth/ldap/login/bob");
        assertThat(json(0).text("password")).isEqualTo(SECRET);
        assertThat(json(0).fields()).hasSize(1);
    }

    @Test
    void readsThePasswordAtEachLogin() throws IOException {
        vault.then(200, ACCEPTED).then(200, ACCEPTED);
        Path file = Files.writeString(folder.resolve("password"), "first-n0tf0rl0gs\n");
        UserpassLogin login = new UserpassLogin(UserpassOptions.of("bob", SecretSource.file(file)));

        login(login);
        Files.writeString(file, "second-n0tf0rl0gs\n");
        login(login);

        assertThat(json(0).text("password")).isEqualTo("first-n0tf0rl0gs");
        assertThat(json(1).text("password")).isEqualTo("second-n0tf0rl0gs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bob@example.com | bob@example.com
            a b             | a%20b
            50%2e           | 50%252e
            who?me#x        | who%3Fme%23x
            jürgen          | j%C3%BCrgen
            DOMAIN/bob      | DOMAIN/bob
            """)
    void escapesTheUserIntoThePath(String user, String path) {
        vault.then(200, ACCEPTED);

        login(new UserpassLogin(UserpassOptions.of(user, PASSWORD)));

        assertThat(vault.call(0).uri().getRawPath()).isEqualTo("/v1/auth/userpass/login/" + path);
        assertThat(vault.call(0).uri().getRawQuery()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "../x", "a/../../sys", "a//b", "/a", "a/"})
    void takesNoUserThatLeadsElsewhere(String user) {
        assertThatThrownBy(() -> UserpassOptions.of(user, PASSWORD)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | invalid username or password | does not exist or has another password
            400 | ldap operation failed: failed to bind as user | does not exist or has another password
            400 | auth method not configured | write auth/userpass/config
            403 | permission denied | or the user is locked for a while
            404 | no handler for route | is the path of a userpass auth method
            """)
    void saysWhatToFix(int status, String error, String hint) {
        VaultLoginException refused = refused(new UserpassLogin(OPTIONS), status, error);

        assertThat(refused.hint()).contains(hint);
        assertThat(refused.mount()).isEqualTo("auth/userpass");
        assertThat(refused.errors()).containsExactly(error);
    }

    @Test
    void aWeakPasswordDoesNotShowInWhatIsLeftOut() {
        UserpassLogin weak = new UserpassLogin(UserpassOptions.of("bob", SecretSource.of(SecretValue.of("password"))));

        assertThat(refused(weak, 400, "invalid username or password").errors())
                .containsExactly("invalid username or password");
        assertThat(refused(new UserpassLogin(OPTIONS), 400, "no such: " + SECRET)
                        .errors())
                .containsExactly("(a text that quotes what was sent is left out)");
    }

    @Test
    void readsItsVariables() {
        assertThat(UserpassOptions.read(settings("VAULT_AUTH_USERNAME", "bob", "VAULT_AUTH_PASSWORD", SECRET)))
                .hasToString("user bob at auth/userpass (password)");
        assertThat(UserpassOptions.read(settings(
                        "VAULT_AUTH_USERNAME",
                        "bob",
                        "VAULT_AUTH_PASSWORD_FILE",
                        "/run/pw",
                        "VAULT_AUTH_PROVIDER",
                        "ldap")))
                .hasToString("user bob at auth/ldap (password from /run/pw)");
        assertThat(faults(UserpassOptions::read))
                .containsExactly(
                        "VAULT_AUTH_USERNAME is missing: set it to the user to log in to Vault as",
                        "VAULT_AUTH_PASSWORD is missing: set it to the user's password, or VAULT_AUTH_PASSWORD_FILE to a"
                                + " file that holds it");
        assertThat(faults(
                        UserpassOptions::read,
                        "VAULT_AUTH_USERNAME",
                        "../x",
                        "VAULT_AUTH_PASSWORD",
                        SECRET,
                        "VAULT_AUTH_PASSWORD_FILE",
                        "/run/pw"))
                .containsExactly(
                        "VAULT_AUTH_USERNAME is \"../x\", which cannot be part of a path in Vault",
                        "VAULT_AUTH_PASSWORD_FILE and VAULT_AUTH_PASSWORD are set: keep one of them");
    }
}
