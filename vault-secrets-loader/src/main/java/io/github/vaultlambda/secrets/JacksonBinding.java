package io.github.vaultlambda.secrets;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Beans, annotated records and whatever else is left to Jackson; loaded when the first of them is bound. */
final class JacksonBinding implements Conversion {
    private static final ObjectMapper MAPPER = mapper();

    private final JavaType type;
    private final String name;

    JacksonBinding(Type type) {
        this.type = MAPPER.constructType(type);
        this.name = type.getTypeName();
    }

    private static ObjectMapper mapper() {
        SimpleModule simple = new SimpleModule("vault");
        simple.setDeserializers(new OwnDeserializers());
        return JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .addModule(simple)
                .build();
    }

    @Override
    public Object from(SecretValue value) throws Misfit {
        Object bound;
        try {
            bound = MAPPER.readValue(value.revealJson(), type);
        } catch (JsonMappingException e) {
            // Jackson's message may quote the value, so only the place is kept, and no cause.
            String place = e.getPathReference();
            throw new Misfit("does not fit " + name + (place.isEmpty() ? "" : " at " + place));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new Misfit("does not fit " + name + ": " + e.getClass().getName());
        }
        if (bound == null) {
            throw new Misfit("is null, which is no " + name);
        }
        RequiredComponents.check(bound);
        return bound;
    }

    /** The simple types that Jackson knows only with modules of its own, by the same rules as without Jackson. */
    private static final class OwnDeserializers extends SimpleDeserializers {
        private static final long serialVersionUID = 1;

        OwnDeserializers() {
            add(SecretValue.class);
            add(Instant.class);
            add(Duration.class);
            add(byte[].class);
            addDeserializer(Optional.class, new OptionalDeserializer(null));
        }

        private <T> void add(Class<T> type) {
            addDeserializer(type, new OwnDeserializer<>(type, new SimpleConversion(type)));
        }

        /** Those of dates and times are found when the first of them is met. */
        @Override
        public @Nullable JsonDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription description) throws JsonMappingException {
            Conversion time = TimeConversion.of(type.getRawClass());
            return time == null
                    ? super.findBeanDeserializer(type, config, description)
                    : new OwnDeserializer<>(type.getRawClass(), time);
        }
    }

    /** One of them. */
    private static final class OwnDeserializer<T> extends JsonDeserializer<T> {
        private final Class<T> type;
        private final Conversion conversion;

        OwnDeserializer(Class<T> type, Conversion conversion) {
            this.type = type;
            this.conversion = conversion;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return type.cast(conversion.from(value(parser)));
            } catch (Misfit e) {
                throw new JsonMappingException(parser, e.of(type));
            }
        }
    }

    /** Numbers keep their text where they stand alone. */
    private static SecretValue value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return SecretValue.of(parser.getText());
        }
        String json = token.isScalarValue()
                ? parser.getText()
                : parser.readValueAsTree().toString();
        return SecretValue.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A value that need not be there. */
    private static final class OptionalDeserializer extends JsonDeserializer<Optional<?>>
            implements ContextualDeserializer {
        private final @Nullable JavaType content;

        OptionalDeserializer(@Nullable JavaType content) {
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            JavaType type = property == null ? context.getContextualType() : property.getType();
            return new OptionalDeserializer(type == null ? null : type.containedType(0));
        }

        @Override
        public Optional<?> deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JavaType type = content;
            return Optional.ofNullable(
                    type == null ? context.readValue(parser, Object.class) : context.readValue(parser, type));
        }

        @Override
        public Optional<?> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }
    }
}
