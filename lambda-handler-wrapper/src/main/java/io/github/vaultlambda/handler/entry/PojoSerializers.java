package io.github.vaultlambda.handler.entry;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import io.github.vaultlambda.handler.HandlerSetupException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * What turns JSON into events and answers into JSON, chosen as Lambda's runtime chooses: the function's own {@link
 * CustomPojoSerializer}, AWS's for its events, Gson for Android, else Jackson. Each thread has its own. Thread-safe.
 */
final class PojoSerializers {
    private final ClassLoader loader;
    private final @Nullable CustomPojoSerializer own;
    private final ThreadLocal<Map<Type, PojoSerializer<Object>>> byType = ThreadLocal.withInitial(HashMap::new);
    private final ThreadLocal<Map<Type, PojoSerializer<Object>>> byTypeOnAndroid =
            ThreadLocal.withInitial(HashMap::new);

    /** For classes of this loader. */
    PojoSerializers(ClassLoader loader) {
        this.loader = loader;
        Iterator<CustomPojoSerializer> found =
                ServiceLoader.load(CustomPojoSerializer.class, loader).iterator();
        this.own = found.hasNext() ? found.next() : null;
        if (found.hasNext()) {
            throw new HandlerSetupException(
                    "There is more than one CustomPojoSerializer in META-INF/services, where Lambda allows one");
        }
    }

    PojoSerializer<Object> of(Type type, boolean android) {
        Map<Type, PojoSerializer<Object>> known = (android ? byTypeOnAndroid : byType).get();
        PojoSerializer<Object> serializer = known.get(type);
        if (serializer == null) {
            serializer = choose(type, android);
            known.put(type, serializer);
        }
        return serializer;
    }

    private PojoSerializer<Object> choose(Type type, boolean android) {
        if (own != null) {
            return new Own(own, type);
        }
        if (type instanceof Class<?> event && LambdaEventSerializers.isLambdaSupportedEvent(event.getName())) {
            @SuppressWarnings("unchecked") // whoever asks knows the type
            Class<Object> any = (Class<Object>) event;
            return LambdaEventSerializers.serializerFor(any, loader);
        }
        return android
                ? GsonFactory.getInstance().getSerializer(type)
                : JacksonFactory.getInstance().getSerializer(type);
    }

    private record Own(CustomPojoSerializer serializer, Type type) implements PojoSerializer<Object> {
        @Override
        public Object fromJson(InputStream input) {
            return serializer.fromJson(input, type);
        }

        @Override
        public Object fromJson(String input) {
            return serializer.fromJson(input, type);
        }

        @Override
        public void toJson(Object value, OutputStream output) {
            serializer.toJson(value, output, type);
        }
    }
}
