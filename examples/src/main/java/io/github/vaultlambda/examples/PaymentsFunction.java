package io.github.vaultlambda.examples;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * In-process, as a library: a database login that Vault makes for this function and takes back later. Handler setting: {@code
 * io.github.vaultlambda.examples.PaymentsFunction}; needs {@code DATABASE_URL} and a JDBC driver.
 */
public final class PaymentsFunction implements RequestHandler<String, Integer> {
    private static final DatabasePool DATABASE = new DatabasePool(
            System.getenv().getOrDefault("DATABASE_URL", "jdbc:postgresql://localhost/payments"),
            VaultSecrets.fromEnvironment().secret("database/creds/payments", DatabasePool.Login.class));

    /** Made by Lambda. */
    public PaymentsFunction() {}

    @Override
    public Integer handleRequest(String order, Context context) {
        try (Connection connection = DATABASE.connection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT amount FROM payments WHERE order_id = ?")) {
            statement.setString(1, order);
            try (ResultSet found = statement.executeQuery()) {
                return found.next() ? found.getInt(1) : 0;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the payment of order " + order, e);
        }
    }
}
