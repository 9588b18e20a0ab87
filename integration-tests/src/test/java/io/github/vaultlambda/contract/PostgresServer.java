package io.github.vaultlambda.contract;

import io.github.vaultlambda.testkit.TestSecrets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A PostgreSQL in a container; Vault reaches it over the containers' network, a test over a port of this machine. */
final class PostgresServer implements DatabaseServer {
    static final String IMAGE = System.getProperty("vaultlambda.postgres.image", "postgres:17");
    private static final String HOST = "postgres";
    private static final String ADMIN = "postgres";
    private static final int PORT = 5432;

    private final String password = SecretsLedger.add(TestSecrets.mint("postgres-"));
    private final GenericContainer<?> container;

    @SuppressWarnings("resource") // closed with its engine
    PostgresServer(Network network) {
        container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withNetwork(network)
                .withNetworkAliases(HOST)
                .withExposedPorts(PORT)
                .withEnv("POSTGRES_PASSWORD", password)
                // a statement that fails may hold a password; and nothing here has to outlive the machine
                .withCommand("postgres", "-c", "log_min_error_statement=panic", "-c", "fsync=off")
                .waitingFor(Wait.forSuccessfulCommand("pg_isready -h 127.0.0.1")
                        .withStartupTimeout(Duration.ofSeconds(60)));
    }

    GenericContainer<?> container() {
        return container;
    }

    @Override
    public Map<String, ?> connection() {
        return Map.of(
                "plugin_name",
                "postgresql-database-plugin",
                "connection_url",
                "postgresql://{{username}}:{{password}}@" + HOST + ":" + PORT + "/postgres?sslmode=disable",
                "username",
                ADMIN,
                "password",
                password);
    }

    @Override
    public void addUser(String name) {
        try (Connection connection = logIn(ADMIN, password);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE \"" + name + "\" LOGIN");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean hasUser(String name) {
        try (Connection connection = logIn(ADMIN, password);
                PreparedStatement users =
                        connection.prepareStatement("SELECT count(*) FROM pg_roles WHERE rolname = ?")) {
            users.setString(1, name);
            try (ResultSet count = users.executeQuery()) {
                return count.next() && count.getInt(1) == 1;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean admits(String name, String password) {
        try (Connection connection = logIn(name, password)) {
            return connection.isValid(5);
        } catch (SQLException e) {
            if ("28P01".equals(e.getSQLState())) { // invalid_password, which is also said of an unknown user
                return false;
            }
            throw new IllegalStateException(e);
        }
    }

    private Connection logIn(String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + container.getHost() + ":" + container.getMappedPort(PORT) + "/postgres",
                properties);
    }
}
