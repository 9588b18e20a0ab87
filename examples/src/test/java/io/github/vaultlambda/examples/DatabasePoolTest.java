package io.github.vaultlambda.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real pool and a real database; the test does what Vault's database engine would do. */
class DatabasePoolTest {
    private static final String URL = "jdbc:h2:mem:payments";
    private static final String PATH = "secret/data/payments/db";

    private final String adminPassword = TestSecrets.mint("admin-");
    private Connection admin;
    private FunctionVault vault;
    private DatabasePool pool;

    @BeforeEach
    void start() throws SQLException {
        admin = DriverManager.getConnection(URL + ";USER=admin;PASSWORD=" + adminPassword);
        vault = FunctionVault.start();
        rotateTo("app_one");
        Secret<DatabasePool.Login> login = VaultSecrets.fromEnvironment(vault.environment())
                .secret(
                        SecretReference.parse(PATH),
                        DatabasePool.Login.class,
                        SecretOptions.defaults().withTtl(Duration.ZERO)); // a rotation is seen at the next use
        pool = new DatabasePool(URL, login);
    }

    @AfterEach
    void stop() throws SQLException {
        pool.close();
        vault.close();
        admin.close();
    }

    private void rotateTo(String user) throws SQLException {
        String password = TestSecrets.mint("password-");
        execute("CREATE USER " + user + " PASSWORD '" + password + "' ADMIN");
        vault.giveSecret(PATH, Map.of("username", user, "password", password));
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String userOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet user = statement.executeQuery("SELECT CURRENT_USER")) {
            user.next();
            return user.getString(1);
        }
    }

    @Test
    void connectsWithTheLoginOfTheMoment() throws SQLException {
        try (Connection connection = pool.connection()) {
            assertThat(userOf(connection)).isEqualTo("APP_ONE");
        }

        rotateTo("app_two");

        try (Connection connection = pool.connection()) {
            assertThat(userOf(connection)).isEqualTo("APP_TWO");
        }
    }

    @Test
    void aConnectionInUseGoesOnWhileTheLoginChanges() throws SQLException {
        try (Connection old = pool.connection()) {
            rotateTo("app_two");
            try (Connection connection = pool.connection()) {
                assertThat(userOf(connection)).isEqualTo("APP_TWO");
            }
            assertThat(userOf(old)).isEqualTo("APP_ONE");
        }

        execute("DROP USER app_one");
        for (int i = 0; i < 5; i++) {
            try (Connection connection = pool.connection()) {
                assertThat(userOf(connection)).isEqualTo("APP_TWO");
            }
        }
    }
}
