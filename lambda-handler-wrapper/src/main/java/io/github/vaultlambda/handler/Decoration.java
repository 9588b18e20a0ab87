package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all decorators do around an invocation: fill the handler's fields, within the time that the invocation has. Thread-safe. */
final class Decoration {
    private final AnnotatedHandler<Object> handler;

    private Decoration(AnnotatedHandler<Object> handler) {
        this.handler = handler;
    }

    static Decoration of(Object handler, VaultSecrets vault) {
        return of(handler, vault, HandlerOptions.defaults(), List.of(), Invocations.environment());
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

    /**
     * To be called before the handler; what it returns is to be ended after it.
     *
     * @throws io.github.vaultlambda.client.VaultException when the handler is not to be called
     */
    AnnotatedHandler.Turn<?> begin(@Nullable Context context) {
        return handler.begin(context);
    }
}
