package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.secrets.VaultSecrets;

/**
 * Base class of a handler whose fields marked with {@link VaultSecret} have their current values whenever {@link #handle} is
 * called. The name of the subclass is the function's handler setting.
 *
 * @param <I> the type of the event
 * @param <O> the type of the answer
 */
public abstract class VaultRequestHandler<I, O> implements RequestHandler<I, O> {
    private final Decoration decoration;

    /**
     * Configured by the variables of this process.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException when they have faults
     * @throws IllegalArgumentException when an annotated field cannot be used
     */
    protected VaultRequestHandler() {
        this.decoration = Decoration.of(this, VaultSecrets.fromEnvironment());
    }

    /** With secrets from anywhere, for tests. */
    protected VaultRequestHandler(VaultSecrets vault) {
        this.decoration = Decoration.of(this, vault);
    }

    /** Handles one invocation. */
    protected abstract O handle(I input, Context context);

    /** Fills the fields, then calls {@link #handle}. */
    @Override
    public final O handleRequest(I input, Context context) {
        AnnotatedHandler.Turn<?> turn = decoration.begin(context);
        try {
            return handle(input, context);
        } finally {
            turn.end();
        }
    }
}
