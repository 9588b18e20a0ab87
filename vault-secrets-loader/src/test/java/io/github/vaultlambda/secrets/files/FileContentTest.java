package io.github.vaultlambda.secrets.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vaultlambda.client.SecretValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes of each format. */
class FileContentTest {
    /** Every character that means something somewhere, and some that have more than one byte. */
    private static final String CHARACTERS = "ab \t\n\r\f'\"\\$`#!{}()=:;&|<>*?~%@^,.-_/éß€\u0001\u007f\u0085\u2028😀";

    @TempDir
    Path directory;

    @Test
    void writesAssignments() throws Exception {
        assertThat(text(FileFormat.DOTENV, """
                {"USER":"app","EMPTY":"","_n1":12.50,"ok":true,"nothing":null,"SPACED":" a # b ",
                "PRICE":"$5 `x` \\"y\\" a\\\\b","LINES":"one\\ntwo","APOSTROPHE":"it's","BOTH":"it's $5","END":"a\\\\"}""")).isEqualTo("""
                        APOSTROPHE="it's"
                        BOTH="it's \\$5"
                        EMPTY=''
                        END="a\\\\"
                        LINES='one
                        two'
                        PRICE='$5 `x` "y" a\\b'
                        SPACED=' a # b '
                        USER='app'
                        _n1='12.50'
                        ok='true'
                        """);
    }

    @Test
    void namesFieldsThatAreNoVariables() {
        assertThatThrownBy(() -> text(
                        FileFormat.DOTENV,
                        "{\"ok\":\"1\",\"db-user\":\"n0tf0rl0gs\",\"1st\":\"1\",\"\":\"1\",\"nul\":\"\\u0000\"}"))
                .isInstanceOf(UnfitSecretException.class)
                .hasMessageContaining("[, 1st, db-user, nul]")
                .hasMessageNotContaining("n0tf0rl0gs");
    }

    @ParameterizedTest
    @EnumSource(
            value = FileFormat.class,
            names = {"DOTENV", "PROPERTIES"})
    void namesFieldsThatAreNoTexts(FileFormat format) {
        assertThatThrownBy(() -> text(format, "{\"a\":{\"b\":\"n0tf0rl0gs\"},\"c\":[1],\"d\":1}"))
                .isInstanceOf(UnfitSecretException.class)
                .hasMessageContaining("[a, c]")
                .hasMessageNotContaining("n0tf0rl0gs");
        assertThatThrownBy(() -> text(format, "\"n0tf0rl0gs\""))
                .isInstanceOf(UnfitSecretException.class)
                .hasMessageContaining("no fields");
    }

    @Test
    void tellsWhatDotenvLibrariesReadInDifferentWays() throws Exception {
        assertThat(DotenvText.ambiguous(value("""
                {"plain":"a b","quotes":"\\"$x\\" `y` #","apostrophe":"it's","lines":"a\\nb","back":"a\\\\b","number":1,
                "BOTH":"it's $5","END":"a\\\\","TWO":"a\\\\\\\\b","CR":"a\\r\\n","BRACE":"${x}"}"""))).containsExactly("BOTH", "END", "TWO", "CR", "BRACE");
    }

    @Test
    void writesProperties() throws Exception {
        assertThat(text(FileFormat.PROPERTIES, """
                {"user":"app","a b:c=d#!":" lead, then # = : !","lines":"a\\n\\tb\\\\c","é":"€😀","empty":"","n":1.0,"none":null}""")).isEqualTo("""
                        a\\ b\\:c\\=d\\#\\!=\\ lead, then \\# \\= \\: \\!
                        empty=
                        lines=a\\n\\tb\\\\c
                        n=1.0
                        user=app
                        \\u00E9=\\u20AC\\uD83D\\uDE00
                        """);
    }

    @Test
    void writesDataAsJson() throws Exception {
        assertThat(text(FileFormat.DATA, "{\"b\":1.0,\"a\":{\"d\":null,\"c\":\"é\"}}"))
                .isEqualTo("""
                {
                  "a": {
                    "c": "é",
                    "d": null
                  },
                  "b": 1.0
                }""");
        assertThat(text(FileFormat.DATA, "\"one field\"")).isEqualTo("\"one field\"");
    }

