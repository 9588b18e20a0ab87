package io.github.vaultlambda.examples;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.handler.HandlerDecorator;
import io.github.vaultlambda.handler.VaultHandler;
import io.github.vaultlambda.secrets.Secret;
import java.util.Map;

/**
 * In-process, by decorator around a method: the class implements none of Lambda's interfaces. Handler setting: {@code
 * io.github.vaultlambda.examples.ReceiptFunction::handle}.
 */
public final class ReceiptFunction {
    private final HandlerDecorator decorator = VaultHandler.fromEnvironment();
    private final Secret<String> password = decorator.vault().secret("secret/data/orders/db#password");
    private final RequestHandler<Map<String, String>, Map<String, String>> handler =
            decorator.secrets(password).wrap(this::receipt);

    /** Made by Lambda, which reads the password meanwhile. */
    public ReceiptFunction() {}

    /** What Lambda calls. */
    public Map<String, String> handle(Map<String, String> order, Context context) {
        return handler.handleRequest(order, context);
    }

    /** The method as it was before. */
    private Map<String, String> receipt(Map<String, String> order) {
        return Map.of(
                "order", order.getOrDefault("order", "none"), "passwordFingerprint", Fingerprint.of(password.get()));
    }
}
