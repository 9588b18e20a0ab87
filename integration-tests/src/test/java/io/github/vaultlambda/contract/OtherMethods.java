package io.github.vaultlambda.contract;

import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The auth methods beside AWS, set up in the same way on each engine, and what is needed to log in to them. */
final class OtherMethods implements AutoCloseable {
    static final String ROLE = "orders";
    static final String USER = "ann";
    static final String ISSUER = "https://issuer.contract.test";
    static final String CLIENT = "orders.contract.test";
    static final String APPROLE = "auth/approle/role/orders/secret-id";

    private final Bench bench;
    private final JwtIssuer issuer = JwtIssuer.named("issuer");
    private final String password = SecretsLedger.add(TestSecrets.mint("ann-"));
    private final @Nullable KubernetesCluster cluster;
    private final String roleId;
    private final String openRoleId;

    OtherMethods(Bench bench) {
        this.bench = bench;
        VaultAdmin admin = bench.admin();

        admin.enableAuth("approle", "approle");
        admin.write("auth/approle/role/orders", tokens(Map.of()));
        admin.write(
                "auth/approle/role/open", tokens(Map.of("bind_secret_id", false, "token_bound_cidrs", "0.0.0.0/0")));
        this.roleId = roleIdOf("orders");
        this.openRoleId = roleIdOf("open");

        admin.enableAuth("userpass", "userpass");
        addUser(USER, password);

        admin.enableAuth("jwt", "jwt");
        admin.write(
                "auth/jwt/config",
                Map.of("jwt_validation_pubkeys", List.of(issuer.publicPem()), "bound_issuer", ISSUER));
        admin.write(
                "auth/jwt/role/orders",
                tokens(Map.of(
                        "role_type",
                        "jwt",
                        "user_claim",
                        "sub",
                        "bound_audiences",
                        List.of("vault"),
                        "bound_claims",
                        Map.of("env", "test"))));

        admin.enableAuth("cert", "cert");
        admin.write(
                "auth/cert/certs/orders",
                tokens(Map.of("certificate", bench.authority().rootPem(), "allowed_common_names", CLIENT)));

        String host = bench.engine().thisHost();
        this.cluster = host == null ? null : KubernetesCluster.start(host, JwtIssuer.named("cluster"));
        if (cluster != null) {
            admin.enableAuth("kubernetes", "kubernetes");
            admin.write(
                    "auth/kubernetes/config",
                    Map.of(
                            "kubernetes_host", cluster.address().toString(),
                            "pem_keys", List.of(cluster.publicPem()),
                            "token_reviewer_jwt", cluster.reviewerToken(),
                            "disable_local_ca_jwt", true));
            admin.write(
                    "auth/kubernetes/role/orders",
                    tokens(Map.of(
                            "bound_service_account_names", List.of("orders"),
                            "bound_service_account_namespaces", List.of("shop"),
                            "audience", KubernetesCluster.AUDIENCE)));
        }
    }

    private static Map<String, Object> tokens(Map<String, ?> role) {
        Map<String, Object> settings = new LinkedHashMap<>(role);
        settings.put("token_policies", List.of(Bench.POLICY));
        settings.put("token_ttl", 3600);
        return settings;
    }

    private String roleIdOf(String role) {
        return bench.admin()
                .read("auth/approle/role/" + role + "/role-id")
                .at("/data/role_id")
                .asText();
    }

    /** Makes a user, or gives him another password. */
    void addUser(String name, String newPassword) {
        bench.admin().write("auth/userpass/users/" + name, tokens(Map.of("password", SecretsLedger.add(newPassword))));
    }

    /** The role id of the role {@code orders}, which wants a secret id. */
    String roleId() {
        return roleId;
    }

    /** The role id of a role that goes without secret ids. */
    String openRoleId() {
        return openRoleId;
    }

    /** A new secret id of the role {@code orders}. */
    String secretId(Map<String, ?> settings) {
        return bench.admin().write(APPROLE, settings).at("/data/secret_id").asText();
    }

    /** A token that wraps a new secret id. */
    String wrappedSecretId() {
        return bench.admin().writeWrapped(APPROLE, Map.of());
    }

    /** {@link #USER}'s. */
    String password() {
        return password;
    }

    /** Whose tokens the JWT auth method takes. */
    JwtIssuer issuer() {
        return issuer;
    }

    /** What a token must say to log in as the role {@code orders}; may be changed. */
    static Map<String, Object> claims() {
        long now = Instant.now().getEpochSecond();
        return new LinkedHashMap<>(Map.of(
                "iss",
                ISSUER,
                "sub",
                "function-1",
                "aud",
                "vault",
                "env",
                "test",
                "iat",
                now - 60,
                "exp",
                now + 600,
                "jti",
                UUID.randomUUID().toString()));
    }

    /** The cluster behind the Kubernetes auth method, or null where Vault cannot reach this machine. */
    @Nullable
    KubernetesCluster cluster() {
        return cluster;
    }

    @Override
    public void close() {
        if (cluster != null) {
            cluster.close();
        }
    }
}
