package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to log in with Vault's AppRole auth method. Immutable and thread-safe; each {@code with…} method gives a changed copy.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/approle">Vault: AppRole auth method</a>
 */
public final class AppRoleOptions {
    private static final String DEFAULT_MOUNT = "approle";
    private static final String SECRET_ID = "VAULT_APPROLE_SECRET_ID";
    private static final String SECRET_ID_FILE = "VAULT_APPROLE_SECRET_ID_FILE";
    private static final String WRAPPED = "VAULT_APPROLE_WRAPPED_SECRET_ID";
    private static final String WRAPPED_FILE = "VAULT_APPROLE_WRAPPED_SECRET_ID_FILE";
    private static final String WRAPPING_PATH = "VAULT_APPROLE_SECRET_ID_WRAPPING_PATH";

    private final String roleId;
    private final @Nullable SecretSource secretId;
    private final boolean wrapped;
    private final @Nullable String wrappingPath;
    private final String mount;

    private AppRoleOptions(
            String roleId,
            @Nullable SecretSource secretId,
            boolean wrapped,
            @Nullable String wrappingPath,
            String mount) {
        this.roleId = Objects.requireNonNull(roleId, "roleId");
        this.secretId = secretId;
        this.wrapped = wrapped;
        this.wrappingPath = wrappingPath;
        this.mount = mount;
    }

    /** A login with this role id alone at the mount {@code approle}, for a role with {@code bind_secret_id=false}. */
    public static AppRoleOptions of(String roleId) {
        return new AppRoleOptions(roleId, null, false, null, DEFAULT_MOUNT);
    }

    /**
     * Reads {@code VAULT_APPROLE_ROLE_ID} (required), at most one of {@code VAULT_APPROLE_SECRET_ID}, {@code
     * VAULT_APPROLE_SECRET_ID_FILE}, {@code VAULT_APPROLE_WRAPPED_SECRET_ID} and {@code VAULT_APPROLE_WRAPPED_SECRET_ID_FILE},
     * with one of the last two perhaps {@code VAULT_APPROLE_SECRET_ID_WRAPPING_PATH}, and {@code VAULT_AUTH_PROVIDER} (the mount).
     */
    public static AppRoleOptions read(EnvironmentSettings settings) {
        AppRoleOptions options = of(settings.requiredText(
                        "VAULT_APPROLE_ROLE_ID", "set it to the role id (vault read auth/approle/role/<name>/role-id)"))
                .withMount(LoginMount.read(settings, DEFAULT_MOUNT));
        SecretSettings.atMostOne(settings, SECRET_ID, SECRET_ID_FILE, WRAPPED, WRAPPED_FILE);
        SecretSource plain = SecretSettings.variable(settings, SECRET_ID);
        if (plain == null) {
            plain = SecretSettings.file(settings, SECRET_ID_FILE);
        }
        if (plain != null) {
            options = options.withSecretId(plain);
        }
        SecretSource token = SecretSettings.variable(settings, WRAPPED);
        if (token == null) {
            token = SecretSettings.file(settings, WRAPPED_FILE);
        }
        String path = settings.text(WRAPPING_PATH);
        if (token != null) {
            return options.withWrappedSecretId(token, path);
        }
        if (path != null) {
            settings.fault(WRAPPING_PATH + " is set, but neither " + WRAPPED + " nor " + WRAPPED_FILE + " is");
        }
        return options;
    }

    /** This at another mount: the path of the auth method after {@code auth/}, which may be nested. */
    public AppRoleOptions withMount(String path) {
        return new AppRoleOptions(roleId, secretId, wrapped, wrappingPath, LoginMount.tidy(path));
    }

    /** This with a secret id, which is asked for at each login. */
    public AppRoleOptions withSecretId(SecretSource source) {
        return new AppRoleOptions(roleId, Objects.requireNonNull(source, "source"), false, null, mount);
    }

    /**
     * This with a response-wrapped secret id. The wrapping token is asked for at each login, but unwrapped only when it is another
     * one than before; the secret id is kept in memory for the logins that follow, until the login is told to forget.
     *
     * @param wrappingToken where the wrapping token comes from; it can be used once, so each process needs its own
     * @param creationPath the path that must have made the wrapping token, such as {@code auth/approle/role/orders/secret-id}, or
     *     null to accept any
     */
    public AppRoleOptions withWrappedSecretId(SecretSource wrappingToken, @Nullable String creationPath) {
        return new AppRoleOptions(
                roleId,
                Objects.requireNonNull(wrappingToken, "wrappingToken"),
                true,
                creationPath == null ? null : LoginMount.tidy(creationPath),
                mount);
    }

    /** The role's id. */
    public String roleId() {
        return roleId;
    }

    /** Where the secret id, or the token that wraps it, comes from; null (the default) for a login without one. */
    public @Nullable SecretSource secretId() {
        return secretId;
    }

    /** Whether {@link #secretId} gives a wrapping token; default no. */
    public boolean isWrapped() {
        return wrapped;
    }

    /** The path that must have made the wrapping token, or null to accept any; default null. */
    public @Nullable String wrappingPath() {
        return wrappingPath;
    }

    /** The path of the auth method after {@code auth/}, without slashes at its ends; default {@code approle}. */
    public String mount() {
        return mount;
    }

    /** The mount and what kind of secret id there is; neither of the two ids. */
    @Override
    public String toString() {
        String kind = secretId == null ? "without secret id" : wrapped ? "wrapped secret id" : "secret id";
        return "the role at auth/" + mount + " (AppRole, " + kind
                + (secretId instanceof SecretFile ? " " + secretId : "") + ")";
    }
}
