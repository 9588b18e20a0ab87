package io.github.vaultlambda.contract;

import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The secrets engines beside the two KV engines of the {@link Bench}, set up in the same way on each engine. */
final class SecretsEngines {
    static final String CREDENTIALS = "database/creds/orders";
    static final String STATIC_CREDENTIALS = "database/static-creds/reports";
    static final String CERTIFICATE = "pki/issue/orders";
    static final String DESTROYED = "apps/data/orders/destroyed";

    static final Duration TTL = Duration.ofHours(1);
    static final Duration MAX_TTL = Duration.ofHours(2);

    /** Lets read what {@link Bench#POLICY} does not; to be had beside it. */
    static final String POLICY = "engines";

    /** Lets read below {@code data/} alone, where the policies of the others are more generous. */
    static final String DATA_POLICY = "data-alone";

    /** Lets revoke leases, which Vault's default policy does not. */
    static final String REVOKE_POLICY = "revoke-leases";

    /** Lets read below {@code data/} and issue database credentials only when the answer is wrapped. */
    static final String WRAPPING_POLICY = "wrapping";

    private static final String RULES = """
            path "database/creds/*" { capabilities = ["read"] }
            path "database/static-creds/*" { capabilities = ["read"] }
            path "pki/issue/*" { capabilities = ["create", "update"] }
            """;
    private static final String DATA_RULES = """
            path "apps/data/orders/*" { capabilities = ["read"] }
            """;
    private static final String REVOKE_RULES = """
            path "sys/leases/revoke" { capabilities = ["update"] }
            """;
    private static final String WRAPPING_RULES = """
            path "apps/data/orders/*" { capabilities = ["read"] min_wrapping_ttl = "10s" max_wrapping_ttl = "100s" }
            path "database/creds/*" { capabilities = ["read"] min_wrapping_ttl = "10s" }
            """;

    private static final String MAKE_USER =
            "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'";

    private final VaultAdmin admin;
    private final DatabaseServer database;

    SecretsEngines(VaultEngine engine, VaultAdmin admin) {
        this.admin = admin;
        this.database = engine.database();
        admin.policy(POLICY, RULES);
        admin.policy(DATA_POLICY, DATA_RULES);
        admin.policy(REVOKE_POLICY, REVOKE_RULES);
        admin.policy(WRAPPING_POLICY, WRAPPING_RULES);
        setUpDatabase();
        setUpCertificates();
        setUpDestroyedVersion();
    }

    private void setUpDatabase() {
        admin.mount("database", "database");
        Map<String, Object> connection = new LinkedHashMap<>(database.connection());
        connection.put("allowed_roles", "*");
        admin.write("database/config/shop", connection);
        databaseRole("orders", TTL, MAX_TTL);
        staticRole("reports", Duration.ofHours(24));
    }

    private void setUpCertificates() {
        admin.mount("pki", "pki");
        admin.write("pki/root/generate/internal", Map.of("common_name", "contract.test", "key_type", "ec"));
        admin.write(
                "pki/roles/orders",
                Map.of(
                        "allowed_domains",
                        "contract.test",
                        "allow_subdomains",
                        true,
                        "key_type",
                        "ec",
                        "max_ttl",
                        "24h"));
    }

    private void setUpDestroyedVersion() {
        String name = "orders/destroyed";
        admin.writeVersioned(Bench.VERSIONED, name, Map.of("password", TestSecrets.mint("destroyed-")));
        admin.write(Bench.VERSIONED + "/destroy/" + name, Map.of("versions", new int[] {1}));
    }

    /** The database that Vault makes users in. */
    DatabaseServer database() {
        return database;
    }

    /** Writes a dynamic role; a lease lasts for the TTL, and for the maximum when it is renewed. Gives its path for reading. */
    String databaseRole(String name, Duration ttl, Duration maxTtl) {
        admin.write(
                "database/roles/" + name,
                Map.of(
                        "db_name",
                        "shop",
                        "creation_statements",
                        MAKE_USER,
                        "default_ttl",
                        ttl.toSeconds() + "s",
                        "max_ttl",
                        maxTtl.toSeconds() + "s"));
        return "database/creds/" + name;
    }

    /**
     * Makes a user of the database and a static role of the same name; Vault changes the password now and after each period, which
     * is five seconds at least. Gives the role's path for reading.
     */
    String staticRole(String name, Duration period) {
        database.addUser(name);
        admin.write(
                "database/static-roles/" + name,
                Map.of("db_name", "shop", "username", name, "rotation_period", period.toSeconds() + "s"));
        return "database/static-creds/" + name;
    }

    /** Changes the password of a static role now. */
    void rotate(String name) {
        admin.write("database/rotate-role/" + name, Map.of());
    }

    /** Issues database credentials to nobody in particular and gives their lease. */
    String lease() {
        return admin.read(CREDENTIALS).path("lease_id").asText();
    }

    /** The same; the lease is revoked already. */
    String revokedLease() {
        String lease = lease();
        revoke(lease);
        return lease;
    }

    /** Revokes a lease as an operator does; it is over when this returns. */
    void revoke(String lease) {
        admin.write("sys/leases/revoke", Map.of("lease_id", lease, "sync", true));
    }
}
