package io.github.vaultlambda.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsAndWritesTheSameText() {
        String text =
                "{\"a\":[1,-0.50,1e5,true,false,null,\"x\\\"\\\\\\n\\t\"],\"b\":{},\"c\":[],\"d\":\"\u00e9\ud83d\ude00\"}";

        assertThat(Json.write(Json.read(text))).isEqualTo(text);
    }

    @Test
    void decodesEscapes() {
        assertThat(Json.read("\"\\u0041\\ud83d\\ude00\\/\\b\\f\\r\"")).isEqualTo("A\ud83d\ude00/\b\f\r");
    }

    @Test
    void escapesWhatGoEscapesAndLoneSurrogates() {
        assertThat(Json.write("<&>\u2028\u2029\u0001\ud800x"))
                .isEqualTo("\"\\u003c\\u0026\\u003e\\u2028\\u2029\\u0001\\ud800x\"");
    }

    @Test
    void keepsTheTextOfNumbers() {
        assertThat(Json.read("[12345678901234567890, 1.50]")).hasToString("[12345678901234567890, 1.50]");
    }

    @Test
    void theLastOfTwoEqualNamesWins() {
        assertThat(Json.readObject("{\"a\":1,\"a\":2}".getBytes(StandardCharsets.UTF_8)))
                .hasSize(1)
                .extractingByKey("a")
                .hasToString("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":}",
                "{\"a\" 1}",
                "{a:1}",
                "tru",
                "01",
                "1.",
                "-",
                "1e",
                "\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "1 2",
                "[1 2]",
                "nul",
                "{\"a\":1,}"
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void limitsDepth() {
        assertThatThrownBy(() -> Json.read("[".repeat(5000))).isInstanceOf(JsonException.class);
    }

    @Test
    void writesMapsAndLists() {
        assertThat(Json.write(Map.of("k", List.of(1, "v")))).isEqualTo("{\"k\":[1,\"v\"]}");
    }
}
