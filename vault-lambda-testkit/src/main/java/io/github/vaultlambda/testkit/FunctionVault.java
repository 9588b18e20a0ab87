package io.github.vaultlambda.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A Vault with an STS beside it, set up so that one function can log in with its IAM role and read the secrets that it is
 * given. Thread-safe.
 */
public final class FunctionVault implements AutoCloseable {
    /** The path of the AWS auth method. */
    public static final String AUTH_MOUNT = "aws";
    /** The Vault role that the function's IAM role is bound to. */
    public static final String VAULT_ROLE = "orders";
    /** What the auth method asks for in {@code X-Vault-AWS-IAM-Server-ID}. */
    public static final String SERVER_ID = "vault.example.com";

    private static final String POLICY = "orders";

    private final StsEmulator sts = StsEmulator.start();
    private final VaultStandIn vault;
    private final @Nullable TestCertificates certificates;
    private final String roleArn = sts.createRole("orders-function");
    private final Set<String> readable = new TreeSet<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private @Nullable ContainerCredentialsEmulator credentials;

    private FunctionVault(@Nullable TestCertificates certificates) {
        this.certificates = certificates;
        this.vault = certificates == null ? VaultStandIn.start() : VaultStandIn.startTls(certificates);
        vault.enableAwsAuth(AUTH_MOUNT, sts, SERVER_ID);
        vault.awsRole(
                AUTH_MOUNT,
                AwsRole.named(VAULT_ROLE).boundTo(roleArn).policies(POLICY).build());
    }

    /** Starts both on free ports of the loopback address. */
    public static FunctionVault start() {
        return new FunctionVault(null);
    }

    /** As {@link #start()}, but Vault is reached over HTTPS and has a certificate of an authority of its own. */
    public static FunctionVault startTls() {
        return startTls(TestCertificates.create());
    }

    /** As {@link #start()}, but Vault is reached over HTTPS and has a certificate of this authority. */
    public static FunctionVault startTls(TestCertificates authority) {
        return new FunctionVault(Objects.requireNonNull(authority, "authority"));
    }

    /** The Vault, to be set up further. */
    public VaultStandIn vault() {
        return vault;
    }

    /** The STS that Vault asks who logs in. */
    public StsEmulator sts() {
        return sts;
    }

    /** The authority that Vault's certificate is from; {@link IllegalStateException} when Vault speaks plain HTTP. */
    public TestCertificates certificates() {
        if (certificates == null) {
            throw new IllegalStateException("this Vault has no certificate");
        }
        return certificates;
    }

    /** The ARN of the function's IAM role. */
    public String roleArn() {
        return roleArn;
    }

    /**
     * Writes a secret, or the next version of it, and lets the function read it.
     *
     * @param path its path in Vault's API, such as {@code secret/data/orders/db}
     * @param fields its fields
     */
    public void giveSecret(String path, Map<String, ?> fields) {
        vault.putSecret(path, fields);
        synchronized (readable) {
            readable.add(path);
            vault.readable(POLICY, readable.toArray(new String[0]));
        }
    }

    /** Adds a variable of the function's own to {@link #environment()}, or puts one in the place of what is there. */
    public void giveVariable(String name, String value) {
        Objects.requireNonNull(value, "value");
        synchronized (readable) {
            variables.put(Objects.requireNonNull(name, "name"), value);
        }
    }

    /**
     * The variables of the function: where Vault is and as whom to log in, and new credentials of its IAM role; with HTTPS
     * also VAULT_CACERT_BYTES, the authority to trust; and those of {@link #giveVariable}.
     */
    public Map<String, String> environment() {
        Map<String, String> environment =
                new LinkedHashMap<>(sts.issueSession(roleArn).asEnvironment());
        environment.put("VAULT_ADDR", vault.address().toString());
        if (certificates != null) {
            environment.put("VAULT_CACERT_BYTES", certificates.rootPem());
        }
        environment.put("VAULT_AUTH_PROVIDER", AUTH_MOUNT);
        environment.put("VAULT_AUTH_ROLE", VAULT_ROLE);
        environment.put("VAULT_IAM_SERVER_ID", SERVER_ID);
        synchronized (readable) {
            environment.putAll(variables);
        }
        return environment;
    }

    /**
     * The endpoint from which the function takes credentials of its IAM role in place of those in {@link #environment()}; for
     * {@link LambdaEmulator.Builder#snapStart}. Started when it is asked for first, and stopped with the rest.
     */
    public ContainerCredentialsEmulator containerCredentials() {
        synchronized (readable) {
            ContainerCredentialsEmulator endpoint = credentials;
            if (endpoint == null) {
                endpoint = ContainerCredentialsEmulator.start(sts, roleArn);
                credentials = endpoint;
            }
            return endpoint;
        }
    }

    /** Stops all. */
    @Override
    public void close() {
        synchronized (readable) {
            if (credentials != null) {
                credentials.close();
            }
        }
        vault.close();
        sts.close();
    }
}
