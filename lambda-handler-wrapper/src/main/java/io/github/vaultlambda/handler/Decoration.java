package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all decorators do around an invocation: see that the handler's secrets are there and fill its fields, within the time that the
 * invocation has. Thread-safe.
 */
final class Decoration {
    private final Invocations invocations;
    private final Secret<?>[] named;
    private final SecretFields fields;

    private Decoration(Invocations invocations, List<? extends Secret<?>> named, SecretFields fields) {
        this.invocations = invocations;
        this.named = named.toArray(new Secret<?>[0]);
        this.fields = fields;
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
        SecretFields fields = new SecretFields(handler, vault);
        List<Secret<?>> all = new ArrayList<>(named);
        all.addAll(fields.secrets());
        return new Decoration(Invocations.of(vault, options, all, environment), named, fields);
    }

    /** Of a handler that names no secrets. */
    static Decoration of(Object handler, VaultSecrets vault, HandlerOptions options) {
        return of(handler, vault, options, List.of(), HandlerEnvironment.variables());
    }

    Invocations invocations() {
        return invocations;
    }

    /**
     * To be called before the handler; what it returns is to be ended after it.
     *
     * @throws VaultException when the handler is not to be called
     */
    Invocation begin(@Nullable Context context) {
        Invocation invocation = invocations.begin(context);
        boolean begun = false;
        try {
            if (isComplete()) {
                invocations.succeeded();
            }
            begun = true;
        } finally {
            if (!begun) {
                invocation.end();
            }
        }
        return invocation;
    }

    /** Whether all could be had; what could not has been judged. */
    private boolean isComplete() {
        boolean complete = true;
        for (Secret<?> secret : named) {
            try {
                secret.get();
            } catch (VaultException e) {
                invocations.failed(e);
                complete = false;
            }
        }
        try {
            fields.fill();
        } catch (VaultException e) {
            invocations.failed(e);
            complete = false;
        }
        return complete;
    }
}
