package io.github.vaultlambda.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
    private static final int SURROGATES = 0xd800;
    private static final int AFTER_SURROGATES = 0xe000;

    private static JsonReader reader(String json) throws IOException {
        return new JsonReader(json.getBytes(UTF_8));
    }

    /** Reads a document through, as any caller does. */
    private static void walk(JsonReader json) throws IOException {
        switch (json.peek()) {
            case '{' -> {
                json.open();
                while (json.nextName() != null) {
                    walk(json);
                }
            }
            case '[' -> {
                json.open();
                while (json.nextElement()) {
                    walk(json);
                }
            }
            case '"' -> json.string();
            case 't' -> json.word("true");
            case 'f' -> json.word("false");
            case 'n' -> json.word("null");
            default -> json.number();
        }
    }

    private static String string(byte... content) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.write('"');
        json.writeBytes(content);
        json.write('"');
        JsonReader reader = new JsonReader(json.toByteArray());
        String text = reader.string();
        reader.end();
        return text;
    }

    private static @Nullable String stringOrNull(byte... content) {
        try {
            return string(content);
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String decodedByTheJdk(CharsetDecoder utf8, byte... content) {
        try {
            CharBuffer text = utf8.decode(ByteBuffer.wrap(content));
            return text.toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    @Test
    void walksThroughADocument() throws IOException {
        JsonReader json =
                reader(" { \"a\" : [ 1 , -2.5e3 , \"x\" ] ,\t\"\":{ }\r\n, \"c\" :[] , \"d\":true,\"e\":null } ");

        assertThat(json.peek()).isEqualTo('{');
        json.open();
        assertThat(json.nextName()).isEqualTo("a");
        assertThat(json.peek()).isEqualTo('[');
        json.open();
        assertThat(json.nextElement()).isTrue();
        assertThat(json.peek()).isEqualTo('1');
        assertThat(json.number()).isEqualTo("1");
        assertThat(json.nextElement()).isTrue();
        assertThat(json.peek()).isEqualTo('-');
        assertThat(json.number()).isEqualTo("-2.5e3");
        assertThat(json.nextElement()).isTrue();
        assertThat(json.peek()).isEqualTo('"');
        assertThat(json.string()).isEqualTo("x");
        assertThat(json.nextElement()).isFalse();
        assertThat(json.nextName()).isEmpty();
        assertThat(json.peek()).isEqualTo('{');
        json.open();
        assertThat(json.nextName()).isNull();
        assertThat(json.nextName()).isEqualTo("c");
        assertThat(json.peek()).isEqualTo('[');
        json.open();
        assertThat(json.nextElement()).isFalse();
        assertThat(json.nextName()).isEqualTo("d");
        assertThat(json.peek()).isEqualTo('t');
        json.word("true");
        assertThat(json.nextName()).isEqualTo("e");
        assertThat(json.peek()).isEqualTo('n');
        json.word("null");
        assertThat(json.nextName()).isNull();
        json.end();
        assertThat(json.peek()).isEqualTo('\0');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{|1",
                "{]|1",
                "{,}|1",
                "{\"a\"}|4",
                "{\"a\":}|5",
                "{\"a\":1,}|7",
                "{\"a\":1 \"b\":2}|7",
                "{\"a\":1]|6",
                "{\"a\",1}|4",
                "{a:1}|1",
                "{1:1}|1",
                "[|1",
                "[}|1",
                "[,1]|1",
                "[1,]|3",
                "[1,,2]|3",
                "[1 2]|3",
                "[1:2]|2",
                "[1}|2",
                "]|0",
                "}|0",
                "[]]|2",
                "1 2|2",
                "{}{}|2",
                "truE|3",
                "nul|3",
                "nullx|4",
                "True|0",
                "NaN|0",
                "[-]|2",
                "[+1]|1",
                "01|1",
                "-01|2",
                "1.|2",
                ".5|0",
                "1.e5|2",
                "1e|2",
                "1e+|3",
                "0x10|1",
                "-Infinity|1",
                "1_0|1",
                "\"a|2",
                "\"|1",
                "\"\\|2",
                "\"\\\"|3",
                "\"a\\|3",
                "\"a\\x\"|3",
                "\"\\u12g4\"|5",
                "\"\\u12|5",
                "\"\\U0041\"|2",
                "'a'|0",
                "/**/1|0",
                "#|0",
            })
    void namesThePlaceOfAFault(String json, int at) {
        assertThatThrownBy(() -> {
                    JsonReader reader = reader(json);
                    walk(reader);
                    reader.end();
                })
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("not JSON (fault at byte " + at + " of " + json.length() + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n\t ", "\ufeff", "\ufeff "})
    void saysThatNothingIsThere(String json) {
        assertThatThrownBy(() -> reader(json)).hasMessage("empty instead of JSON");
    }

    @Test
    void aByteOrderMarkMayComeFirstAndNowhereElse() throws IOException {
        assertThat(reader("\ufeff 1").number()).isEqualTo("1");
        JsonReader twice = reader("\ufeff\ufeff1");
        assertThatThrownBy(twice::number).hasMessage("not JSON (fault at byte 3 of 7)");
        JsonReader after = reader("1\ufeff");
        after.number();
        assertThatThrownBy(after::end).hasMessage("not JSON (fault at byte 1 of 4)");
    }

    @Test
    void onlyFourCharactersAreWhiteSpace() throws IOException {
        for (int b = 0; b < 256; b++) {
            byte[] json = {'[', (byte) b, ']'};
            JsonReader reader = new JsonReader(json);
            reader.open();
            if (b == ' ' || b == '\t' || b == '\n' || b == '\r') {
                assertThat(reader.nextElement()).isFalse();
                reader.end();
            } else if (reader.nextElement()) {
                Throwable fault = catchThrowable(() -> {
                    walk(reader);
                    reader.nextElement();
                    reader.end();
                });
                assertThat(fault == null).as("byte %d", b).isEqualTo(b >= '0' && b <= '9');
            } else {
                assertThat(b).isEqualTo(']');
                assertThatThrownBy(reader::end).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void knowsTheEscapesThatThereAreAndNoOther() throws IOException {
        assertThat(string("\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u00C9\\uD83D\\udd11".getBytes(UTF_8)))
                .isEqualTo("\"\\/\b\f\n\r\t\u00e9\u00c9\ud83d\udd11");
        for (int b = 0; b < 256; b++) {
            if ("\"\\/bfnrt".indexOf(b) < 0) {
                assertThat(stringOrNull((byte) '\\', (byte) b)).as("byte %d", b).isNull();
            }
        }
        for (int unit = 0; unit <= 0xffff; unit++) { // half a surrogate pair is taken as it is
            String expected = String.valueOf((char) unit);
            assertThat(string(String.format("\\u%04x", unit).getBytes(UTF_8))).isEqualTo(expected);
            assertThat(string(String.format("\\u%04X", unit).getBytes(UTF_8))).isEqualTo(expected);
        }
        for (int b = 0; b < 256; b++) {
            String text = stringOrNull(new byte[] {'\\', 'u', '0', '0', '0', (byte) b});
            assertThat(text != null).as("byte %d", b).isEqualTo("0123456789abcdefABCDEF".indexOf(b) >= 0);
        }
    }

    @Test
    void refusesControlCharactersInStrings() throws IOException {
        for (byte b = 0; b < ' '; b++) {
            assertThat(stringOrNull(b)).as("byte %d", b).isNull();
            assertThat(stringOrNull((byte) '\\', (byte) 'n', b))
                    .as("byte %d", b)
                    .isNull();
        }
        assertThat(string((byte) 0x7f)).isEqualTo("\u007f");
    }

    @Test
    void readsEveryCodePoint() throws IOException {
        StringBuilder block = new StringBuilder();
        for (int codePoint = ' '; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint == SURROGATES) {
                codePoint = AFTER_SURROGATES;
            }
            if (codePoint != '"' && codePoint != '\\') {
                block.appendCodePoint(codePoint);
            }
            if ((codePoint & 0xfff) == 0xfff) {
                String text = block.toString();
                boolean same = string(text.getBytes(UTF_8)).equals(text);
                assertThat(same).as("code points up to %x", codePoint).isTrue();
                block.setLength(0);
            }
        }
    }

    @Test
    void takesWhatTheJdkTakesForUtf8AndNothingElse() {
        CharsetDecoder utf8 = UTF_8.newDecoder();
        byte[] edges = {'"', ' ', 0x7f, (byte) 0x80, (byte) 0x8f, (byte) 0x90, (byte) 0x9f, (byte) 0xa0, (byte) 0xbf};
        for (int lead = 0x80; lead < 256; lead++) {
            byte first = (byte) lead;
            assertThat(stringOrNull(first)).isNull();
            for (int second = 0x20; second < 256; second++) {
                if (second != '"' && second != '\\') {
                    sameAsTheJdk(utf8, first, (byte) second);
                    sameAsTheJdk(utf8, (byte) 'a', first, (byte) second, (byte) 'z');
                    sameAsTheJdk(utf8, first, (byte) second, (byte) 0x80);
                    sameAsTheJdk(utf8, first, (byte) second, (byte) 0xbf);
                }
            }
            for (byte second : edges) {
                for (byte third : edges) {
                    for (byte fourth : edges) {
                        if (second != '"' && third != '"' && fourth != '"') {
                            sameAsTheJdk(utf8, first, second, third, fourth);
                        }
                    }
                }
            }
            assertThat(stringOrNull(first, (byte) '"')).isNull();
        }
    }

    private static void sameAsTheJdk(CharsetDecoder utf8, byte... content) {
        String expected = decodedByTheJdk(utf8, content);
        String text = stringOrNull(content);
        if (expected == null ? text != null : !expected.equals(text)) { // cheaper than as() for each of them
            assertThat(text).as(new String(content, ISO_8859_1)).isEqualTo(expected);
        }
    }

    @Test
    void anyFaultAfterAnEscapeOrANonAsciiCharacterIsFound() {
        for (String start : new String[] {"\\n", "\u00e9", "\u4e16", "\ud83d\udd11"}) {
            byte[] whole = ("\"" + start + "n0tf0rl0gs").getBytes(UTF_8);
            assertThatThrownBy(() -> new JsonReader(whole).string())
                    .hasMessage("not JSON (fault at byte " + whole.length + " of " + whole.length + ")");
            assertThat(stringOrNull((start + "\u0001").getBytes(UTF_8))).isNull();
            assertThat(stringOrNull((start + "\\").getBytes(UTF_8))).isNull();
        }
    }

    @Test
    void limitsTheLengthOfNumbers() throws IOException {
        String longest = "-" + "1234567890".repeat(99) + ".12345e-7";
        assertThat(longest).hasSize(JsonReader.MAX_NUMBER_LENGTH);
        assertThat(reader(longest).number()).isEqualTo(longest);
        JsonReader longer = reader(longest + "8");
        assertThatThrownBy(longer::number).hasMessage("not JSON (fault at byte 1001 of 1001)");
    }

    @Test
    void limitsTheDepthAndNotTheNumberOfBrackets() throws IOException {
        int depth = JsonReader.MAX_DEPTH;
        walk(reader("[".repeat(depth) + "]".repeat(depth)));
        walk(reader("{\"a\":".repeat(depth - 1) + "[]" + "}".repeat(depth - 1)));
        walk(reader("[" + "[],{},".repeat(depth) + "0]"));
        JsonReader deeper = reader("[".repeat(depth) + "{}" + "]".repeat(depth));
        assertThatThrownBy(() -> walk(deeper)).hasMessage("not JSON (fault at byte 512 of 1026)");
    }
}
