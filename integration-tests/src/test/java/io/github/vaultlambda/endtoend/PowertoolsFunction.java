package io.github.vaultlambda.endtoend;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.handler.HandlerDecorator;
import io.github.vaultlambda.handler.VaultHandler;
import io.github.vaultlambda.secrets.Secret;
import java.util.Map;
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.MetricsFactory;

/** A function with Powertools for Lambda, whose metrics have hooks for SnapStart of their own, and a decorated method. */
public final class PowertoolsFunction implements RequestHandler<Map<String, String>, String> {
    private final Metrics metrics = MetricsFactory.getMetricsInstance();
    private final HandlerDecorator decorator = VaultHandler.fromEnvironment();
    private final Secret<String> password = decorator.vault().secret("secret/data/orders/db#password");
    private final RequestHandler<Map<String, String>, String> handler =
            decorator.secrets(password).wrap(this::process);

    /** Made by Lambda. */
    public PowertoolsFunction() {}

    @Override
    public String handleRequest(Map<String, String> order, Context context) {
        metrics.captureColdStartMetric(context);
        try {
            return handler.handleRequest(order, context);
        } finally {
            metrics.flush();
        }
    }

    private String process(Map<String, String> order) {
        metrics.addMetric("Orders", order.size());
        return Fingerprint.of(password.get());
    }
}
