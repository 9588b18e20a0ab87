package io.github.vaultlambda.examples;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.handler.VaultRequestHandler;
import io.github.vaultlambda.handler.VaultSecret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * In-process, by annotation: the field has the current password whenever {@code handle} is called. Handler setting:
 * {@code io.github.vaultlambda.examples.OrdersFunction}.
 */
public final class OrdersFunction extends VaultRequestHandler<Map<String, String>, Map<String, String>> {
    @VaultSecret("secret/data/orders/db#password")
    private @Nullable String password;

    /** When the constructor of the base class had read the secrets. */
    private final long readyAtMillis = System.currentTimeMillis();

    @Override
    protected Map<String, String> handle(Map<String, String> order, Context context) {
        return Map.of(
                "order", order.getOrDefault("order", "none"),
                "passwordFingerprint", Fingerprint.of(String.valueOf(password)),
                "millisFromJvmStart", String.valueOf(readyAtMillis - JvmStart.millis()));
    }
}
