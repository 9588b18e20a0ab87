package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to log in with a JSON Web Token. Immutable and thread-safe; each {@code with…} method gives a changed copy.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/jwt">Vault: JWT auth method</a>
 */
public final class JwtOptions {
    private static final String DEFAULT_MOUNT = "jwt";
    private static final String VARIABLE = "VAULT_AUTH_JWT";
    private static final String FILE_VARIABLE = "VAULT_AUTH_JWT_FILE";

    private final JwtSource source;
    private final @Nullable String role;
    private final String mount;

    private JwtOptions(JwtSource source, @Nullable String role, String mount) {
        this.source = Objects.requireNonNull(source, "source");
        this.role = role;
        this.mount = mount;
    }

    /** A login with tokens from this source, as the default role of the mount {@code jwt}. */
    public static JwtOptions of(JwtSource source) {
        return new JwtOptions(source, null, DEFAULT_MOUNT);
    }

    /**
     * Reads {@code VAULT_AUTH_JWT_FILE} or {@code VAULT_AUTH_JWT} (the token; one of them is required), {@code VAULT_AUTH_ROLE}
     * and {@code VAULT_AUTH_PROVIDER} (the mount).
     */
    public static JwtOptions read(EnvironmentSettings settings) {
        SecretSettings.atMostOne(settings, FILE_VARIABLE, VARIABLE);
        JwtSource source = SecretSettings.file(settings, FILE_VARIABLE);
        if (source == null) {
            source = SecretSettings.variable(settings, VARIABLE);
        }
        if (source == null) {
            if (settings.text(FILE_VARIABLE) == null) {
                settings.fault(FILE_VARIABLE + " is missing: set it to the file that holds the JWT to log in with, or "
                        + VARIABLE
                        + " to the JWT itself, or VAULT_AUTH_JWT_AUDIENCE to have STS issue one");
            }
            source = new FixedSecret(SecretValue.of(""));
        }
        return read(settings, source);
    }

    /** Reads {@code VAULT_AUTH_ROLE} and {@code VAULT_AUTH_PROVIDER} (the mount), for tokens from this source. */
    public static JwtOptions read(EnvironmentSettings settings, JwtSource source) {
        return new JwtOptions(source, settings.text("VAULT_AUTH_ROLE"), LoginMount.read(settings, DEFAULT_MOUNT));
    }

    /** This with another role, or null for the default role of the auth method. */
    public JwtOptions withRole(@Nullable String name) {
        return new JwtOptions(source, name, mount);
    }

    /** This at another mount: the path of the auth method after {@code auth/}, which may be nested. */
    public JwtOptions withMount(String path) {
        return new JwtOptions(source, role, LoginMount.tidy(path));
    }

    /** Where the token comes from. */
    public JwtSource source() {
        return source;
    }

    /** The role to log in as, or null for the default role of the auth method; default null. */
    public @Nullable String role() {
        return role;
    }

    /** The path of the auth method after {@code auth/}, without slashes at its ends; default {@code jwt}. */
    public String mount() {
        return mount;
    }

    /** Role, mount and the token's file; never the token. */
    @Override
    public String toString() {
        return (role == null ? "the default role" : "role " + role) + " at auth/" + mount + " (JWT"
                + (source instanceof SecretFile ? " " + source : "") + ")";
    }
}
