package io.github.vaultlambda.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppRoleLoginTest extends ScriptedLogin {
    private static final String WRAPPING = "hvs.n0tf0rl0gs-wrapping";
    private static final String GONE = "wrapping token is not valid or does not exist";
    private static final String PATH = "auth/approle/role/orders/secret-id";
    private static final String UNWRAPPED = "{\"data\":{\"secret_id\":\"" + SECRET + "\",\"secret_id_ttl\":600}}";
    private static final AppRoleOptions OPTIONS = AppRoleOptions.of("role-id-1");

    @TempDir
    Path folder;

    private static SecretSource given(String secret) {
        return SecretSource.of(SecretValue.of(secret));
    }

    private static AppRoleLogin wrapped(@Nullable String path) {
        return new AppRoleLogin(OPTIONS.withWrappedSecretId(given(WRAPPING), path));
    }

    private static String madeBy(String path) {
        return "{\"data\":{\"creation_path\":\"" + path + "\",\"creation_ttl\":600}}";
    }

    @Test
    void sendsBothIds() throws IOException {
        vault.then(200, ACCEPTED);

        login(new AppRoleLogin(OPTIONS.withSecretId(given(SECRET)).withMount("team/approle")));

        assertThat(vault.call(0)).hasToString("PUT https://vault.example.com/v1/auth/team/approle/login");
        assertThat(json(0).text("role_id")).isEqualTo("role-id-1");
        assertThat(json(0).text("secret_id")).isEqualTo(SECRET);
    }

    @Test
    void sendsTheRoleIdAlone() throws IOException {
        vault.then(200, ACCEPTED);

        login(new AppRoleLogin(OPTIONS));

        assertThat(json(0).fields()).containsOnlyKeys("role_id");
    }

    @Test
    void readsTheSecretIdAtEachLogin() throws IOException {
        vault.then(200, ACCEPTED).then(200, ACCEPTED);
        Path file = Files.writeString(folder.resolve("secret-id"), "first-n0tf0rl0gs\n");
        AppRoleLogin login = new AppRoleLogin(OPTIONS.withSecretId(SecretSource.file(file)));

        login(login);
        Files.writeString(file, "second-n0tf0rl0gs\n");
        login(login);

        assertThat(json(0).text("secret_id")).isEqualTo("first-n0tf0rl0gs");
        assertThat(json(1).text("secret_id")).isEqualTo("second-n0tf0rl0gs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | invalid role or secret ID | that the secret id was made for this role
            400 | missing secret_id | this role has bind_secret_id=true
            500 | source address "10.0.0.1" unauthorized by CIDR restrictions on the role | secret_id_bound_cidrs
            403 | permission denied | is the path of an AppRole auth method
            404 | no handler for route "v1/auth/approle/login". route entry not found. | VAULT_ADDR ends with /v1
            500 | failed to determine alias name from login request | is the path of an AppRole auth method
            """)
    void saysWhatToFix(int status, String error, String hint) {
        VaultLoginException refused = refused(new AppRoleLogin(OPTIONS.withSecretId(given(SECRET))), status, error);

        assertThat(refused.hint()).contains(hint);
        assertThat(refused.mount()).isEqualTo("auth/approle");
        assertThat(refused.errors()).containsExactly(error);
    }

    @Test
    void hidesTheSecretIdThatVaultQuotes() {
        VaultLoginException refused = refused(
                new AppRoleLogin(OPTIONS.withSecretId(given(SECRET))), 400, "invalid secret_id \"" + SECRET + "\"");

        assertThat(refused.errors()).containsExactly("(a text that quotes what was sent is left out)");
        assertThat(refused.hint()).contains("is not used up");
    }

    // ------------------------------------------------------------------ response wrapping

    @Test
    void unwrapsTheSecretIdOnce() throws IOException {
        vault.then(200, UNWRAPPED).then(200, ACCEPTED).then(200, ACCEPTED);
        AppRoleLogin login = wrapped(null);

        login(login);
        login(login);

        assertThat(vault.call(0)).hasToString("POST https://vault.example.com/v1/sys/wrapping/unwrap");
        assertThat(vault.call(0).headers()).containsEntry("X-Vault-Token", WRAPPING);
        assertThat(body(0)).isEqualTo("{}");
        assertThat(json(1).text("secret_id")).isEqualTo(SECRET);
        assertThat(vault.call(1).headers()).doesNotContainKey("X-Vault-Token");
        assertThat(json(2).text("secret_id")).isEqualTo(SECRET);
        assertThat(vault.calls()).hasSize(3);
    }

    @Test
    void unwrapsOnceHoweverManyThreadsLogIn() throws Exception {
        vault.then(200, UNWRAPPED);
        for (int i = 0; i < 8; i++) {
            vault.then(200, ACCEPTED);
        }
        AppRoleLogin login = wrapped(null);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> logins = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                logins.add(threads.submit((Callable<?>) () -> login(login)));
            }
            for (Future<?> done : logins) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(vault.calls()).hasSize(9);
        assertThat(vault.calls().stream().filter(call -> call.toString().endsWith("unwrap")))
                .hasSize(1);
    }

    @Test
    void unwrapsANewTokenOfTheSource() throws IOException {
        vault.then(200, UNWRAPPED).then(200, ACCEPTED).then(200, ACCEPTED);
        vault.then(200, UNWRAPPED.replace(SECRET, "second-n0tf0rl0gs")).then(200, ACCEPTED);
        Queue<String> tokens = new ArrayDeque<>(List.of(WRAPPING, WRAPPING, WRAPPING + "2"));
        AppRoleLogin login =
                new AppRoleLogin(OPTIONS.withWrappedSecretId(deadline -> SecretValue.of(tokens.remove()), null));

        login(login);
        login(login);
        login(login);

        assertThat(vault.call(3).headers()).containsEntry("X-Vault-Token", WRAPPING + "2");
        assertThat(json(4).text("secret_id")).isEqualTo("second-n0tf0rl0gs");
    }

    @Test
    void looksWhereTheWrappingTokenComesFrom() throws IOException {
        vault.then(200, madeBy(PATH)).then(200, UNWRAPPED).then(200, ACCEPTED);

        login(wrapped("/" + PATH));

        assertThat(vault.call(0)).hasToString("PUT https://vault.example.com/v1/sys/wrapping/lookup");
        assertThat(json(0).text("token")).isEqualTo(WRAPPING);
        assertThat(vault.call(1)).hasToString("POST https://vault.example.com/v1/sys/wrapping/unwrap");
    }

    @Test
    void doesNotUnwrapWhatSomethingElseMade() {
        vault.then(200, madeBy("cubbyhole/mine")).then(200, "{\"data\":{}}");

        VaultLoginException refused = refused(wrapped(PATH));

        assertThat(refused)
                .hasMessageStartingWith("The token that wraps the secret id was made by cubbyhole/mine, not by " + PATH
                        + "; it was not unwrapped. Hint: somebody may have replaced it");
        assertThat(refused(wrapped(PATH))).hasMessageContaining("made by an unknown path");
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void warnsThatSomebodyElseMayHaveUnwrappedIt() {
        vault.then(400, errors(GONE)).then(400, errors(GONE));

        for (AppRoleLogin login : List.of(wrapped(PATH), wrapped(null))) {
            VaultLoginException refused = refused(login);
            assertThat(refused)
                    .hasMessageStartingWith("Vault refused the token that wraps the secret id with 400: " + GONE)
                    .hasMessageContaining("somebody else may have unwrapped it");
            assertThat(refused.status()).isEqualTo(400);
        }
        assertThat(vault.call(0).uri().getPath()).endsWith("lookup");
        assertThat(vault.call(1).uri().getPath()).endsWith("unwrap");
    }

    @Test
    void doesNotAccuseOthersWhenItsOwnAnswerGotLost() {
        vault.thenFail(new IOException("connection reset")).then(400, errors(GONE));
        AppRoleLogin login = wrapped(null);

        assertThatThrownBy(() -> login(login)).isInstanceOf(VaultUnavailableException.class);

        assertThat(refused(login).hint())
                .contains("an earlier request to unwrap it got no answer")
                .doesNotContain("somebody else");
    }

    @Test
    void triesAgainWhenVaultDidNothing() throws IOException {
        vault.then(503, errors("Vault is sealed")).then(200, UNWRAPPED).then(200, ACCEPTED);
        AppRoleLogin login = wrapped(null);

        assertThatThrownBy(() -> login(login)).isInstanceOf(VaultUnavailableException.class);
        login(login);

        assertThat(json(2).text("secret_id")).isEqualTo(SECRET);
    }

    @Test
    void saysWhenSomethingElseWasWrapped() {
        vault.then(200, "{\"data\":{\"password\":\"" + SECRET + "\"}}");

        assertThat(refused(wrapped(null)))
                .hasMessageStartingWith("The wrapping token wraps no secret id. Hint: it must come from the endpoint");
    }

    @Test
    void takesNoWrappingTokenThatIsNoHeader() {
        AppRoleLogin login = new AppRoleLogin(OPTIONS.withWrappedSecretId(given("n0tf0rl0gs\r\nX-Evil: 1"), null));

        assertThat(refused(login)).hasMessageContaining("that wraps the secret id is none of Vault's");
        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void forgetsTheSecretIdOnDemand() {
        vault.then(200, UNWRAPPED).then(200, ACCEPTED);
        AppRoleLogin login = wrapped(null);
        login(login);

        login.forget();

        assertThat(refused(login))
                .hasMessageStartingWith("The unwrapped secret id was forgotten, and its wrapping token is used");
    }

    // ------------------------------------------------------------------ variables

    @Test
    void readsItsVariables() {
        assertThat(AppRoleOptions.read(settings("VAULT_APPROLE_ROLE_ID", "id")))
                .hasToString("the role at auth/approle (AppRole, without secret id)");
        assertThat(AppRoleOptions.read(settings(
                        "VAULT_APPROLE_ROLE_ID",
                        "id",
                        "VAULT_APPROLE_SECRET_ID",
                        SECRET,
                        "VAULT_AUTH_PROVIDER",
                        "team/approle")))
                .hasToString("the role at auth/team/approle (AppRole, secret id)");
        assertThat(AppRoleOptions.read(
                        settings("VAULT_APPROLE_ROLE_ID", "id", "VAULT_APPROLE_SECRET_ID_FILE", "/run/id")))
                .hasToString("the role at auth/approle (AppRole, secret id from /run/id)");
        assertThat(AppRoleOptions.read(
                        settings("VAULT_APPROLE_ROLE_ID", "id", "VAULT_APPROLE_WRAPPED_SECRET_ID", WRAPPING)))
                .hasToString("the role at auth/approle (AppRole, wrapped secret id)");
        AppRoleOptions fromFile = AppRoleOptions.read(settings(
                "VAULT_APPROLE_ROLE_ID",
                "id",
                "VAULT_APPROLE_WRAPPED_SECRET_ID_FILE",
                "/run/token",
                "VAULT_APPROLE_SECRET_ID_WRAPPING_PATH",
                PATH));
        assertThat(fromFile).hasToString("the role at auth/approle (AppRole, wrapped secret id from /run/token)");
        assertThat(fromFile.wrappingPath()).isEqualTo(PATH);
        assertThat(fromFile.roleId()).isEqualTo("id");
    }

    @Test
    void namesItsFaults() {
        assertThat(faults(AppRoleOptions::read))
                .containsExactly("VAULT_APPROLE_ROLE_ID is missing: set it to the role id (vault read"
                        + " auth/approle/role/<name>/role-id)");
        assertThat(faults(
                        AppRoleOptions::read,
                        "VAULT_APPROLE_ROLE_ID",
                        "id",
                        "VAULT_APPROLE_SECRET_ID",
                        SECRET,
                        "VAULT_APPROLE_WRAPPED_SECRET_ID",
                        WRAPPING))
                .containsExactly(
                        "VAULT_APPROLE_SECRET_ID and VAULT_APPROLE_WRAPPED_SECRET_ID are set: keep one of them");
        assertThat(faults(
                        AppRoleOptions::read,
                        "VAULT_APPROLE_ROLE_ID",
                        "id",
                        "VAULT_APPROLE_SECRET_ID_WRAPPING_PATH",
                        PATH))
                .containsExactly("VAULT_APPROLE_SECRET_ID_WRAPPING_PATH is set, but neither"
                        + " VAULT_APPROLE_WRAPPED_SECRET_ID nor VAULT_APPROLE_WRAPPED_SECRET_ID_FILE is");
    }
}
