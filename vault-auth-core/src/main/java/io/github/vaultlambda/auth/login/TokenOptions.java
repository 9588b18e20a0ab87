package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A token that is there already: for running locally, or beside an agent that keeps one fresh in a file. Immutable and
 * thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/tokens">Vault: tokens</a>
 */
public final class TokenOptions {
    private static final String VARIABLE = "VAULT_TOKEN";
    private static final String FILE_VARIABLE = "VAULT_TOKEN_FILE";

    private final SecretSource token;

    private TokenOptions(SecretSource token) {
        this.token = Objects.requireNonNull(token, "token");
    }

    /** The token that this source gives; it is asked anew whenever a token has ended or was refused. */
    public static TokenOptions of(SecretSource token) {
        return new TokenOptions(token);
    }

    /**
     * Reads {@code VAULT_TOKEN}, or {@code VAULT_TOKEN_FILE}, which names a file; when neither is set, the token is that of {@code
     * vault login}, in {@code .vault-token} in the directory that {@code HOME} names.
     */
    public static TokenOptions read(EnvironmentSettings settings) {
        SecretSettings.atMostOne(settings, VARIABLE, FILE_VARIABLE);
        SecretSource token = SecretSettings.variable(settings, VARIABLE);
        if (token == null) {
            token = SecretSettings.file(settings, FILE_VARIABLE);
        }
        if (token == null) {
            token = ofVaultLogin(settings);
        }
        return new TokenOptions(token == null ? new FixedSecret(SecretValue.of("")) : token);
    }

    private static @Nullable SecretSource ofVaultLogin(EnvironmentSettings settings) {
        if (settings.text(FILE_VARIABLE) != null) {
            return null; // a fault already
        }
        Path home = SecretSettings.path(settings, "HOME");
        Path file = home == null ? null : home.resolve(".vault-token");
        if (file != null && Files.exists(file)) {
            return new SecretFile(file);
        }
        settings.fault(
                VARIABLE + " is missing: set it to a token, or " + FILE_VARIABLE + " to a file that holds one, or run"
                        + " vault login" + (file == null ? "" : ", which writes " + file));
        return null;
    }

    /** Where the token comes from. */
    public SecretSource token() {
        return token;
    }

    /** Where the token comes from, where that is known; never the token. */
    @Override
    public String toString() {
        return token instanceof SecretFile ? "a token " + token : "a given token";
    }
}
