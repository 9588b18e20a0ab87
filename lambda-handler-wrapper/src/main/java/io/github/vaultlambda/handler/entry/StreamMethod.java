package io.github.vaultlambda.handler.entry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A method that takes the event, or writes the answer, as a stream. Without a stream for the answer that is {@code null}. */
record StreamMethod(Method method, @Nullable Object target, MethodForm form) implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        if (!form.input()) {
            input.close();
        }
        form.call(method, target, input, output, context);
        if (!form.output()) {
            output.write("null".getBytes(US_ASCII));
        }
    }
}
