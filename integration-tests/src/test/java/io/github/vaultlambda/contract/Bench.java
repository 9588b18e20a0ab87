package io.github.vaultlambda.contract;

import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.auth.login.SecretSource;
import io.github.vaultlambda.auth.login.TokenLogin;
import io.github.vaultlambda.auth.login.TokenOptions;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An engine that runs, set up with all that the contracts need: the same mounts, policies, roles and secrets for each. */
final class Bench implements AutoCloseable {
    static final String SERVER_ID = "vault.contract.test";
    static final String AUTH_MOUNT = "aws";
    static final String NESTED_AUTH_MOUNT = "team/aws";
    static final String ROLE = "orders";
    static final String SHORT_ROLE = "orders-short";
    static final Duration SHORT_TTL = Duration.ofSeconds(60);
    static final String ASSUMED_ROLE = "reports";
    static final String POLICY = "orders";

    static final String FUNCTION = "orders-function";
    static final String OTHER_FUNCTION = "billing-function";
    static final String ASSUMED_FUNCTION = "reports-function";

    static final String VERSIONED = "apps";
    static final String UNVERSIONED = "legacy";
    static final String SECRET = "apps/data/orders/db";
    static final String OLD_SECRET = "legacy/orders/db";
    static final String DELETED = "apps/data/orders/deleted";
    static final String MISSING = "apps/data/orders/missing";
    static final String WITHOUT_DATA = "apps/orders/db";
    static final String FORBIDDEN = "apps/data/billing/key";

    private static final String RULES = """
            path "apps/data/orders/*" { capabilities = ["read"] }
            path "apps/orders/*" { capabilities = ["read"] }
            path "legacy/orders/*" { capabilities = ["read"] }
            """;

    private final VaultEngine engine;
    private final TestCertificates authority;
    private final TlsFiles tlsFiles;
    private final VaultAdmin admin;
    private final RawVault raw;
    private final AwsIdentity bound;
    private final AwsIdentity unbound;
    private @Nullable OtherMethods methods;
    private @Nullable Ec2Desk ec2;
    private @Nullable SecretsEngines engines;
    private final String password = TestSecrets.mint("password-");
    private final String oldPassword = TestSecrets.mint("old-password-");

    private Bench(VaultEngine engine, TestCertificates authority) {
        this.engine = engine;
        this.authority = authority;
        this.tlsFiles = new TlsFiles(authority);
        this.raw = new RawVault(engine.address());
        this.admin = new VaultAdmin(raw, engine.rootToken());
        this.bound = engine.sessionOf(FUNCTION);
        this.unbound = engine.sessionOf(OTHER_FUNCTION);
    }

    /** Starts the engine and sets it up; the bench closes it. */
    static Bench start(VaultEngine engine) {
        try {
            TestCertificates authority = TestCertificates.create();
            engine.start(authority);
            Bench bench = new Bench(engine, authority);
            bench.setUpSecrets();
            bench.setUpLogins();
            bench.methods = new OtherMethods(bench);
            bench.ec2 = new Ec2Desk(bench);
            bench.engines = new SecretsEngines(engine, bench.admin());
            return bench;
        } catch (RuntimeException | Error failure) {
            engine.close();
            throw failure;
        }
    }

    private void setUpSecrets() {
        admin.mountKv(VERSIONED, 2);
        admin.mountKv(UNVERSIONED, 1);
        admin.writeVersioned(VERSIONED, "orders/db", Map.of("username", "orders", "password", password));
        admin.writeVersioned(VERSIONED, "orders/deleted", Map.of("password", TestSecrets.mint("deleted-")));
        admin.deleteLatestVersion(VERSIONED, "orders/deleted");
        admin.writeVersioned(VERSIONED, "billing/key", Map.of("key", TestSecrets.mint("billing-")));
        admin.writeUnversioned(UNVERSIONED, "orders/db", Map.of("username", "orders", "password", oldPassword));
        admin.policy(POLICY, RULES);
    }

