package io.github.vaultlambda.endtoend;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.examples.Fingerprint;
import io.github.vaultlambda.handler.HandlerDecorator;
import io.github.vaultlambda.handler.VaultHandler;
import io.github.vaultlambda.secrets.Secret;

/**
 * Reads its secret while it is made, as a function may that knows nothing of snapshots, and leaves nothing alive that is held weakly
 * alone.
 */
public final class EarlyFunction implements RequestHandler<String, String> {
    private final RequestHandler<String, String> handler;

    /** Made by the runtime. */
    public EarlyFunction() {
        HandlerDecorator decorator = VaultHandler.fromEnvironment();
        Secret<String> password = decorator.vault().secret("secret/data/orders/db#password");
        handler = decorator.secrets(password).wrap((String event, Context context) -> Fingerprint.of(password.get()));
        System.out.println("early " + Fingerprint.of(password.get()));
        System.gc();
    }

    @Override
    public String handleRequest(String event, Context context) {
        return handler.handleRequest(event, context);
    }
}
