package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.config.EnvironmentSettings;
import org.jspecify.annotations.Nullable;

/**
 * How to log in with the TLS client certificate of the connection to Vault; the certificate itself belongs to the connection's
 * settings. Immutable and thread-safe; each {@code with…} method gives a changed copy.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/cert">Vault: TLS certificate auth method</a>
 */
public final class CertificateOptions {
    private static final String DEFAULT_MOUNT = "cert";

    private final @Nullable String role;
    private final String mount;

    private CertificateOptions(@Nullable String role, String mount) {
        this.role = role;
        this.mount = mount;
    }

    /** A login as whichever role of the mount {@code cert} the certificate fits. */
    public static CertificateOptions of() {
        return new CertificateOptions(null, DEFAULT_MOUNT);
    }

    /**
     * Reads {@code VAULT_AUTH_ROLE} and {@code VAULT_AUTH_PROVIDER} (the mount), and makes sure that the connection is given a
     * certificate: that {@code VAULT_CLIENT_CERT} and {@code VAULT_CLIENT_KEY} are not both unset. What else may be wrong with them
     * is found where the connection's settings are read.
     */
    public static CertificateOptions read(EnvironmentSettings settings) {
        if (settings.text("VAULT_CLIENT_CERT") == null && settings.text("VAULT_CLIENT_KEY") == null) {
            settings.fault("VAULT_CLIENT_CERT and VAULT_CLIENT_KEY are missing: set them to the PEM files of the client"
                    + " certificate to log in with and of its private key");
        }
        return new CertificateOptions(settings.text("VAULT_AUTH_ROLE"), LoginMount.read(settings, DEFAULT_MOUNT));
    }

    /** This with another role, or null for whichever fits. */
    public CertificateOptions withRole(@Nullable String name) {
        return new CertificateOptions(name, mount);
    }

    /** This at another mount: the path of the auth method after {@code auth/}, which may be nested. */
    public CertificateOptions withMount(String path) {
        return new CertificateOptions(role, LoginMount.tidy(path));
    }

    /** The name of the role ({@code auth/cert/certs/<name>}) to log in as, or null for whichever fits; default null. */
    public @Nullable String role() {
        return role;
    }

    /** The path of the auth method after {@code auth/}, without slashes at its ends; default {@code cert}. */
    public String mount() {
        return mount;
    }

    /** Role and mount. */
    @Override
    public String toString() {
        return (role == null ? "any fitting role" : "role " + role) + " at auth/" + mount + " (TLS certificate)";
    }
}
