package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all decorators do around an invocation: see that the handler's secrets are there and fill its fields, within the time that
 * it has. Thread-safe.
 */
final class Decoration {
    private final AnnotatedHandler<Object> handler;

    private Decoration(AnnotatedHandler<Object> handler) {
        this.handler = handler;
    }

    /** Prepares a handler that names no secrets. */
    static Decoration of(Object handler, VaultSecrets vault, HandlerOptions options) {
        return of(handler, vault, options, List.of(), HandlerEnvironment.variables());
    }

    /**
     * Prepares a handler.
     *
     * @param named the secrets that must be there before each invocation, besides those of the handler's annotated fields
     */
    static Decoration of(
            Object handler,
            VaultSecrets vault,
            HandlerOptions options,
            List<? extends Secret<?>> named,
            Map<String, String> environment) {
        return new Decoration(AnnotatedHandler.of(handler, vault, options, named, environment));
    }

    Invocations invocations() {
        return handler.invocations();
    }

    /**
     * To be called before the handler; what it returns is to be ended after it.
     *
     * @throws io.github.vaultlambda.client.VaultException when the handler is not to be called
     */
    AnnotatedHandler.Turn<?> begin(@Nullable Context context) {
        return handler.begin(context);
    }
}
