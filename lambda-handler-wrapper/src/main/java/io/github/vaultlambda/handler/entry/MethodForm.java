package io.github.vaultlambda.handler.entry;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.handler.injection.Thrown;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of a handler method are: an event, streams, or nothing, with or without the context behind.
 *
 * @param event the type of the event, when there is one
 */
record MethodForm(@Nullable Type event, boolean input, boolean output, boolean context) {
    /** The form of this method, or null when Lambda has nothing for one of its parameters. */
    static @Nullable MethodForm of(Method method) {
        Type[] types = method.getGenericParameterTypes();
        boolean context = types.length > 0 && types[types.length - 1] == Context.class;
        int others = types.length - (context ? 1 : 0);
        if (others == 0) {
            return new MethodForm(null, false, false, context);
        }
        if (others == 1 && types[0] != Context.class) {
            boolean input = types[0] == InputStream.class;
            boolean output = types[0] == OutputStream.class;
            return new MethodForm(input || output ? null : types[0], input, output, context);
        }
        if (others == 2 && types[0] == InputStream.class && types[1] == OutputStream.class) {
            return new MethodForm(null, true, true, context);
        }
        return null;
    }

    boolean isOfStreams() {
        return input || output;
    }

    /**
     * Calls the method with what it takes of these.
     *
     * @param target the object, or null for a static method
     * @param first the event or the stream of the event
     * @throws RuntimeException or any other, as the method threw it
     */
    @Nullable
    Object call(
            Method method,
            @Nullable Object target,
            @Nullable Object first,
            @Nullable OutputStream answer,
            @Nullable Context invocation) {
        @Nullable Object[] arguments = new @Nullable Object[method.getParameterCount()];
        int next = 0;
        if (event != null || input) {
            arguments[next++] = first;
        }
        if (output) {
            arguments[next++] = answer;
        }
        if (context) {
            arguments[next] = invocation;
        }
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw Thrown.asItIs(e.getCause() == null ? e : e.getCause());
        } catch (IllegalAccessException e) {
            throw Thrown.asItIs(e);
        }
    }
}
