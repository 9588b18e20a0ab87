package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The forms of handler methods that are neither a {@link com.amazonaws.services.lambda.runtime.RequestHandler} nor a {@link
 * com.amazonaws.services.lambda.runtime.RequestStreamHandler}; what takes them is called with a method reference such as {@code
 * this::process}. Whatever a method throws is what the invocation fails with.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html">AWS: handler in Java</a>
 */
public final class HandlerMethod {
    private HandlerMethod() {}

    /**
     * Takes the event alone, and answers.
     *
     * @param <I> the type of the event
     * @param <O> the type of the answer
     */
    @FunctionalInterface
    public interface OfEvent<I, O> {
        /** Handles one invocation. */
        O handle(I event) throws Exception;
    }

    /**
     * Takes the event and its context, answers, and declares exceptions.
     *
     * @param <I> the type of the event
     * @param <O> the type of the answer
     */
    @FunctionalInterface
    public interface OfEventAndContext<I, O> {
        /** Handles one invocation. */
        O handle(I event, Context context) throws Exception;
    }

    /**
     * Takes the event alone, without an answer.
     *
     * @param <I> the type of the event
     */
    @FunctionalInterface
    public interface Consuming<I> {
        /** Handles one invocation. */
        void handle(I event) throws Exception;
    }

    /**
     * Takes the event and its context, without an answer.
     *
     * @param <I> the type of the event
     */
    @FunctionalInterface
    public interface ConsumingWithContext<I> {
        /** Handles one invocation. */
        void handle(I event, Context context) throws Exception;
    }

    /** Takes the event as a stream and writes the answer to another. */
    @FunctionalInterface
    public interface OfStreams {
        /** Handles one invocation. */
        void handle(InputStream input, OutputStream output) throws Exception;
    }
}
