package io.github.vaultlambda.benchmarks.programs;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.handler.HandlerDecorator;
import io.github.vaultlambda.handler.VaultHandler;
import io.github.vaultlambda.secrets.Secret;

/**
 * A function that is decorated, as Lambda starts it: the handler is made, which reads its secret, and called for the first time. What
 * the runtime client costs is not in it, as it is the same for every function.
 */
final class DecoratorProgram implements RequestHandler<String, String> {
    private final Secret<String> password;

    private DecoratorProgram(Secret<String> password) {
        this.password = password;
    }

    /** Takes the moment of the JVM's start. */
    @SuppressWarnings("NullAway") // no context: what it would cost is the runtime client's
    public static void main(String[] arguments) {
        long begin = System.nanoTime();
        HandlerDecorator decorator = VaultHandler.fromEnvironment();
        Secret<String> password = decorator.vault().secret("secret/data/orders/db#password");
        String value =
                decorator.secrets(password).wrap(new DecoratorProgram(password)).handleRequest("event", null);
        Measured.report(arguments, begin, value);
    }

    @Override
    public String handleRequest(String event, Context context) {
        return password.get();
    }
}