    @ParameterizedTest
    @CsvSource({"'\"a\\n\"', 'a\n'", "12.50, 12.50", "true, true"})
    void writesAFieldWithNothingAdded(String json, String text) throws Exception {
        assertThat(text(FileFormat.FIELD, json)).isEqualTo(text);
    }

    @Test
    void decodesBase64ThatMayBeWrapped() throws Exception {
        byte[] bytes = new byte[300];
        new Random(1).nextBytes(bytes);
        String wrapped = Base64.getMimeEncoder().encodeToString(bytes) + "\n";
        assertThat(FileContent.of(FileFormat.BYTES, SecretValue.of(wrapped))).isEqualTo(bytes);
        assertThatThrownBy(() -> FileContent.of(FileFormat.BYTES, SecretValue.of("n0tf0rl0gs!")))
                .isInstanceOf(UnfitSecretException.class)
                .hasMessage("it is not base64")
                .hasNoCause();
    }

    @ParameterizedTest
    @EnumSource(
            value = FileFormat.class,
            names = {"FIELD", "BYTES"})
    void wantsATextForAField(FileFormat format) {
        assertThatThrownBy(() -> text(format, "{\"a\":1}"))
                .isInstanceOf(UnfitSecretException.class)
                .hasMessageContaining("no text");
    }

    @Test
    void shellReadsBackWhateverTheValue() throws Exception {
        Path shell = Path.of("/bin/sh");
        assumeTrue(Files.isExecutable(shell), "there is no /bin/sh");
        List<String> values = randomTexts(400);
        Map<String, SecretValue> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            fields.put("V" + i, SecretValue.of(values.get(i)));
        }
        Path file = directory.resolve("secret.env");
        Files.write(file, FileContent.of(FileFormat.DOTENV, SecretValue.of(fields)));
        ProcessBuilder builder = new ProcessBuilder(
                        shell.toString(), "-c", "set -a; . \"$0\"; exec env -0", file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        Process process = builder.start();
        List<String> variables =
                new ArrayList<>(List.of(new String(process.getInputStream().readAllBytes(), UTF_8).split("\0", -1)));
        assertThat(process.waitFor()).isZero();
        for (int i = 0; i < values.size(); i++) {
            assertThat(variables.contains("V" + i + "=" + values.get(i)))
                    .as("value %s", i)
                    .isTrue();
        }
    }

    @Test
    void propertiesReadBackWhateverNameAndValue() throws Exception {
        List<String> texts = randomTexts(400);
        Map<String, SecretValue> fields = new LinkedHashMap<>();
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            fields.put(texts.get(i), SecretValue.of(texts.get(i + 1)));
        }
        Properties read = new Properties();
        read.load(new ByteArrayInputStream(FileContent.of(FileFormat.PROPERTIES, SecretValue.of(fields))));
        Map<String, String> expected = new LinkedHashMap<>();
        fields.forEach((name, text) -> expected.put(name, text.reveal()));
        assertThat(read.equals(expected)).isTrue();
    }

    @Test
    void jsonReadsBackWhateverNameAndValue() throws Exception {
        List<String> texts = randomTexts(400);
        Map<String, SecretValue> fields = new LinkedHashMap<>();
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            fields.put(texts.get(i), SecretValue.of(texts.get(i + 1)));
        }
        SecretValue secret = SecretValue.of(fields);
        assertThat(SecretValue.parse(FileContent.of(FileFormat.DATA, secret)).equals(secret))
                .isTrue();
    }

    private static List<String> randomTexts(int count) {
        Random random = new Random(20260301);
        int[] characters = CHARACTERS.codePoints().toArray();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.appendCodePoint(characters[random.nextInt(characters.length)]);
            }
            texts.add(text.toString());
        }
        return texts;
    }

    private static String text(FileFormat format, String json) throws IOException, UnfitSecretException {
        return new String(FileContent.of(format, value(json)), UTF_8);
    }

    private static SecretValue value(String json) throws IOException {
        return SecretValue.parse(json.getBytes(UTF_8));
    }
}
