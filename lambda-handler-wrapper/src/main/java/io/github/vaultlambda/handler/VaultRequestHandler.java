package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;

/**
 * Base class of a handler that has its secrets when it is called. The name of the subclass is the function's handler setting.
 *
 * <pre>{@code
 * public class Orders extends VaultRequestHandler<Order, Receipt> {
 *     private final Secret<DbLogin> login = secret("secret/data/orders/db", DbLogin.class);
 *
 *     protected Receipt handle(Order order, Context context) { ... login.get() ... }
 * }
 * }</pre>
 *
 * <p>Fields marked with {@link VaultSecret} have their current values whenever {@link #handle} is called.
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
     * @throws HandlerSetupException when an annotated field cannot be used
     */
    protected VaultRequestHandler() {
        this(HandlerEnvironment.vault(), HandlerEnvironment.options());
    }

    /** As {@link #VaultRequestHandler()}, with options of its own in the place of the variables'. */
    protected VaultRequestHandler(HandlerOptions options) {
        this(VaultSecrets.fromEnvironment(), options);
    }

    /** With secrets from anywhere, for tests, and the default options. */
    protected VaultRequestHandler(VaultSecrets vault) {
        this(vault, HandlerOptions.defaults());
    }

    /** With secrets from anywhere and options of its own. */
    protected VaultRequestHandler(VaultSecrets vault, HandlerOptions options) {
        this.decoration = Decoration.of(this, vault, options);
    }

    /**
     * A secret of this handler as text: see {@link #secret(String, Class)}.
     *
     * @throws IllegalArgumentException when the reference is malformed
     */
    protected final Secret<String> secret(String reference) {
        return secret(reference, String.class);
    }

    /**
     * A secret of this handler in a type of its own, for a field of the subclass. While the function is initialised, its reading
     * begins in the background, side by side with others; with SnapStart it is read after a restore, as {@link HandlerOptions} say.
     * {@code get()} waits for Vault no longer than the invocation has time.
     *
     * @param reference such as {@code secret/data/orders/db}
     * @param type see {@link VaultSecrets#secret(String, Class)}
     * @throws IllegalArgumentException when the reference is malformed
     */
    protected final <T> Secret<T> secret(String reference, Class<T> type) {
        Invocations invocations = decoration.invocations();
        return invocations.add(invocations.vault().secret(reference, type));
    }

    /** Handles one invocation. */
    protected abstract O handle(I input, Context context);

    /** Sees that the secrets are there, then calls {@link #handle}. */
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
