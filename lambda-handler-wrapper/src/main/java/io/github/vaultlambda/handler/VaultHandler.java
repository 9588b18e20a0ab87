package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.List;

/**
 * Decorates handlers, so that their secrets are there when they are called: read while the function is initialised, looked after
 * before each invocation within the time that it has left, and dropped before a snapshot is taken. When one cannot be had, the
 * invocation fails with the exception that says why, and the handler is not called, unless {@link HandlerOptions} say otherwise.
 *
 * <pre>{@code
 * public class Orders {
 *     private final VaultSecrets vault = VaultSecrets.fromEnvironment();
 *     private final Secret<String> password = vault.secret("secret/data/orders/db#password");
 *     private final RequestHandler<Order, Receipt> handler =
 *             VaultHandler.of(vault).secrets(password).wrap(this::process);
 *
 *     public Receipt handle(Order order, Context context) { // the handler setting is Orders::handle
 *         return handler.handleRequest(order, context);
 *     }
 *
 *     private Receipt process(Order order) { ... password.get() ... }
 * }
 * }</pre>
 *
 * <p>A handler's fields marked with {@link VaultSecret} get their current values before each invocation as well. While the handler
 * runs, whatever its thread reads from Vault by itself is bounded by the invocation's time, too. A decorated handler is as
 * thread-safe as the handler itself.
 */
public final class VaultHandler {
    private VaultHandler() {}

    /**
     * A decorator for handlers that name their secrets or have options of their own, configured by the variables of this process.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException when they have faults
     */
    public static HandlerDecorator fromEnvironment() {
        return new HandlerDecorator(
                HandlerEnvironment.vault(), HandlerEnvironment.options(), List.of(), HandlerEnvironment.variables());
    }

    /** As {@link #fromEnvironment()}, with secrets from anywhere and the default options. */
    public static HandlerDecorator of(VaultSecrets vault) {
        return new HandlerDecorator(vault, HandlerOptions.defaults(), List.of(), HandlerEnvironment.variables());
    }

    /**
     * Decorates a handler, with secrets and options configured by the variables of this process.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException when they have faults
     * @throws HandlerSetupException when an annotated field cannot be used
     */
    public static <I, O> RequestHandler<I, O> wrap(RequestHandler<I, O> handler) {
        return fromEnvironment().wrap(handler);
    }

    /** As {@link #wrap(RequestHandler)}, with secrets from anywhere. */
    public static <I, O> RequestHandler<I, O> wrap(RequestHandler<I, O> handler, VaultSecrets vault) {
        return of(vault).wrap(handler);
    }

    /** As {@link #wrap(RequestHandler)}, for handlers of streams. */
    public static RequestStreamHandler wrap(RequestStreamHandler handler) {
        return fromEnvironment().wrap(handler);
    }

    /** As {@link #wrap(RequestStreamHandler)}, with secrets from anywhere. */
    public static RequestStreamHandler wrap(RequestStreamHandler handler, VaultSecrets vault) {
        return of(vault).wrap(handler);
    }

    /** As {@link #wrap(RequestHandler)}, for methods that take the event alone; for other forms see {@link HandlerDecorator}. */
    public static <I, O> RequestHandler<I, O> wrap(HandlerMethod.OfEvent<I, O> method) {
        return fromEnvironment().wrap(method);
    }

    /** As {@link #wrap(HandlerMethod.OfEvent)}, with secrets from anywhere. */
    public static <I, O> RequestHandler<I, O> wrap(HandlerMethod.OfEvent<I, O> method, VaultSecrets vault) {
        return of(vault).wrap(method);
    }
}
