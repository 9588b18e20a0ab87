package io.github.vaultlambda.secrets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.vaultlambda.client.SecretValue;

/** Records, beans and whatever else {@link SecretBinding} leaves to Jackson; loaded when the first of them is bound. */
final class JacksonBinding {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private JacksonBinding() {}

    static Object bind(SecretReference reference, SecretValue value, Class<?> type) {
        try {
            Object bound = MAPPER.readValue(value.revealJson(), type);
            if (bound != null) {
                return bound;
            }
        } catch (JsonMappingException e) {
            // Jackson's message may quote the value, so only the place is kept, and no cause.
            throw new SecretFormatException(
                    "does not fit " + type.getName() + " at " + e.getPathReference(), reference);
        } catch (JsonProcessingException e) {
            throw new SecretFormatException("does not fit " + type.getName(), reference);
        }
        throw new SecretFormatException("is null, which is no " + type.getName(), reference);
    }
}
