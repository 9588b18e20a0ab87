package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Decorates handlers: before each invocation the fields marked with {@link VaultSecret} get their current values, within the
 * time that the invocation has left. When a secret cannot be had, the invocation fails with the exception that says why, and
 * the handler is not called.
 *
 * <p>A decorated handler is as thread-safe as the handler itself.
 */
public final class VaultHandler {
    private VaultHandler() {}

    /**
     * Decorates a handler, with secrets configured by the variables of this process.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException when they have faults
     * @throws IllegalArgumentException when an annotated field cannot be used
     */
    public static <I, O> RequestHandler<I, O> wrap(RequestHandler<I, O> handler) {
        return wrap(handler, VaultSecrets.fromEnvironment());
    }

    /** As {@link #wrap(RequestHandler)}, with secrets from anywhere. */
    public static <I, O> RequestHandler<I, O> wrap(RequestHandler<I, O> handler, VaultSecrets vault) {
        return new Decorated<>(handler, Decoration.of(handler, vault));
    }

    /**
     * Decorates a handler, with secrets configured by the variables of this process.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException when they have faults
     * @throws IllegalArgumentException when an annotated field cannot be used
     */
    public static RequestStreamHandler wrap(RequestStreamHandler handler) {
        return wrap(handler, VaultSecrets.fromEnvironment());
    }

    /** As {@link #wrap(RequestStreamHandler)}, with secrets from anywhere. */
    public static RequestStreamHandler wrap(RequestStreamHandler handler, VaultSecrets vault) {
        return new DecoratedStream(handler, Decoration.of(handler, vault));
    }

    private record Decorated<I, O>(RequestHandler<I, O> handler, Decoration decoration)
            implements RequestHandler<I, O> {
        @Override
        public O handleRequest(I input, Context context) {
            AnnotatedHandler.Turn<?> turn = decoration.begin(context);
            try {
                return handler.handleRequest(input, context);
            } finally {
                turn.end();
            }
        }
    }

    private record DecoratedStream(RequestStreamHandler handler, Decoration decoration)
            implements RequestStreamHandler {
        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
            AnnotatedHandler.Turn<?> turn = decoration.begin(context);
            try {
                handler.handleRequest(input, output, context);
            } finally {
                turn.end();
            }
        }
    }
}
