package io.github.vaultlambda.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random documents, valid and damaged, read and written by this project and by Jackson. Deliberately different are:
 *
 * <ul>
 *   <li>bytes that are no UTF-8 (too long forms, encoded surrogates, above U+10FFFF), which Jackson takes in part;
 *   <li>UTF-16 and UTF-32, which Jackson recognises by the zeros among the first four bytes;
 *   <li>half a surrogate pair, which Jackson refuses in a name, takes in a text and writes as it is, so that it turns to a
 *       question mark in UTF-8;
 *   <li>the limits, of which a test of their own speaks.
 * </ul>
 *
 * A failure names the seed of its document.
 */
class SecretValueAgainstJacksonTest {
    private static final JsonFactory JACKSON = new JsonFactory();
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "7",
        "-12",
        "1.10",
        "0.5e-3",
        "1E+2",
        "1e400",
        "9223372036854775808",
        "-123456789012345678901234567890"
    };
    private static final String[] SPACE = {"", "", "", " ", "\n", "\t ", "\r\n  "};
    private static final String DAMAGE = "{}[],:\"\\/ue+-.0179trfnalsN \n\u0000\u0001\u007f";

    /** A number, or a word of JSON: what is no text. */
    private record Literal(String text) {}

    private final Random random = new Random();

    @Test
    void readsWhatJacksonReads() throws IOException {
        for (int seed = 1; seed <= 5_000; seed++) {
            byte[] json = document(seed);

            assertThat(plain(SecretValue.parse(json))).as("seed %d", seed).isEqualTo(byJackson(json));
        }
    }

    @Test
    void writesWhatJacksonWrites() throws IOException {
        for (int seed = 1; seed <= 5_000; seed++) {
            SecretValue value = SecretValue.parse(document(seed));
            String written = value.revealJson();

            assertThat(SecretValue.parse(written.getBytes(UTF_8)))
                    .as("seed %d", seed)
                    .isEqualTo(value);
            assertThat(byJackson(written.getBytes(UTF_8))).as("seed %d", seed).isEqualTo(plain(value));
            String expected = writtenByJackson(value);
            if (UTF_8.newEncoder().canEncode(expected)) {
                assertThat(written).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void refusesWhatJacksonRefusesAndWhatIsNoUtf8() {
        int taken = 0;
        int refused = 0;
        for (int seed = 1; seed <= 30_000; seed++) {
            byte[] json = damaged(document(seed));
            Object expected = byJacksonOrNull(json);
            Object read = parsedOrNull(json);
            if (expected != null && read == null) {
                assertThat(isUtf8(json) && !hasEarlyZero(json))
                        .as("seed %d, fine for Jackson", seed)
                        .isFalse();
            } else if (expected == null && read != null) {
                assertThat(faultByJackson(json)).as("seed %d", seed).contains("surrogate in field name");
            } else {
                assertThat(read).as("seed %d", seed).isEqualTo(expected);
            }
            taken += read == null ? 0 : 1;
            refused += read == null ? 1 : 0;
        }
        // Both must have been tried, or the damage is too great or too small to say anything.
        assertThat(taken).isGreaterThan(1_000);
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void takesShortDocumentsOfEveryShape() {
        char[] letters = "{}[],:\"\\/-+.eE01tn 'ua".toCharArray();
        for (int seed = 1; seed <= 200_000; seed++) {
            random.setSeed(seed);
            byte[] json = new byte[1 + random.nextInt(7)];
            for (int i = 0; i < json.length; i++) {
                json[i] = (byte) letters[random.nextInt(letters.length)];
            }
            Object read = parsedOrNull(json);
            Object expected = byJacksonOrNull(json);
            if (read == null ? expected != null : !read.equals(expected)) {
                assertThat(read).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void hasLimitsNoWiderThanThoseOfJackson() throws IOException {
        for (int length : new int[] {1, 999, 1000, 1001, 1002, 2000}) {
            for (String number :
                    new String[] {"7".repeat(length), "0." + "7".repeat(length), "7e" + "7".repeat(length)}) {
                byte[] json = number.getBytes(UTF_8);
                Object read = parsedOrNull(json);
                assertThat(read != null).as("%d", json.length).isEqualTo(json.length <= 1000);
                if (read != null) {
                    assertThat(read).isEqualTo(byJackson(json));
                }
            }
        }
        for (int depth : new int[] {1, 511, 512, 513, 1000, 1001}) {
            byte[] json = ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
            assertThat(parsedOrNull(json) != null).as("%d deep", depth).isEqualTo(depth <= 512);
            assertThat(byJacksonOrNull(json) != null).as("%d deep", depth).isEqualTo(depth <= 1000);
        }
    }

    // documents

    private byte[] document(int seed) {
        random.setSeed(seed);
        StringBuilder json = new StringBuilder();
        space(json);
        value(json, random.nextInt(6));
        space(json);
        return json.toString().getBytes(UTF_8);
    }

    private void value(StringBuilder json, int depth) {
        switch (random.nextInt(depth > 0 ? 10 : 6)) {
            case 0, 1, 2 -> string(json, true);
            case 3 -> json.append(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 4 -> json.append(number());
            case 5 -> json.append(new String[] {"true", "false", "null"}[random.nextInt(3)]);
            case 6, 7 -> {
                json.append('[');
                members(json, depth, false);
                json.append(']');
            }
            default -> {
                json.append('{');
                members(json, depth, true);
                json.append('}');
            }
        }
    }

    private void members(StringBuilder json, int depth, boolean named) {
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            space(json.append(i == 0 ? "" : ","));
            if (named) {
                if (random.nextInt(4) == 0) {
                    json.append("\"same\""); // so that names occur twice
                } else {
                    string(json, false);
                }
                space(json);
                space(json.append(':'));
            }
            value(json, depth - 1);
            space(json);
        }
        space(json);
    }

    private String number() {
        StringBuilder number = new StringBuilder(random.nextBoolean() ? "-" : "");
        number.append(random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(Integer.MAX_VALUE - 1));
        int more = random.nextInt(40);
        for (int i = 0; i < more && number.charAt(number.length() - 1) != '0'; i++) {
            number.append(random.nextInt(10));
        }
        if (random.nextBoolean()) {
            number.append('.').append(random.nextInt(100_000));
        }
        if (random.nextInt(3) == 0) {
            number.append(random.nextBoolean() ? 'e' : 'E')
                    .append(new String[] {"", "+", "-"}[random.nextInt(3)])
                    .append(random.nextInt(1_000));
        }
        return number.toString();
    }

    private void string(StringBuilder json, boolean halfPairs) {
        json.append('"');
        int length = random.nextInt(3) == 0 ? random.nextInt(200) : random.nextInt(10);
        boolean plain = random.nextBoolean();
        for (int i = 0; i < length; i++) {
            switch (plain ? 0 : random.nextInt(10)) {
                case 0, 1, 2 -> json.append((char) ('a' + random.nextInt(26)));
                case 3 -> json.append('\\').append("\"\\/bfnrt".charAt(random.nextInt(8)));
                case 4 -> json.append(String.format("\\u%04x", random.nextInt(halfPairs ? 0x10000 : 0xd800)));
                case 5 -> json.append(String.format("\\u%04X", random.nextInt(0x80)));
                case 6 -> json.append((char) (0x80 + random.nextInt(0x780)));
                case 7 -> json.append((char) (0x800 + random.nextInt(0xd000)));
                case 8 -> json.append((char) (0xe000 + random.nextInt(0x2000)));
                default -> json.appendCodePoint(0x10000 + random.nextInt(0x100000));
            }
        }
        json.append('"');
    }

    private void space(StringBuilder json) {
        json.append(SPACE[random.nextInt(SPACE.length)]);
    }

    /** The same with one to three small faults, or what may be one. */
    private byte[] damaged(byte[] whole) {
        byte[] json = whole;
        int faults = 1 + random.nextInt(3);
        for (int i = 0; i < faults && json.length > 0; i++) {
            int at = random.nextInt(json.length);
            byte other = random.nextInt(4) == 0
                    ? (byte) random.nextInt(256)
                    : (byte) DAMAGE.charAt(random.nextInt(DAMAGE.length()));
            json = switch (random.nextInt(6)) {
                case 0 -> Arrays.copyOf(json, at);
                case 1 -> spliced(json, at, at + 1, new byte[0]);
                case 2 -> spliced(json, at, at, new byte[] {other});
                case 3 -> spliced(json, at, at + 1, new byte[] {other});
                case 4 -> spliced(json, at, at + 1, new byte[] {(byte) (json[at] ^ 1 << random.nextInt(8))});
                default -> {
                    int from = random.nextInt(json.length);
                    int to = from + random.nextInt(json.length - from);
                    yield spliced(json, at, at, Arrays.copyOfRange(json, from, to));
                }
            };
        }
        return json;
    }

    private static byte[] spliced(byte[] json, int from, int to, byte[] middle) {
        return ByteBuffer.allocate(json.length - (to - from) + middle.length)
                .put(json, 0, from)
                .put(middle)
                .put(json, to, json.length - to)
                .array();
    }

    private static boolean isUtf8(byte[] json) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean hasEarlyZero(byte[] json) {
        for (int i = 0; i < Math.min(4, json.length); i++) {
            if (json[i] == 0) {
                return true;
            }
        }
        return false;
    }

    // both readings as plain lists; an object is a list of its fields, since their order counts

    private static @Nullable Object parsedOrNull(byte[] json) {
        try {
            return plain(SecretValue.parse(json));
        } catch (IOException e) {
            return null;
        }
    }

    private static Object plain(SecretValue value) {
        return switch (value.kind()) {
            case OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                value.fields().forEach((name, field) -> fields.put(name, plain(field)));
                yield new ArrayList<>(fields.entrySet());
            }
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                value.elements().forEach(element -> elements.add(plain(element)));
                yield elements;
            }
            case STRING -> value.reveal();
            case NUMBER, BOOLEAN -> new Literal(value.reveal());
            case NULL -> new Literal("null");
        };
    }

    private static @Nullable Object byJacksonOrNull(byte[] json) {
        try {
            return byJackson(json);
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String faultByJackson(byte[] json) {
        try {
            byJackson(json);
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private static Object byJackson(byte[] json) throws IOException {
        try (JsonParser parser = JACKSON.createParser(json)) {
            Object value = byJackson(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new IOException("more than one value");
            }
            return value;
        }
    }

    private static Object byJackson(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == null) {
            throw new IOException("no value");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    fields.put(name, byJackson(parser, parser.nextToken()));
                }
                yield new ArrayList<>(fields.entrySet());
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    elements.add(byJackson(parser, next));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getText();
            default -> new Literal(parser.getText());
        };
    }

    private static String writtenByJackson(SecretValue value) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JACKSON.createGenerator(text)) {
            writeByJackson(generator, value);
        }
        return text.toString();
    }

    private static void writeByJackson(JsonGenerator generator, SecretValue value) throws IOException {
        switch (value.kind()) {
            case OBJECT -> {
                generator.writeStartObject();
                for (Map.Entry<String, SecretValue> field : value.fields().entrySet()) {
                    generator.writeFieldName(field.getKey());
                    writeByJackson(generator, field.getValue());
                }
                generator.writeEndObject();
            }
            case ARRAY -> {
                generator.writeStartArray();
                for (SecretValue element : value.elements()) {
                    writeByJackson(generator, element);
                }
                generator.writeEndArray();
            }
            case STRING -> generator.writeString(value.reveal());
            case NUMBER, BOOLEAN -> generator.writeRawValue(value.reveal());
            case NULL -> generator.writeNull();
        }
    }
}
