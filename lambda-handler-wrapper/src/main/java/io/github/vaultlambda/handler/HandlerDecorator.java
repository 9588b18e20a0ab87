package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.github.vaultlambda.handler.injection.Thrown;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Decorates handlers with secrets and options of their own; from {@link VaultHandler#of} or {@link VaultHandler#fromEnvironment}.
 * Immutable and thread-safe.
 */
public final class HandlerDecorator {
    private final VaultSecrets vault;
    private final HandlerOptions options;
    private final List<Secret<?>> secrets;
    private final Map<String, String> environment;

    HandlerDecorator(
            VaultSecrets vault,
            HandlerOptions options,
            List<? extends Secret<?>> secrets,
            Map<String, String> environment) {
        this.vault = Objects.requireNonNull(vault, "vault");
        this.options = Objects.requireNonNull(options, "options");
        this.secrets = List.copyOf(secrets);
        this.environment = environment;
    }

    /** The secrets' Vault, from which the handler makes those that it names. */
    public VaultSecrets vault() {
        return vault;
    }

    /** This with other options. */
    public HandlerDecorator options(HandlerOptions value) {
        return new HandlerDecorator(vault, value, secrets, environment);
    }

    /**
     * This for a handler that uses these secrets, and no others: they are read ahead, each invocation begins only when all of them
     * can be had, and within it each {@code get()} finds them fresh.
     */
    public HandlerDecorator secrets(Secret<?>... values) {
        return new HandlerDecorator(vault, options, List.of(values), environment);
    }

    /** Decorates a handler, or a method that takes the event and its context. */
    public <I, O> RequestHandler<I, O> wrap(RequestHandler<I, O> handler) {
        return new Decorated<>(handler, decoration(handler));
    }

    /** Decorates a handler of streams; nothing between Lambda and the handler buffers them. */
    public RequestStreamHandler wrap(RequestStreamHandler handler) {
        return new DecoratedStream(handler, decoration(handler));
    }

    /** Decorates a method that takes the event alone. */
    public <I, O> RequestHandler<I, O> wrap(HandlerMethod.OfEvent<I, O> method) {
        return new DecoratedMethod<>(method, decoration(method));
    }

    /** Decorates a method that takes the event and its context, and declares exceptions. */
    public <I, O> RequestHandler<I, O> wrapThrowing(HandlerMethod.OfEventAndContext<I, O> method) {
        return new DecoratedThrowing<>(method, decoration(method));
    }

    /** Decorates a method that takes the event alone and answers nothing. */
    public <I> RequestHandler<I, Void> wrapVoid(HandlerMethod.Consuming<I> method) {
        Objects.requireNonNull(method, "method");
        return wrapThrowing((I event, Context context) -> {
            method.handle(event);
            return nothing();
        });
    }

    /** Decorates a method that takes the event and its context, and answers nothing. */
    public <I> RequestHandler<I, Void> wrapVoid(HandlerMethod.ConsumingWithContext<I> method) {
        Objects.requireNonNull(method, "method");
        return wrapThrowing((I event, Context context) -> {
            method.handle(event, context);
            return nothing();
        });
    }

    @SuppressWarnings("NullAway") // what Lambda answers for a method without a result
    private static Void nothing() {
        return null;
    }

    /** Decorates a method that takes the streams alone. */
    public RequestStreamHandler wrapStreams(HandlerMethod.OfStreams method) {
        Objects.requireNonNull(method, "method");
        return wrap((InputStream input, OutputStream output, Context context) -> {
            try {
                method.handle(input, output);
            } catch (Exception e) {
                throw Thrown.asItIs(e);
            }
        });
    }

    private Decoration decoration(Object handler) {
        return Decoration.of(Objects.requireNonNull(handler, "handler"), vault, options, secrets, environment);
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

    private record DecoratedMethod<I, O>(HandlerMethod.OfEvent<I, O> method, Decoration decoration)
            implements RequestHandler<I, O> {
        @Override
        public O handleRequest(I input, Context context) {
            AnnotatedHandler.Turn<?> turn = decoration.begin(context);
            try {
                return method.handle(input);
            } catch (Exception e) {
                throw Thrown.asItIs(e);
            } finally {
                turn.end();
            }
        }
    }

    private record DecoratedThrowing<I, O>(HandlerMethod.OfEventAndContext<I, O> method, Decoration decoration)
            implements RequestHandler<I, O> {
        @Override
        public O handleRequest(I input, Context context) {
            AnnotatedHandler.Turn<?> turn = decoration.begin(context);
            try {
                return method.handle(input, context);
            } catch (Exception e) {
                throw Thrown.asItIs(e);
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
