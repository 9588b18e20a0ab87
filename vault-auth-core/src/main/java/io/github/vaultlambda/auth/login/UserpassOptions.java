package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.Objects;

/**
 * How to log in with a user name and a password, for running locally. An LDAP, RADIUS or Okta mount takes the same login, so its
 * path serves as the mount as well. Immutable and thread-safe; each {@code with…} method gives a changed copy.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/userpass">Vault: userpass auth method</a>
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/ldap">Vault: LDAP auth method</a>
 */
public final class UserpassOptions {
    private static final String DEFAULT_MOUNT = "userpass";
    private static final String USER_VARIABLE = "VAULT_AUTH_USERNAME";
    private static final String PASSWORD_VARIABLE = "VAULT_AUTH_PASSWORD";
    private static final String PASSWORD_FILE_VARIABLE = "VAULT_AUTH_PASSWORD_FILE";

    private final String user;
    private final SecretSource password;
    private final String mount;

    private UserpassOptions(String user, SecretSource password, String mount) {
        this.user = user;
        this.password = Objects.requireNonNull(password, "password");
        this.mount = mount;
    }

    /**
     * A login as this user at the mount {@code userpass}.
     *
     * @throws IllegalArgumentException when the name cannot be part of a path: it is empty, begins or ends with a slash, or has
     *     {@code .} or {@code ..} or nothing between two slashes
     */
    public static UserpassOptions of(String user, SecretSource password) {
        if (!fitsIntoPath(user)) {
            throw new IllegalArgumentException("no user name that fits into a path: \"" + user + "\"");
        }
        return new UserpassOptions(user, password, DEFAULT_MOUNT);
    }

    /**
     * Reads {@code VAULT_AUTH_USERNAME}, {@code VAULT_AUTH_PASSWORD_FILE} or {@code VAULT_AUTH_PASSWORD} (these are required), and
     * {@code VAULT_AUTH_PROVIDER} (the mount).
     */
    public static UserpassOptions read(EnvironmentSettings settings) {
        String user = settings.requiredText(USER_VARIABLE, "set it to the user to log in to Vault as");
        if (!user.isEmpty() && !fitsIntoPath(user)) {
            settings.fault(USER_VARIABLE + " is \"" + user + "\", which cannot be part of a path in Vault");
        }
        SecretSettings.atMostOne(settings, PASSWORD_FILE_VARIABLE, PASSWORD_VARIABLE);
        SecretSource password = SecretSettings.file(settings, PASSWORD_FILE_VARIABLE);
        if (password == null) {
            password = SecretSettings.variable(settings, PASSWORD_VARIABLE);
        }
        if (password == null) {
            if (settings.text(PASSWORD_FILE_VARIABLE) == null) {
                settings.fault(PASSWORD_VARIABLE + " is missing: set it to the user's password, or "
                        + PASSWORD_FILE_VARIABLE + " to a file that holds it");
            }
            password = new FixedSecret(SecretValue.of(""));
        }
        return new UserpassOptions(user, password, LoginMount.read(settings, DEFAULT_MOUNT));
    }

    private static boolean fitsIntoPath(String user) {
        int start = 0;
        while (true) {
            int slash = user.indexOf('/', start);
            String part = user.substring(start, slash < 0 ? user.length() : slash);
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
            if (slash < 0) {
                return true;
            }
            start = slash + 1;
        }
    }

    /** This at another mount: the path of the auth method after {@code auth/}, which may be nested. */
    public UserpassOptions withMount(String path) {
        return new UserpassOptions(user, password, LoginMount.tidy(path));
    }

    /** The user to log in as. */
    public String user() {
        return user;
    }

    /** Where the password comes from. */
    public SecretSource password() {
        return password;
    }

    /** The path of the auth method after {@code auth/}, without slashes at its ends; default {@code userpass}. */
    public String mount() {
        return mount;
    }

    /** User and mount; never the password. */
    @Override
    public String toString() {
        return "user " + user + " at auth/" + mount + " (password"
                + (password instanceof SecretFile ? " " + password : "") + ")";
    }
}
