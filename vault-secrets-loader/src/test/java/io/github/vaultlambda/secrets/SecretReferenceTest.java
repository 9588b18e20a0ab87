package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReferenceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "secret/data/orders/db|secret/data/orders/db||",
                "secret/data/orders/db#password|secret/data/orders/db||password",
                "secret/data/db?version=3|secret/data/db|3|",
                "secret/data/db?version=3#password|secret/data/db|3|password",
                "` secret/data/db#password `|secret/data/db||password",
                "/secret/data/db|secret/data/db||",
                "///secret//data///db|secret/data/db||",
                "v1/secret/data/db|secret/data/db||",
                "/v1/secret/data/db|secret/data/db||",
                "v1x/db|v1x/db||",
                "secret/v1/db|secret/v1/db||",
                "db|db||",
                "secret/a b%2F+ü|secret/a b%2F+ü||",
                "secret/...|secret/...||",
                "secret/db#a.b.c|secret/db||a.b.c",
                "secret/db#a#b|secret/db||a#b",
                "secret/db#what?|secret/db||what?",
                "secret/db#a/b|secret/db||a/b",
            })
    void parses(String text, String path, @Nullable Integer version, @Nullable String field) {
        SecretReference reference = SecretReference.parse(text);

        assertThat(reference.source().path()).isEqualTo(path);
        assertThat(reference.source().version()).isEqualTo(version);
        assertThat(reference.field()).isEqualTo(field);
        String plain = path + (version == null ? "" : "?version=" + version) + (field == null ? "" : "#" + field);
        assertThat(reference)
                .hasToString(plain)
                .isEqualTo(SecretReference.parse(plain))
                .hasSameHashCodeAs(SecretReference.parse(plain));
        VaultRequest request = reference.source().request(reference.path());
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo(path);
        assertThat(request.query()).isEqualTo(version == null ? Map.of() : Map.of("version", version.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|the path of a secret is missing",
                "' '|the path of a secret is missing",
                "/|the path of a secret is missing",
                "v1/|the path of a secret is missing",
                "secret/|a path with a slash at its end is a folder",
                "secret/data/#password|a path with a slash at its end is a folder",
                "https://vault.example.com/v1/secret/db|it begins with an address, which VAULT_ADDR sets: leave it out",
                "vault:secret/data/db#password|vault: belongs before references in variables alone: leave it out",
                "#password|the path of a secret is missing",
                "?version=1|the path of a secret is missing",
                "secret/db#|there is no field after #",
                "'secret/db# '|there is no field after #",
                "secret/../sys/raw|a path has no dot segments",
                "../secret|a path has no dot segments",
                "secret/./db|a path has no dot segments",
                "secret/..|a path has no dot segments",
                "secret/db?|after ? come parameters such as version=3, with & between them",
                "secret/db?version|after ? come parameters such as version=3, with & between them",
                "secret/db?version=|version=N has N from 1",
                "secret/db?version=0|version=N has N from 1",
                "secret/db?version=-1|version=N has N from 1",
                "secret/db?version=x|version=N has N from 1",
                "secret/db?version=99999999999|version=N has N from 1",
                "secret/db?version=1&version=2|the parameter version is there twice",
                "secret/db?version=1&kv=1|a KV v1 engine has no versions",
                "secret/db?kv=3|kv=N has 1 or 2 as N",
                "secret/db?kv=1&kv=1|the parameter kv is there twice",
                "secret/db?wrap_ttl=|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=0s|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=1d|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=99999999999s|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=999999999h|wrap_ttl is a time such as 60s or 5m",
                "secret/db?wrap_ttl=1s&wrap_ttl=1s|the parameter wrap_ttl is there twice",
                "secret/db?&|after ? come parameters such as version=3, with & between them",
                "secret/db?version=1&|after ? come parameters such as version=3, with & between them",
            })
    void refuses(String text, String why) {
        assertThatThrownBy(() -> SecretReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" is no reference to a secret: " + why
                        + "; write one such as secret/data/orders/db#password");
    }

    @Test
    void comparesAllParts() {
        SecretReference reference = SecretReference.parse("secret/db?version=1#a");

        assertThat(reference)
                .isNotEqualTo(SecretReference.parse("secret/db?version=2#a"))
                .isNotEqualTo(SecretReference.parse("secret/db#a"))
                .isNotEqualTo(SecretReference.parse("secret/db?version=1#b"))
                .isNotEqualTo(SecretReference.parse("secret/db?version=1"))
                .isNotEqualTo(SecretReference.parse("secret/other?version=1#a"));
        assertThat(reference.equals((Object) "secret/db?version=1#a")).isFalse();
        assertThat(reference.source())
                .isEqualTo(SecretReference.parse("secret/db?version=1#b").source())
                .isNotEqualTo(SecretReference.parse("secret/db?version=2").source())
                .isNotEqualTo(SecretReference.parse("secret/db").source());
        assertThat(reference.source().equals((Object) "secret/db")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret/db?kv=1|secret/db?kv=1",
                "secret/db?kv=2&version=3#a|secret/db?version=3&kv=2#a",
                "secret/db?wrap_ttl=60|secret/db?wrap_ttl=60s",
                "secret/db?wrap_ttl=5m|secret/db?wrap_ttl=300s",
                "secret/db?wrap_ttl=2h&version=1|secret/db?version=1&wrap_ttl=7200s",
                "pki/issue/web?common_name=n0tf0rl0gs&ttl=|pki/issue/web?common_name=...&ttl=...",
                "pki/issue/web?wrap_ttl=1s&a=n0tf0rl0gs#key|pki/issue/web?wrap_ttl=1s&a=...#key",
            })
    void showsItsParametersWithoutTheirValues(String text, String shown) {
        assertThat(SecretReference.parse(text)).hasToString(shown);
        assertThat(SecretReference.parse(text).source().isPost()).isEqualTo(shown.contains("..."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b|b",
                "a=|''",
                "a=b%20c|b c",
                "a=b+c|b+c",
                "a=b=c|b=c",
                "a=%C3%BC%F0%9F%94%91ü|ü\uD83D\uDD11ü",
                "a=%26%23%3f%2F%25|&#?/%",
                "a=%0A|'\n'",
            })
    void decodesTheValuesOfParameters(String query, String value) {
        SecretReference reference = SecretReference.parse("p/q?" + query);

        assertThat(reference)
                .isEqualTo(SecretReference.builder("p/q").parameter("a", value).build());
        assertThat(reference.source().request("p/q")).hasToString("POST p/q");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "n0tf0rl0gs%", "%4g", "%g4", "%+4", "%FF", "%C3", "n0tf0rl0gs%ED%A0%80"})
    void refusesValuesThatAreNotEncodedWithoutQuotingThem(String value) {
        assertThatThrownBy(() -> SecretReference.parse("p/q?a=" + value + "&version=x#f"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessage("\"p/q?a=...&version=x#f\" is no reference to a secret: the value of the parameter a is not"
                        + " percent-encoded UTF-8 (a percent sign itself is %25); write one such as"
                        + " secret/data/orders/db#password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\nb", "a\rb", "a\tb", "a\u007Fb", "a\u0085b", "a\u2028b", "a\u2029b"})
    void refusesControlCharacters(String bad) {
        refusesEverywhere(bad, "there is a control character in it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\uD83Db", "a\uDD11", "a\uD83D", "\uDD11\uD83D"})
    void refusesHalfCharacters(String bad) {
        refusesEverywhere(bad, "there is half a character in it");
    }

    private static void refusesEverywhere(String bad, String why) {
        for (String text : List.of(bad, "s#" + bad, "s?" + bad + "=1")) {
            assertThatThrownBy(() -> SecretReference.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(why);
        }
    }

    @Test
    void isBuiltOfItsParts() {
        assertThat(SecretReference.builder("/v1/secret/data/db")
                        .version(3)
                        .field("a.b")
                        .build())
                .isEqualTo(SecretReference.parse("secret/data/db?version=3#a.b"));
        assertThat(SecretReference.builder("secret/db")
                        .kv(2)
                        .wrapTtl(Duration.ofMillis(1500))
                        .build())
                .isEqualTo(SecretReference.parse("secret/db?wrap_ttl=2&kv=2"));
        assertThat(SecretReference.builder("a/b")
                        .parameter("x", "1")
                        .parameter("y", "2")
                        .build())
                .isEqualTo(SecretReference.parse("a/b?y=2&x=1"))
                .hasSameHashCodeAs(SecretReference.parse("a/b?y=2&x=1"))
                .isNotEqualTo(SecretReference.parse("a/b?y=2&x=2"));
        SecretReference post = SecretReference.builder("a/b").post().build();
        assertThat(post.source().isPost()).isTrue();
        assertThat(post).isNotEqualTo(SecretReference.parse("a/b")).hasToString("a/b");
        assertThat(post.path()).isEqualTo("a/b");
        assertThat(SecretReference.builder("a").parameter("version", "1").build())
                .isNotEqualTo(SecretReference.parse("a?version=1"));
    }

    @Test
    void aBuilderThatIsUsedAgainChangesNothingBuilt() {
        SecretReference.Builder builder = SecretReference.builder("a").parameter("x", "1");
        SecretReference first = builder.build();
        SecretReference second = builder.parameter("y", "2").build();

        assertThat(first).isEqualTo(SecretReference.parse("a?x=1")).isNotEqualTo(second);
    }

    @Test
    void refusesPartsThatAreNone() {
        SecretReference.Builder builder = SecretReference.builder("a");

        assertThatThrownBy(() -> builder.version(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.kv(3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.wrapTtl(Duration.ofMillis(999))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.wrapTtl(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.field(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.parameter(" ", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SecretReference.builder("a/#b").build()).hasMessageContaining("neither ? nor #");
        assertThatThrownBy(() -> SecretReference.builder("a/../b").build()).hasMessageContaining("dot segments");
        assertThatThrownBy(() -> SecretReference.builder("a").post().version(1).build())
                .hasMessageContaining("other parameters make it a POST");
        assertThatThrownBy(() -> SecretReference.parse("a?kv=2&b=n0tf0rl0gs"))
                .hasMessageContaining("\"a?kv=2&b=...\"")
                .hasMessageContaining("other parameters make it a POST");
        assertThatThrownBy(() -> SecretReference.parse("a?b=1&b=2")).hasMessageContaining("parameter b is there twice");
    }

    @Test
    void everyReferenceOfGoodPartsIsReadAsItWasWritten() {
        Random random = new Random(1);
        String characters = "ab/._-~ +%ü\uD83D\uDD11=&";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder path = new StringBuilder("m");
            for (int n = random.nextInt(12); n > 0; n--) {
                int at = random.nextInt(characters.length() - 4);
                path.appendCodePoint(characters.codePointAt(at));
            }
            path.append("/x");
            String clean = path.toString().replaceAll("/+", "/").replaceAll("(?<=/)\\.{1,2}(?=/)", "d");
            clean = new String(clean.getBytes(UTF_8), UTF_8).replace('?', 'q');
            SecretReference.Builder builder = SecretReference.builder(clean);
            if (random.nextBoolean()) {
                builder.version(1 + random.nextInt(999));
            }
            if (random.nextBoolean()) {
                builder.kv(2);
            }
            if (random.nextBoolean()) {
                builder.wrapTtl(Duration.ofSeconds(1 + random.nextInt(100_000)));
            }
            if (random.nextBoolean()) {
                builder.field("f" + random.nextInt(9) + (random.nextBoolean() ? ".a#?&b" : ""));
            }
            SecretReference built = builder.build();

            assertThat(SecretReference.parse(built.toString())).isEqualTo(built).hasSameHashCodeAs(built);
        }
    }

    @Test
    void junkIsRefusedInOneLineThatHelps() {
        Random random = new Random(2);
        String characters = "ab/.#?&=%v1 \n\u0000\u2028\uD83D\uDD11version=kv=wrap_ttl=";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder junk = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                junk.append(characters.charAt(random.nextInt(characters.length())));
            }
            String text = junk.toString();
            try {
                SecretReference reference = SecretReference.parse(text);
                assertThat(reference.path()).isNotEmpty().doesNotContain("//", "\n");
                assertThat(reference.source().request(reference.path()).path()).isEqualTo(reference.path());
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage())
                        .contains("is no reference to a secret: ")
                        .endsWith("; write one such as secret/data/orders/db#password")
                        .doesNotContain("\n", "\u0000", "\u2028");
            }
        }
    }
}