    private void setUpLogins() {
        Duration hour = Duration.ofHours(1);
        String arn = engine.roleArn(FUNCTION);
        for (String mount : new String[] {AUTH_MOUNT, NESTED_AUTH_MOUNT}) {
            admin.enableAws(mount, engine.stsEndpointForVault(), SERVER_ID);
            admin.awsRole(mount, ROLE, arn, POLICY, hour);
        }
        admin.awsRole(AUTH_MOUNT, SHORT_ROLE, arn, POLICY, SHORT_TTL);
        admin.awsRole(AUTH_MOUNT, ASSUMED_ROLE, engine.roleArn(ASSUMED_FUNCTION), POLICY, hour);
    }

    /** How to reach this engine. */
    VaultConfig.Builder config() {
        return VaultConfig.builder().address(engine.address()).requestTimeout(Duration.ofSeconds(30));
    }

    /** A login that succeeds, to be spoilt by the test. */
    AwsIamOptions login() {
        return loginAs(ROLE);
    }

    /** The same for another role of Vault. */
    AwsIamOptions loginAs(String role) {
        return AwsIamOptions.of(role).withMount(AUTH_MOUNT).withIamServerId(SERVER_ID);
    }

    /** A session of the bound function. */
    ContractSession session() {
        return session(login());
    }

    ContractSession session(AwsIamOptions login) {
        return session(login, bound);
    }

    ContractSession session(AwsIamOptions login, AwsIdentity identity) {
        return session(login, identity.asSource());
    }

    ContractSession session(AwsIamOptions login, AwsCredentialsSource credentials) {
        return session(config(), platform -> new AwsIamLogin(login, credentials, platform.clock()));
    }

    /** A session of the bound function that reaches Vault in another way. */
    ContractSession session(VaultConfig.Builder config) {
        return session(config, login());
    }

    ContractSession session(VaultConfig.Builder config, AwsIamOptions login) {
        return session(config.build(), login);
    }

    ContractSession session(VaultConfig config, AwsIamOptions login) {
        return new ContractSession(config, platform -> new AwsIamLogin(login, bound.asSource(), platform.clock()));
    }

    /** A session with any login method that needs nothing of the platform. */
    ContractSession session(LoginMethod login) {
        return session(config(), platform -> login);
    }

    /** A session with a token that is given. */
    ContractSession sessionWith(String token) {
        return session(new TokenLogin(TokenOptions.of(SecretSource.of(SecretValue.of(token)))));
    }

    /** A session with any login method. */
    ContractSession session(VaultConfig.Builder config, Function<Platform, LoginMethod> login) {
        return new ContractSession(config.build(), login);
    }

    VaultEngine engine() {
        return engine;
    }

    /** Issues the certificates of the engine's TLS doors. */
    TestCertificates authority() {
        return authority;
    }

    /** What is set up beside the AWS auth method. */
    OtherMethods methods() {
        return Objects.requireNonNull(methods);
    }

    /** Instances, and the auth method for them. */
    Ec2Desk ec2() {
        return Objects.requireNonNull(ec2);
    }

    /** The secrets engines beside KV. */
    SecretsEngines engines() {
        return Objects.requireNonNull(engines);
    }

    /** The authority's certificate and those of clients as files. */
    TlsFiles tlsFiles() {
        return tlsFiles;
    }

    VaultAdmin admin() {
        return admin;
    }

    RawVault raw() {
        return raw;
    }

    /** Credentials of the IAM role that the Vault roles are bound to. */
    AwsIdentity bound() {
        return bound;
    }

    /** Genuine credentials of another IAM role. */
    AwsIdentity unbound() {
        return unbound;
    }

    /** The password in {@link #SECRET}. */
    String password() {
        return password;
    }

    /** The password in {@link #OLD_SECRET}. */
    String oldPassword() {
        return oldPassword;
    }

    @Override
    public void close() {
        if (methods != null) {
            methods.close();
        }
        if (ec2 != null) {
            ec2.close();
        }
        tlsFiles.close();
        engine.close();
    }
}
