package io.github.vaultlambda.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.client.SecretValue.Kind;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretValueTest {
    private static final String SECRET = "pa55 n0tf0rl0gs \"quoted\" \\ \u0001 \u00e9\u4e16\uD83D\uDD11";

    private static SecretValue parse(String json) throws IOException {
        return SecretValue.parse(json.getBytes(UTF_8));
    }

    @Test
    void handsOutCharactersAndBytesThatAreWipedAfterwards() {
        AtomicReference<char[]> chars = new AtomicReference<>();
        AtomicReference<byte[]> bytes = new AtomicReference<>();
        SecretValue value = SecretValue.of(SECRET);

        String fromChars = value.withChars(given -> {
            chars.set(given);
            return new String(given);
        });
        String fromBytes = value.withBytes(given -> {
            bytes.set(given);
            return new String(given, UTF_8);
        });

        assertThat(fromChars).isEqualTo(SECRET);
        assertThat(fromBytes).isEqualTo(SECRET);
        assertThat(chars.get()).hasSize(SECRET.length()).containsOnly('\0');
        assertThat(bytes.get()).hasSize(SECRET.getBytes(UTF_8).length).containsOnly(0);
        assertThat(value.reveal()).isEqualTo(SECRET);
    }

    @Test
    void wipesAlsoWhatAFunctionFailsOn() {
        AtomicReference<char[]> chars = new AtomicReference<>();
        AtomicReference<byte[]> bytes = new AtomicReference<>();
        SecretValue value = SecretValue.of(SECRET);

        assertThatThrownBy(() -> value.withChars(given -> {
                    chars.set(given);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThatThrownBy(() -> value.withBytes(given -> {
                    bytes.set(given);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(chars.get()).containsOnly('\0');
        assertThat(bytes.get()).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null"})
    void onlyAScalarHasCharacters(String json) throws IOException {
        SecretValue value = parse(json);

        assertThatThrownBy(() -> value.withChars(given -> "")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> value.withBytes(given -> "")).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}|OBJECT",
                "[1,2]|ARRAY",
                "\"text\"|STRING",
                "12|NUMBER",
                "-1.5e10|NUMBER",
                "true|BOOLEAN",
                "false|BOOLEAN",
                "null|NULL",
                "' [ ] '|ARRAY",
                "{}|OBJECT",
            })
    void parsesEveryKind(String json, Kind kind) throws IOException {
        SecretValue value = parse(json);

        assertThat(value.kind()).isEqualTo(kind);
        assertThat(value.isNull()).isEqualTo(kind == Kind.NULL);
        assertThat(value.revealJson()).isEqualTo(json.replace(" ", ""));
        assertThat(value).hasToString("SecretValue[hidden]").isEqualTo(parse(json));
        assertThat(value.hashCode()).isEqualTo(parse(json).hashCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1.0",
                "1.10",
                "1E+2",
                "1e400",
                "0.1000000000000000055511151231257827",
                "123456789012345678901234567890",
                "-1.5e-10"
            })
    void keepsTheTextOfNumbers(String number) throws IOException {
        assertThat(parse(number).reveal()).isEqualTo(number);
        assertThat(parse("{\"n\":" + number + "}").revealJson()).isEqualTo("{\"n\":" + number + "}");
    }

    @Test
    void revealsScalarsOnly() throws IOException {
        assertThat(parse("\"n0tf0rl0gs\"").reveal()).isEqualTo("n0tf0rl0gs");
        assertThat(parse("true").reveal()).isEqualTo("true");
        for (String json : List.of("{\"a\":\"n0tf0rl0gs\"}", "[\"n0tf0rl0gs\"]", "null")) {
            SecretValue value = parse(json);
            assertThatThrownBy(value::reveal)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no plain text in a JSON " + value.kind());
        }
    }

    @Test
    void findsFields() throws IOException {
        SecretValue value =
                parse("{\"s\":\"x\",\"n\":7,\"f\":1.5,\"b\":true,\"no\":false,\"z\":null,\"o\":{\"k\":\"v\"},"
                        + "\"a\":[\"p\",1,\"q\",null,{}],\"big\":99999999999999999999,\"t\":\"true\",\"ns\":\"7\"}");

        assertThat(value.fields().keySet()).containsExactly("s", "n", "f", "b", "no", "z", "o", "a", "big", "t", "ns");
        assertThat(value.field("s")).isEqualTo(SecretValue.of("x"));
        assertThat(value.field("z")).isNull();
        assertThat(value.field("absent")).isNull();
        assertThat(value.text("s")).isEqualTo("x");
        assertThat(value.text("n")).isEqualTo("7");
        assertThat(value.text("b")).isEqualTo("true");
        assertThat(value.text("o")).isNull();
        assertThat(value.text("a")).isNull();
        assertThat(value.text("z")).isNull();
        assertThat(value.number("n", -1)).isEqualTo(7);
        assertThat(value.number("f", -1)).isEqualTo(-1);
        assertThat(value.number("ns", -1)).isEqualTo(-1);
        assertThat(value.number("big", -1)).isEqualTo(-1);
        assertThat(value.number("absent", -1)).isEqualTo(-1);
        assertThat(value.isTrue("b")).isTrue();
        assertThat(value.isTrue("no")).isFalse();
        assertThat(value.isTrue("t")).isFalse();
        assertThat(value.isTrue("absent")).isFalse();
        assertThat(value.texts("a")).containsExactly("p", "q");
        assertThat(value.texts("s")).isEmpty();
        assertThat(value.texts("absent")).isEmpty();
        assertThat(value.elements()).isEmpty();
        SecretValue scalar = SecretValue.of("x");
        assertThat(scalar.fields()).isEmpty();
        assertThat(scalar.elements()).isEmpty();
        assertThat(scalar.field("x")).isNull();
    }

    @Test
    void isUnmodifiable() throws IOException {
        SecretValue object = parse("{\"a\":[1]}");
        Map<String, SecretValue> fields = new HashMap<>(Map.of("k", SecretValue.of("v")));
        List<SecretValue> elements = new ArrayList<>(List.of(SecretValue.of("v")));
        SecretValue made = SecretValue.of(fields);
        SecretValue list = SecretValue.of(elements);
        fields.clear();
        elements.clear();

        assertThat(made.revealJson()).isEqualTo("{\"k\":\"v\"}");
        assertThat(list.revealJson()).isEqualTo("[\"v\"]");
        assertThatThrownBy(() -> object.fields().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> made.fields().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> list.elements().clear()).isInstanceOf(UnsupportedOperationException.class);
        List<SecretValue> parsed = object.fields().values().iterator().next().elements();
        assertThatThrownBy(parsed::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aRoundTripKeepsEverything() throws IOException {
        Map<String, SecretValue> fields = new LinkedHashMap<>();
        fields.put("z " + SECRET, SecretValue.of(SECRET));
        fields.put("", SecretValue.of(List.of(SecretValue.of(""), parse("null"), parse("1.10"), parse("true"))));
        fields.put("a", SecretValue.of(Map.of()));
        SecretValue value = SecretValue.of(fields);

        SecretValue again = parse(value.revealJson());

        assertThat(again).isEqualTo(value).hasSameHashCodeAs(value);
        assertThat(again.fields().keySet()).containsExactly("z " + SECRET, "", "a");
        assertThat(again.text("z " + SECRET)).isEqualTo(SECRET);
        assertThat(again.revealJson()).isEqualTo(value.revealJson());
    }

    @Test
    void comparesContentAndKind() throws IOException {
        assertThat(SecretValue.of("1")).isEqualTo(SecretValue.of("1")).isNotEqualTo(parse("1"));
        assertThat(parse("1")).isNotEqualTo(parse("1.0")).isNotEqualTo(parse("2"));
        assertThat(parse("{\"a\":1,\"b\":2}")).isEqualTo(parse("{\"b\":2,\"a\":1}"));
        assertThat(parse("[1,2]")).isNotEqualTo(parse("[2,1]"));
        assertThat(SecretValue.of("null")).isNotEqualTo(parse("null"));
        assertThat(SecretValue.of("x").equals((Object) "x")).isFalse();
    }

    @Test
    void theLastOfEqualNamesWins() throws IOException {
        assertThat(parse("{\"a\":1,\"a\":2}").revealJson()).isEqualTo("{\"a\":2}");
    }

    @Test
    void printsNothingOfItsContent() throws IOException {
        SecretValue value = parse("{\"n0tf0rl0gs\":[\"n0tf0rl0gs\"]}");

        assertThat(value.toString() + value.fields().values() + List.of(value))
                .doesNotContain("[\"")
                .contains("hidden");
        assertThat(String.valueOf(value)).isEqualTo("SecretValue[hidden]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "n0tf0rl0gs",
                "\"n0tf0rl0gs",
                "'n0tf0rl0gs'",
                "{\"n0tf0rl0gs\"",
                "{\"n0tf0rl0gs\":",
                "{\"n0tf0rl0gs\":\"n0tf0rl0gs\"",
                "{\"n0tf0rl0gs\":\"n0tf0rl0gs\",",
                "{\"n0tf0rl0gs\":\"n0tf0rl0gs\",}",
                "{n0tf0rl0gs:1}",
                "[\"n0tf0rl0gs\"",
                "[\"n0tf0rl0gs\",",
                "[\"n0tf0rl0gs\",]",
                "[\"n0tf0rl0gs\"}",
                "[tru",
                "truen0tf0rl0gs",
                "\"n0tf0rl0gs\\q\"",
                "\"n0tf0rl0gs\\u12\"",
                "\"n0tf0rl0gs\nn0tf0rl0gs\"",
                "+1",
                "01",
                "1.",
                ".1",
                "NaN",
                "1n0tf0rl0gs",
                "// n0tf0rl0gs\n1",
                "]",
                "}",
                "<html>n0tf0rl0gs</html>",
                "{\"a\":1}{\"n0tf0rl0gs\":2}",
                "{\"a\":1} n0tf0rl0gs",
                "1 2",
                "null null",
                "[] ]"
            })
    void refusesWhatIsNotOneJsonValueWithoutQuotingIt(String text) {
        assertRefusedSilently(text.getBytes(UTF_8));
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] whole =
                ("{\"n0tf0rl0gs\":[\"n0tf0rl0gs\",1.5,true,null,{\"k\":\"" + "n0tf0rl0gs\u00e9\"}]}").getBytes(UTF_8);
        assertThat(SecretValue.parse(whole).kind()).isEqualTo(Kind.OBJECT);
        for (int length = 0; length < whole.length; length++) {
            assertRefusedSilently(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void refusesGarbageInAnyEncoding() {
        List<byte[]> garbage = new ArrayList<>();
        for (Charset charset : new Charset[] {
            StandardCharsets.UTF_16BE,
            StandardCharsets.UTF_16LE,
            StandardCharsets.ISO_8859_1,
            Charset.forName("UTF-32BE"),
            Charset.forName("UTF-32LE")
        }) {
            garbage.add("{\"a\":\"n0tf0rl0gs\u00e9".getBytes(charset));
            garbage.add("n0tf0rl0gs".getBytes(charset));
        }
        garbage.add(new byte[] {'"', (byte) 0xc3, '"'});
        garbage.add(new byte[] {'"', (byte) 0xff, (byte) 0xfe, '"'});
        garbage.add(new byte[] {0, 0, 0, '{', 0, 'n', '0', 't'});
        garbage.add(new byte[] {'{', 0, 0, 0, 'n', '0', 't', 'f'});
        garbage.add(new byte[] {'{', 0, 0, 0, '0', 0, 0});
        garbage.add(new byte[] {0x1f, (byte) 0x8b, 8, 0});
        Random random = new Random(20260301);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[1 + random.nextInt(40)];
            random.nextBytes(bytes);
            bytes[0] = (byte) 0xf8; // begins no JSON
            garbage.add(bytes);
        }

        garbage.forEach(SecretValueTest::assertRefusedSilently);
    }

    /** The message may say what kind of fault and where, nothing else. */
    private static void assertRefusedSilently(byte[] json) {
        Throwable thrown = catchThrowable(() -> SecretValue.parse(json));
        assertThat(thrown).isExactlyInstanceOf(IOException.class).hasNoCause();
        assertThat(thrown.getMessage())
                .matches("empty instead of JSON|not JSON \\(fault at byte \\d+ of " + json.length + "\\)");
        assertThat(thrown.getSuppressed()).isEmpty();
    }

    @Test
    void limitsTheDepth() throws IOException {
        int limit = 512;
        SecretValue deepest = parse("[".repeat(limit) + "]".repeat(limit));
        assertThat(deepest.revealJson()).hasSize(2 * limit);
        assertThat(deepest.hashCode()).isEqualTo(parse(deepest.revealJson()).hashCode());

        assertRefusedSilently(("[".repeat(limit + 1) + "]".repeat(limit + 1)).getBytes(UTF_8));
        assertRefusedSilently("{\"n0tf0rl0gs\":".repeat(100_000).getBytes(UTF_8));
    }
}
