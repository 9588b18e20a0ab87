package io.github.vaultlambda.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonWriterTest {
    private static String written(String text) {
        JsonWriter json = new JsonWriter();
        json.string(text);
        return json.json();
    }

    @Test
    void separatesFieldsAndElements() {
        JsonWriter json = new JsonWriter();
        json.open('{');
        json.name("a");
        json.open('[');
        json.literal("1.10");
        json.string("x");
        json.open('[');
        json.close(']');
        json.open('{');
        json.close('}');
        json.literal("null");
        json.close(']');
        json.name("");
        json.open('{');
        json.name("b");
        json.literal("true");
        json.close('}');
        json.name("c");
        json.string("");
        json.close('}');

        assertThat(json.json()).isEqualTo("{\"a\":[1.10,\"x\",[],{},null],\"\":{\"b\":true},\"c\":\"\"}");
    }

    @Test
    void escapesWhatMustBeEscaped() {
        String[][] texts = {
            {"", ""},
            {"plain", "plain"},
            {"\"", "\\\""},
            {"a\"b", "a\\\"b"},
            {"\\", "\\\\"},
            {"a/b<&>'", "a/b<&>'"},
            {"\b\f\n\r\tx", "\\b\\f\\n\\r\\tx"},
            {"\0", "\\u0000"},
            {"\037\u007f\u0080", "\\u001F\u007f\u0080"},
            {"\u00e9\u4e16\u2028\uffff", "\u00e9\u4e16\u2028\uffff"},
            {"\ud83d\udd11", "\ud83d\udd11"},
        };
        for (String[] text : texts) {
            assertThat(written(text[0])).isEqualTo("\"" + text[1] + "\"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\\uD83D;d83d",
                "\\uDD11;dd11",
                "a\\uD83Db;61 d83d 62",
                "\\uDD11\\uD83D;dd11 d83d",
                "\\uD83D\ud83d\udd11;d83d d83d dd11",
                "\ud83d\udd11\\uDD11;d83d dd11 dd11",
            })
    void halfASurrogatePairOutlivesUtf8(String escaped, String units) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String unit : units.split(" ", -1)) {
            text.append((char) Integer.parseInt(unit, 16));
        }

        assertThat(written(text.toString())).isEqualTo("\"" + escaped + "\"");
        assertThat(new JsonReader(written(text.toString()).getBytes(UTF_8)).string())
                .isEqualTo(text.toString());
    }

    @Test
    void showsNothingWhenPrinted() {
        JsonWriter json = new JsonWriter();
        json.string("n0tf0rl0gs");

        assertThat((Object) json).asString().doesNotContain("n0tf0rl0gs");
    }
}
