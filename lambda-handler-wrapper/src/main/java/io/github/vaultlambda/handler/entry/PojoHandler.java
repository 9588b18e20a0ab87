package io.github.vaultlambda.handler.entry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A handler that takes and gives objects, with JSON on either side of it. When that fails, type and message of the exception are
 * those of Lambda's runtime, which alarms may look for.
 */
final class PojoHandler implements RequestStreamHandler {
    /** The handler itself. */
    @FunctionalInterface
    interface Target {
        @Nullable
        Object handle(@Nullable Object event, Context context);
    }

    private final PojoSerializers serializers;
    private final @Nullable Type event;
    private final @Nullable Type answer;
    private final Target target;

    /**
     * Around this one.
     *
     * @param event the type of the event; null when the handler takes none
     * @param answer the type of the answer; null when it gives none
     */
    PojoHandler(PojoSerializers serializers, @Nullable Type event, @Nullable Type answer, Target target) {
        this.serializers = serializers;
        this.event = event;
        this.answer = answer;
        this.target = target;
        if (event != null) {
            serializers.of(event, false); // while the function is initialised
        }
        if (answer != null) {
            serializers.of(answer, false);
        }
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        boolean android = isFromAndroid(context);
        Object value = null;
        if (event != null) {
            try {
                value = serializers.of(event, android).fromJson(input);
            } catch (RuntimeException e) {
                throw new RuntimeException("An error occurred during JSON parsing", e);
            }
        }
        Object result = target.handle(value, context);
        if (answer == null) {
            output.write("null".getBytes(US_ASCII));
            return;
        }
        try {
            serializers.of(answer, android).toJson(result, output);
        } catch (RuntimeException e) {
            throw new RuntimeException("An error occurred during JSON serialization of response", e);
        }
    }

    /** Then Lambda's runtime reads and writes with Gson. */
    private static boolean isFromAndroid(@Nullable Context context) {
        ClientContext client = context == null ? null : context.getClientContext();
        Map<String, String> environment = client == null ? null : client.getEnvironment();
        return environment != null && "Android".equalsIgnoreCase(environment.get("platform"));
    }
}
