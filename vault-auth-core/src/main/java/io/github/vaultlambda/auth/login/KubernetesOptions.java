package io.github.vaultlambda.auth.login;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How to log in with the token of a Kubernetes service account. Immutable and thread-safe; each {@code with…} method gives a
 * changed copy.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/kubernetes">Vault: Kubernetes auth method</a>
 */
public final class KubernetesOptions {
    private static final String DEFAULT_MOUNT = "kubernetes";
    private static final String DEFAULT_TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    private final String role;
    private final String mount;
    private final JwtSource source;

    private KubernetesOptions(String role, String mount, JwtSource source) {
        this.role = Objects.requireNonNull(role, "role");
        this.mount = mount;
        this.source = Objects.requireNonNull(source, "source");
    }

    /** A login as this role at the mount {@code kubernetes}, with the token that Kubernetes puts into each pod. */
    public static KubernetesOptions of(String role) {
        return new KubernetesOptions(role, DEFAULT_MOUNT, JwtSource.file(Path.of(DEFAULT_TOKEN_FILE)));
    }

    /**
     * Reads {@code VAULT_AUTH_ROLE} (required), {@code VAULT_AUTH_PROVIDER} (the mount) and {@code VAULT_KUBERNETES_TOKEN_FILE},
     * which names the token's file.
     */
    public static KubernetesOptions read(EnvironmentSettings settings) {
        KubernetesOptions options = of(settings.requiredText(
                        "VAULT_AUTH_ROLE", "set it to the role of the Kubernetes auth method to log in as"))
                .withMount(LoginMount.read(settings, DEFAULT_MOUNT));
        Path file = SecretSettings.path(settings, "VAULT_KUBERNETES_TOKEN_FILE");
        return file == null ? options : options.withTokenFile(file);
    }

    /** This at another mount: the path of the auth method after {@code auth/}, which may be nested. */
    public KubernetesOptions withMount(String path) {
        return new KubernetesOptions(role, LoginMount.tidy(path), source);
    }

    /** This with the token of another file, such as that of a projected volume with an audience of its own. */
    public KubernetesOptions withTokenFile(Path file) {
        return withTokenSource(JwtSource.file(file));
    }

    /** This with tokens from another source. */
    public KubernetesOptions withTokenSource(JwtSource tokens) {
        return new KubernetesOptions(role, mount, tokens);
    }

    /** The role of the auth method to log in as. */
    public String role() {
        return role;
    }

    /** The path of the auth method after {@code auth/}, without slashes at its ends; default {@code kubernetes}. */
    public String mount() {
        return mount;
    }

    /** Where the token comes from; default {@code /var/run/secrets/kubernetes.io/serviceaccount/token}. */
    public JwtSource tokenSource() {
        return source;
    }

    /** Role, mount and the token's file; never the token. */
    @Override
    public String toString() {
        return "role " + role + " at auth/" + mount + " (Kubernetes, token"
                + (source instanceof SecretFile ? " " + source : " of the service account") + ")";
    }
}
