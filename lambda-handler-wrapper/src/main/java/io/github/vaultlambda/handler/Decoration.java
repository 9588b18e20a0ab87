package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all decorators do around an invocation: fill the handler's fields, within the time that the invocation has. Thread-safe. */
final class Decoration {
    private final SecretFields fields;
    private final Invocations invocations;

    private Decoration(SecretFields fields, Invocations invocations) {
        this.fields = fields;
        this.invocations = invocations;
    }

    static Decoration of(Object handler, VaultSecrets vault) {
        SecretFields fields = new SecretFields(handler, vault);
        return new Decoration(fields, Invocations.of(vault, HandlerOptions.defaults(), fields.secrets()));
    }

    static Decoration of(Object handler, VaultSecrets vault, HandlerOptions options, Map<String, String> environment) {
        SecretFields fields = new SecretFields(handler, vault);
        return new Decoration(fields, Invocations.of(vault, options, fields.secrets(), environment));
    }

    /**
     * To be called before the handler; what it returns is to be ended after it.
     *
     * @throws VaultException when the handler is not to be called
     */
    Invocation begin(@Nullable Context context) {
        Invocation invocation = invocations.begin(context);
        boolean prepared = false;
        try {
            fields.fill();
            invocations.succeeded();
            prepared = true;
        } catch (VaultException e) {
            invocations.failed(e);
            prepared = true;
        } finally {
            if (!prepared) {
                invocation.end();
            }
        }
        return invocation;
    }
}
