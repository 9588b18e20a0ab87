package io.github.vaultlambda.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.vaultlambda.handler.VaultHandler;
import io.github.vaultlambda.handler.VaultSecret;
import io.github.vaultlambda.secrets.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * In-process, by decorator: an existing stream handler gets its secret as a whole, in a record of its own. Handler setting:
 * {@code io.github.vaultlambda.examples.InvoiceFunction}.
 */
public final class InvoiceFunction implements RequestStreamHandler {
    private final RequestStreamHandler handler = VaultHandler.wrap(new Invoices());

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        handler.handleRequest(input, output, context);
    }

    /** The login that lies at {@code secret/data/orders/db}. */
    record DbLogin(String user, String password) {}

    /** The handler as it was before, with one field more. */
    static final class Invoices implements RequestStreamHandler {
        @VaultSecret("secret/data/orders/db")
        @Nullable
        Secret<DbLogin> login;

        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            DbLogin current = Objects.requireNonNull(login).get();
            String answer = "{\"user\":\"" + current.user() + "\",\"passwordFingerprint\":\""
                    + Fingerprint.of(current.password()) + "\"}";
            output.write(answer.getBytes(UTF_8));
        }
    }
}
