package io.github.vaultlambda.examples;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.handler.VaultSecret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * In-process, by annotation: the field has the current password whenever {@code handleRequest} is called. Handler setting: {@code
 * io.github.vaultlambda.examples.OrdersFunctionWithVault}, the class that the annotation processor writes.
 */
public final class OrdersFunction implements RequestHandler<Map<String, String>, Map<String, String>> {
    @VaultSecret("secret/data/orders/db#password")
    @Nullable
    String password;

    /** When the secrets had been read. */
    private final long readyAtMillis = System.currentTimeMillis();

    @Override
    public Map<String, String> handleRequest(Map<String, String> order, Context context) {
        return Map.of(
                "order", order.getOrDefault("order", "none"),
                "passwordFingerprint", Fingerprint.of(String.valueOf(password)),
                "millisFromJvmStart", String.valueOf(readyAtMillis - JvmStart.millis()));
    }
}
