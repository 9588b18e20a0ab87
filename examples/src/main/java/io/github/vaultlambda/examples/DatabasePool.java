package io.github.vaultlambda.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.Subscription;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A pool of database connections whose login is a secret of Vault, such as {@code database/creds/payments}. When the login changes,
 * new connections are made with the new one at once; old ones are closed when they are idle or come back, and until then Vault lets
 * the old login live.
 */
final class DatabasePool implements AutoCloseable {
    /** What Vault's database engine answers. */
    record Login(String username, String password) {}

    private final Secret<Login> login;
    private final HikariDataSource pool;
    private final Subscription rotation;

    DatabasePool(String jdbcUrl, Secret<Login> login) {
        this.login = login;
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setCredentialsProvider(() -> {
            Login current = login.get();
            return Credentials.of(current.username(), current.password());
        });
        config.setMaximumPoolSize(2); // one invocation at a time
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1); // the first connection is made when it is needed
        this.pool = new HikariDataSource(config);
        this.rotation = login.onChange(change -> pool.getHikariPoolMXBean().softEvictConnections());
    }

    /** A connection, to be closed after use. */
    Connection connection() throws SQLException {
        login.get(); // the occasion to renew its lease or to change it; nanoseconds when nothing is due
        return pool.getConnection();
    }

    @Override
    public void close() {
        rotation.close();
        pool.close();
    }
}
