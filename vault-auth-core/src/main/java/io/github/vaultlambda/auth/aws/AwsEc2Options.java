package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.LoginMount;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to log in with Vault's AWS auth method, type {@code ec2}. Immutable and thread-safe; each {@code with…} method gives a
 * changed copy.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/auth/aws#ec2-auth-method">Vault: AWS EC2 auth method</a>
 */
public final class AwsEc2Options {
    /** What proves that the login comes from the instance. */
    public enum Proof {
        /** The document with its signature in one PKCS#7 message; the default. */
        PKCS7,
        /** The document and its SHA-256 RSA signature. */
        IDENTITY
    }

    private static final String DEFAULT_MOUNT = "aws";
    private static final int MAX_NONCE = 128;

    private final String role;
    private final String mount;
    private final @Nullable SecretValue nonce;
    private final @Nullable Path nonceFile;
    private final Proof proof;
    private final URI metadata;

    private AwsEc2Options(
            String role,
            String mount,
            @Nullable SecretValue nonce,
            @Nullable Path nonceFile,
            Proof proof,
            URI metadata) {
        this.role = Objects.requireNonNull(role, "role");
        this.mount = mount;
        this.nonce = nonce;
        this.nonceFile = nonceFile;
        this.proof = Objects.requireNonNull(proof, "proof");
        this.metadata = Objects.requireNonNull(metadata, "metadata");
    }

    /** A login as this role at the mount {@code aws}, with a nonce of its own that this process keeps. */
    public static AwsEc2Options of(String role) {
        return new AwsEc2Options(role, DEFAULT_MOUNT, null, null, Proof.PKCS7, InstanceMetadata.DEFAULT_ADDRESS);
    }

    /**
     * Reads {@code VAULT_AUTH_PROVIDER} (the mount, default {@code aws}), {@code VAULT_AUTH_ROLE} (required), {@code
     * VAULT_AUTH_EC2_NONCE}, {@code VAULT_AUTH_EC2_NONCE_FILE}, {@code VAULT_AUTH_EC2_PROOF} ({@code pkcs7} or {@code identity}) and
     * {@code AWS_EC2_METADATA_SERVICE_ENDPOINT}; what is wrong becomes a fault of the settings.
     */
    public static AwsEc2Options read(EnvironmentSettings settings) {
        AwsEc2Options options = of(settings.requiredText(
                        "VAULT_AUTH_ROLE", "set it to the role of the AWS auth method to log in as"))
                .withMount(LoginMount.read(settings, DEFAULT_MOUNT))
                .withMetadataAddress(InstanceMetadata.readAddress(settings));
        String nonce = settings.text("VAULT_AUTH_EC2_NONCE");
        if (nonce != null) {
            if (nonce.length() > MAX_NONCE) {
                settings.fault("VAULT_AUTH_EC2_NONCE (value not shown) is longer than " + MAX_NONCE + " characters");
            } else {
                options = options.withNonce(nonce);
            }
        }
        String file = settings.text("VAULT_AUTH_EC2_NONCE_FILE");
        if (file != null) {
            try {
                options = options.withNonceFile(Path.of(file));
            } catch (InvalidPathException e) {
                settings.fault("VAULT_AUTH_EC2_NONCE_FILE is \"" + file + "\", which is no path of a file");
            }
        }
        String proof = settings.text("VAULT_AUTH_EC2_PROOF");
        if (proof != null) {
            if (proof.equalsIgnoreCase("identity")) {
                options = options.withProof(Proof.IDENTITY);
            } else if (!proof.equalsIgnoreCase("pkcs7")) {
                settings.fault("VAULT_AUTH_EC2_PROOF is \"" + proof + "\": write pkcs7 or identity");
            }
        }
        return options;
    }

    /** This at another mount: the path of the auth method after {@code auth/}, which may be nested. */
    public AwsEc2Options withMount(String path) {
        return new AwsEc2Options(role, LoginMount.tidy(path), nonce, nonceFile, proof, metadata);
    }

    /**
     * This with the nonce of the instance's first login: a secret, at most 128 characters.
     *
     * @throws IllegalArgumentException when it is empty, which Vault would take as a wish never to log in again, or too long
     */
    public AwsEc2Options withNonce(String value) {
        if (value.isEmpty() || value.length() > MAX_NONCE) {
            throw new IllegalArgumentException("a nonce has 1 to " + MAX_NONCE + " characters");
        }
        return new AwsEc2Options(role, mount, SecretValue.of(value), nonceFile, proof, metadata);
    }

    /**
     * This with a file in which the nonce outlives the process. When it is not there it is written, readable by its owner alone,
     * before the first login. Not used when a nonce is given.
     */
    public AwsEc2Options withNonceFile(@Nullable Path file) {
        return new AwsEc2Options(role, mount, nonce, file, proof, metadata);
    }

    /** This with another proof. */
    public AwsEc2Options withProof(Proof value) {
        return new AwsEc2Options(role, mount, nonce, nonceFile, value, metadata);
    }

    /** This with another address of the instance metadata service than {@code http://169.254.169.254}. */
    public AwsEc2Options withMetadataAddress(URI address) {
        return new AwsEc2Options(role, mount, nonce, nonceFile, proof, address);
    }

    /** The role of the auth method to log in as. */
    public String role() {
        return role;
    }

    /** The path of the auth method after {@code auth/}, without slashes at its ends. */
    public String mount() {
        return mount;
    }

    /** The nonce of the instance's first login, or null for one of our own. */
    public @Nullable SecretValue nonce() {
        return nonce;
    }

    /** The file that keeps the nonce, or null to keep it in memory. */
    public @Nullable Path nonceFile() {
        return nonceFile;
    }

    /** What proves that the login comes from the instance. */
    public Proof proof() {
        return proof;
    }

    /** Where the instance metadata service is. */
    public URI metadataAddress() {
        return metadata;
    }

    /** Role and mount; no nonce. */
    @Override
    public String toString() {
        return "role " + role + " at auth/" + mount + " (AWS EC2)";
    }
}
