package io.github.vaultlambda.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLoginTest extends ScriptedLogin {
    private static final String TOKEN = "hvs.n0tf0rl0gs";
    private static final TokenLogin LOGIN = new TokenLogin(TokenOptions.of(SecretSource.of(SecretValue.of(TOKEN))));
    private static final String DENIED = "1 error occurred:\n\t* permission denied\n\n";
    private static final String INVALID = "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n";

    @TempDir
    Path folder;

    private static String life(String fields) {
        return "{\"data\":{\"id\":\"" + TOKEN + "\",\"accessor\":\"accessor-1\"," + fields + "}}";
    }

    @Test
    void asksVaultForTheTokensLife() {
        vault.then(
                200, life("\"ttl\":1200,\"expire_time\":\"2026-03-01T12:20:00Z\",\"renewable\":true,\"num_uses\":0"));

        VaultToken token = login(LOGIN);

        assertThat(vault.call(0)).hasToString("GET https://vault.example.com/v1/auth/token/lookup-self");
        assertThat(vault.call(0).headers()).containsEntry("X-Vault-Token", TOKEN);
        assertThat(token.value().reveal()).isEqualTo(TOKEN);
        assertThat(token.accessor()).isEqualTo("accessor-1");
        assertThat(token.ttl()).isEqualTo(Duration.ofMinutes(20));
        assertThat(token.expiresAt()).isEqualTo("2026-03-01T12:20:00Z");
        assertThat(token.renewable()).isTrue();
        assertThat(token.isCounted()).isFalse();
    }

    @Test
    void aRootTokenHasNoEnd() {
        vault.then(200, life("\"ttl\":0,\"expire_time\":null,\"num_uses\":0"));

        VaultToken token = login(LOGIN);

        assertThat(token.expiresAt()).isNull();
        assertThat(token.renewable()).isFalse();
    }

    @Test
    void aTokenInItsLastSecondHasAnEnd() {
        vault.then(200, life("\"ttl\":0,\"expire_time\":\"2026-03-01T12:00:00.4Z\",\"num_uses\":0"));

        assertThat(login(LOGIN).ttl()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void countsTheUsesThatAreLeft() {
        vault.then(200, life("\"ttl\":60,\"num_uses\":2"));

        VaultToken token = login(LOGIN);

        assertThat(token.isCounted()).isTrue();
        assertThat(token.takeUse()).isTrue();
        assertThat(token.isUsedUp()).isFalse();
        assertThat(token.takeUse()).isTrue();
        assertThat(token.isUsedUp()).isTrue();
        assertThat(token.takeUse()).isFalse();
    }

    @Test
    void saysWhenTheLookUpWasTheLastUse() {
        vault.then(200, life("\"ttl\":60,\"num_uses\":-1"));

        assertThat(refused(LOGIN)).hasMessageStartingWith("No use is left of a given token. Hint: asking Vault");
    }

    @Test
    void aTokenThatMayNotLookItselfUpHasNoKnownEnd() {
        vault.then(403, errors(DENIED));

        VaultToken token = login(LOGIN);

        assertThat(token.value().reveal()).isEqualTo(TOKEN);
        assertThat(token.accessor()).isNull();
        assertThat(token.expiresAt()).isNull();
        assertThat(token.renewable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {INVALID, "bad token"})
    void saysThatVaultDoesNotKnowTheToken(String error) {
        VaultLoginException refused = refused(LOGIN, 403, error);

        assertThat(refused).hasMessageStartingWith("Vault refused a given token with 403: ");
        assertThat(refused.hint()).contains("it has expired, was revoked, or is of another Vault or namespace");
        assertThat(refused.mount()).isEqualTo("auth/token");
        assertThat(refused.path()).isEqualTo("auth/token/lookup-self");
    }

    @Test
    void troubleOfVaultIsNoRefusal() {
        vault.then(503, errors("Vault is sealed"));

        assertThatThrownBy(() -> login(LOGIN)).isInstanceOf(VaultUnavailableException.class);
    }

    @Test
    void readsTheFileAtEachLogin() throws IOException {
        vault.then(200, life("\"ttl\":60")).then(200, life("\"ttl\":60"));
        Path file = Files.writeString(folder.resolve("token"), "hvs.n0tf0rl0gs-1\n");
        TokenLogin login = new TokenLogin(TokenOptions.of(SecretSource.file(file)));

        VaultToken first = login(login);
        Files.writeString(file, "hvs.n0tf0rl0gs-2\n");
        VaultToken second = login(login);

        assertThat(first.value().reveal()).isEqualTo("hvs.n0tf0rl0gs-1");
        assertThat(second.value().reveal()).isEqualTo("hvs.n0tf0rl0gs-2");
        assertThat(login.describe()).isEqualTo("a token from " + file);
    }

    @Test
    void aSessionTakesTheFreshTokenOfTheFileWhenTheOldOneIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "hvs.n0tf0rl0gs-1");
        vault.then(200, life("\"ttl\":600"))
                .then(call -> {
                    Files.writeString(file, "hvs.n0tf0rl0gs-2");
                    return ScriptedTransport.reply(403, errors(INVALID));
                })
                .then(200, life("\"ttl\":600"))
                .then(200, "{\"data\":{\"a\":\"b\"}}");
        VaultConfig config = VaultConfig.builder()
                .address(URI.create("https://vault.example.com"))
                .revokeOnClose(true)
                .build();
        try (VaultSession session = VaultSession.of(
                config, new TokenLogin(TokenOptions.of(SecretSource.file(file))), vault.platform(clock))) {
            session.token(deadline());
            clock.advance(Duration.ofSeconds(1));
            session.client().send(VaultRequest.get("secret/x"), session.client().newDeadline());
        }

        assertThat(vault.call(3).headers()).containsEntry("X-Vault-Token", "hvs.n0tf0rl0gs-2");
        assertThat(vault.calls()).as("nothing is revoked").hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"n0tf0rl0gs\r\nX-Evil: 1", "n0tf0rl0gs two", "n0tf0rl0gs-é"})
    void takesNoTokenThatIsNoHeader(String text) {
        TokenLogin login = new TokenLogin(TokenOptions.of(SecretSource.of(SecretValue.of(text))));

        assertThat(refused(login)).hasMessageStartingWith("The token to log in with is none of Vault's");
        assertThat(vault.calls()).isEmpty();
    }

    @Test
    void readsItsVariables() throws IOException {
        assertThat(TokenOptions.read(settings("VAULT_TOKEN", TOKEN, "HOME", folder.toString())))
                .hasToString("a given token");
        assertThat(TokenOptions.read(settings("VAULT_TOKEN_FILE", "/run/token")))
                .hasToString("a token from /run/token");
        Path helper = Files.writeString(folder.resolve(".vault-token"), TOKEN);
        assertThat(TokenOptions.read(settings("HOME", folder.toString()))).hasToString("a token from " + helper);
    }

    @Test
    void namesItsFaults() {
        assertThat(faults(TokenOptions::read))
                .containsExactly(
                        "VAULT_TOKEN is missing: set it to a token, or VAULT_TOKEN_FILE to a file that holds one,"
                                + " or run vault login");
        assertThat(faults(TokenOptions::read, "HOME", folder.toString()))
                .containsExactly(
                        "VAULT_TOKEN is missing: set it to a token, or VAULT_TOKEN_FILE to a file that holds one,"
                                + " or run vault login, which writes " + folder.resolve(".vault-token"));
        assertThat(faults(TokenOptions::read, "VAULT_TOKEN", TOKEN, "VAULT_TOKEN_FILE", "/run/token"))
                .containsExactly("VAULT_TOKEN and VAULT_TOKEN_FILE are set: keep one of them");
    }
}
