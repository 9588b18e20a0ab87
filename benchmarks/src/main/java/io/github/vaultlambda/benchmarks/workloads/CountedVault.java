package io.github.vaultlambda.benchmarks.workloads;

import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;

/** A Vault with ten secrets and a database, and one user who may read them; it counts what it is asked. */
final class CountedVault implements AutoCloseable {
    static final String SECRET = "secret/data/orders/db";
    static final String CREDENTIALS = "database/creds/orders";
    static final String USER = "orders";
    private static final int SECRETS = 10;
    /** The count is kept apart from time to time, because the stand-in keeps each request. */
    private static final int MANY = 500;

    private final String password = TestSecrets.mint("password-");
    private final VaultStandIn vault;
    private int counted;
    private int version;

    CountedVault(InstantSource clock) {
        vault = VaultStandIn.builder().clock(clock).start();
        vault.readable("orders", SECRET.substring(0, SECRET.lastIndexOf('/')) + "/*", CREDENTIALS);
        vault.enableAuth("userpass", "userpass");
        vault.write(
                "auth/userpass/users/" + USER,
                Map.of("password", password, "token_policies", "orders", "token_ttl", "1h", "token_max_ttl", "24h"));
        for (int i = 0; i < SECRETS; i++) {
            vault.putSecret(SECRET + i, Map.of("version", "0"));
        }
        vault.enableDatabase("database");
        vault.write("database/roles/orders", Map.of("db_name", "db", "default_ttl", "1h", "max_ttl", "24h"));
    }

    URI address() {
        return vault.address();
    }

    String password() {
        return password;
    }

    /** Gives all secrets another value. */
    void rotate() {
        version++;
        for (int i = 0; i < SECRETS; i++) {
            vault.putSecret(SECRET + i, Map.of("version", Integer.toString(version)));
        }
    }

    int version() {
        return version;
    }

    boolean databaseAccepts(String user, String itsPassword) {
        return vault.databaseAccepts("database", user, itsPassword);
    }

    /** All requests until now. */
    int requests() {
        int more = vault.requests().size();
        if (more > MANY) {
            counted += more;
            vault.clearRequests();
            more = 0;
        }
        return counted + more;
    }

    /** Credentials that somebody made and nobody has ended. */
    int leases() {
        return vault.leases(CREDENTIALS).size();
    }

    @Override
    public void close() {
        vault.close();
    }
}
