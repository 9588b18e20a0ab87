package io.github.vaultlambda.benchmarks.workloads;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.SecretSource;
import io.github.vaultlambda.auth.login.UserpassLogin;
import io.github.vaultlambda.auth.login.UserpassOptions;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.net.URI;
import java.util.Map;
import java.util.SplittableRandom;

/** A Vault with ten secrets and a database, and one user who may read them; it counts what it is asked. */
final class CountedVault implements AutoCloseable {
    static final String SECRET = "secret/data/orders/db";
    static final String CREDENTIALS = "database/creds/orders";
    static final String USER = "orders";
    private static final int SECRETS = 10;
    /** The count is kept apart from time to time, because the stand-in keeps each request. */
    private static final int MANY = 500;

    private final String password = TestSecrets.mint("password-");
    private final SetClock clock;
    private final VaultStandIn vault;
    private int counted;
    private int version;

    CountedVault(SetClock clock) {
        this.clock = clock;
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

    /** A session in which a new environment logs in with the product's own classes; nothing is asked yet. */
    VaultSession session(HttpTransport network) {
        UserpassLogin login = new UserpassLogin(UserpassOptions.of(USER, SecretSource.of(SecretValue.of(password))));
        Platform platform = Platform.system()
                .withClock(clock)
                .withSleeper(clock::advance)
                .withRandom(new SplittableRandom(clock.millis()))
                .withTransport(network);
        return VaultSession.of(VaultConfig.builder().address(address()).build(), login, platform);
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
