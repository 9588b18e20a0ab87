package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainBindingTest {
    private static final SecretReference REFERENCE = SecretReference.parse("s");
    private static final ObjectMapper JACKSON = new ObjectMapper();

    private final Random random = new Random();

    private static <T> T bind(String json, Class<T> type) throws IOException {
        return new TypeBinding<>(SecretType.of(type)).bind(REFERENCE, SecretValue.parse(json.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "2147483647",
                "2147483648",
                "-2147483648",
                "-2147483649",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775808",
                "-9223372036854775809",
                "123456789012345678901234567890",
                "1.0",
                "-0.0",
                "0.1000000000000000055511151231257827",
                "1e2",
                "1E-400",
                "1e400",
                "true",
                "false",
                "null",
                "\"\"",
                "\"n0tf0rl0gs\"",
                "[]",
                "{}",
                "[[1],{\"b\":[null]}]"
            })
    void aValueIsWhatJacksonMakesOfIt(String value) throws IOException {
        sameAsJackson("{\"a\":" + value + "}", Map.class, value);
        sameAsJackson("[" + value + "]", List.class, value);
    }

    @Test
    void aTreeIsWhatJacksonMakesOfIt() throws IOException {
        for (int seed = 1; seed <= 2_000; seed++) {
            random.setSeed(seed);
            sameAsJackson("{\"z\":" + value(4) + ",\"a\":" + value(4) + "}", Map.class, "seed " + seed);
            sameAsJackson("[" + value(4) + "," + value(4) + "]", List.class, "seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"n0tf0rl0gs\"", "\"\"", "\" \"", "17", "1.5", "true", "{\"a\":1}", "[1]", "{}", "[]", "null"})
    void refusesWhatJacksonRefuses(String json) throws IOException {
        for (Class<?> type : new Class<?>[] {Map.class, List.class}) {
            if (byJacksonOrNull(json, type) == null) {
                assertThatThrownBy(() -> bind(json, type))
                        .isExactlyInstanceOf(SecretFormatException.class)
                        .hasNoCause()
                        .hasMessageStartingWith("s does not fit " + type.getName())
                        .hasMessageNotContaining("n0tf0rl0gs");
            } else {
                sameAsJackson(json, type, json);
            }
        }
    }

    @Test
    @SuppressWarnings("unchecked") // a JSON object has texts for names
    void whatIsHandedOutCannotBeChanged() throws IOException {
        Map<String, Object> map = bind("{\"a\":[1],\"b\":{}}", Map.class);
        List<Object> list = (List<Object>) Objects.requireNonNull(map.get("a"));
        Map<String, Object> inner = (Map<String, Object>) Objects.requireNonNull(map.get("b"));

        assertThatThrownBy(() -> map.put("c", 2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> list.add("more")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> inner.put("c", 2)).isInstanceOf(UnsupportedOperationException.class);
    }

    private static void sameAsJackson(String json, Class<?> type, String what) throws IOException {
        Object expected = JACKSON.readValue(json, type);
        Object bound = bind(json, type);
        assertThat(bound).as(what).isEqualTo(expected);
        assertThat(bound.toString()).as("order, %s", what).isEqualTo(expected.toString());
    }

    private static @Nullable Object byJacksonOrNull(String json, Class<?> type) {
        try {
            return JACKSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private String value(int depth) {
        StringBuilder json = new StringBuilder();
        switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> json.append(random.nextInt());
            case 1 -> json.append(random.nextLong());
            case 2 -> json.append(random.nextLong()).append(random.nextInt(Integer.MAX_VALUE));
            case 3 -> json.append(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
            case 4 -> json.append(new String[] {"true", "false", "null"}[random.nextInt(3)]);
            case 5 ->
                json.append('"')
                        .appendCodePoint(0xe000 + random.nextInt(0x10000))
                        .append('"');
            case 6 -> {
                json.append('[');
                for (int i = random.nextInt(4); i > 0; i--) {
                    json.append(value(depth - 1)).append(i > 1 ? "," : "");
                }
                json.append(']');
            }
            default -> {
                json.append('{');
                for (int i = random.nextInt(4); i > 0; i--) {
                    json.append("\"n").append(random.nextInt(3)).append("\":").append(value(depth - 1));
                    json.append(i > 1 ? "," : "");
                }
                json.append('}');
            }
        }
        return json.toString();
    }
}
