package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretBindingTest {
    private static final String SECRET = "{\"password\":\"n0tf0rl0gs\",\"port\":5432,\"portText\":\" 5432 \",\"big\":"
            + "12345678901,\"ratio\":0.25,\"on\":true,\"onText\":\"true\",\"nothing\":null,\"tls\":{\"mode\":\"require\","
            + "\"ca\":{\"pem\":\"n0tf0rl0gs-pem\"}},\"tls.mode\":\"dotted\",\"hosts\":[\"a\",\"b\"],\"level\":\"HIGH\",\"small\":-7,\"letter\":"
            + "\"x\",\"lower\":\"high\",\"alias\":\"1st\",\"base64\":\"AP8+\",\"empty\":\"\",\"unpadded\":\"AP8\","
            + "\"twoLines\":\"AP8+\\nAP8+\",\"id\":\"123e4567-e89b-12d3-a456-426614174000\",\"shortId\":\"1-2-3-4-5\","
            + "\"uri\":\"postgres://db:5432/orders\",\"spaced\":\"n0tf0rl0gs n0tf0rl0gs\",\"at\":\"2026-03-01T11:00:00Z\","
            + "\"atSeconds\":1767225600,\"time\":\"PT5M\",\"huge\":1e999,\"suffixed\":\"1d\",\"nan\":\"NaN\","
            + "\"date\":\" 2026-03-01 \",\"moment\":\"2026-03-01T11:00:00+01:00\",\"enormous\":12345678901234567890}";

    record Login(String password, int port) {}

    record Strict(String password) {
        Strict {
            throw new IllegalArgumentException("weak password " + password);
        }
    }

    enum Level {
        LOW,
        HIGH
    }

    enum Alias {
        @JsonProperty("1st")
        FIRST
    }

    public static final class Bean {
        private @Nullable String password;
        private @Nullable Level level;

        public void setPassword(String password) {
            this.password = password;
        }

        public void setLevel(Level level) {
            this.level = level;
        }
    }

    public static final class Ports {
        private int port;

        public void setPort(int port) {
            this.port = port;
        }

        @Override
        public String toString() {
            return "port " + port;
        }
    }

    public static final class Touchy {
        public void setPassword(String password) {
            if (!password.isEmpty()) {
                throw new IllegalStateException("cannot take " + password);
            }
        }
    }

    interface NoType {}

    private static SecretValue secret() {
        return parsed(SECRET);
    }

    private static SecretValue parsed(String json) {
        try {
            return SecretValue.parse(json.getBytes(UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T bind(String reference, Class<T> type) {
        return new TypeBinding<>(SecretType.of(type)).bind(SecretReference.parse(reference), secret());
    }

    static List<Object[]> fits() {
        return List.of(
                new Object[] {"s#password", String.class, "n0tf0rl0gs"},
                new Object[] {"s#port", String.class, "5432"},
                new Object[] {"s#on", String.class, "true"},
                new Object[] {"s#hosts", String.class, "[\"a\",\"b\"]"},
                new Object[] {"s#tls", String.class, "{\"mode\":\"require\",\"ca\":{\"pem\":\"n0tf0rl0gs-pem\"}}"},
                new Object[] {"s", String.class, SECRET},
                new Object[] {"s#port", Integer.class, 5432},
                new Object[] {"s#portText", Integer.class, 5432},
                new Object[] {"s#port", int.class, 5432},
                new Object[] {"s#port", short.class, (short) 5432},
                new Object[] {"s#port", Short.class, (short) 5432},
                new Object[] {"s#big", Long.class, 12345678901L},
                new Object[] {"s#big", long.class, 12345678901L},
                new Object[] {"s#ratio", Double.class, 0.25},
                new Object[] {"s#port", Double.class, 5432.0},
                new Object[] {"s#ratio", float.class, 0.25f},
                new Object[] {"s#on", Boolean.class, true},
                new Object[] {"s#onText", Boolean.class, true},
                new Object[] {"s#on", boolean.class, true},
                new Object[] {"s", SecretValue.class, secret()},
                new Object[] {"s#password", SecretValue.class, SecretValue.of("n0tf0rl0gs")},
                new Object[] {"s#ratio", BigDecimal.class, new BigDecimal("0.25")},
                new Object[] {"s#big", BigInteger.class, BigInteger.valueOf(12345678901L)},
                new Object[] {"s#small", byte.class, (byte) -7},
                new Object[] {"s#small", float.class, -7f},
                new Object[] {"s#letter", char.class, 'x'},
                new Object[] {"s#lower", Level.class, Level.HIGH},
                new Object[] {"s#alias", Alias.class, Alias.FIRST},
                new Object[] {"s#base64", byte[].class, new byte[] {0, -1, 62}},
                new Object[] {"s#empty", byte[].class, new byte[0]},
                new Object[] {"s#port", char[].class, "5432".toCharArray()},
                new Object[] {"s#id", UUID.class, UUID.fromString("123E4567-e89b-12d3-a456-426614174000")},
                new Object[] {"s#uri", URI.class, URI.create("postgres://db:5432/orders")},
                new Object[] {"s#at", Instant.class, Instant.parse("2026-03-01T11:00:00Z")},
                new Object[] {"s#atSeconds", Instant.class, Instant.ofEpochSecond(1767225600)},
                new Object[] {"s#time", Duration.class, Duration.ofMinutes(5)},
                new Object[] {"s#port", Duration.class, Duration.ofSeconds(5432)},
                new Object[] {"s#date", LocalDate.class, LocalDate.of(2026, 3, 1)},
                new Object[] {"s#moment", OffsetDateTime.class, OffsetDateTime.parse("2026-03-01T11:00:00+01:00")},
                new Object[] {"s#moment", ZonedDateTime.class, ZonedDateTime.parse("2026-03-01T11:00:00+01:00")},
                new Object[] {"s#atSeconds", OffsetDateTime.class, OffsetDateTime.parse("2026-01-01T00:00:00Z")},
                new Object[] {"s#atSeconds", ZonedDateTime.class, ZonedDateTime.parse("2026-01-01T00:00:00Z")},
                new Object[] {"s#port", Year.class, Year.of(5432)},
                new Object[] {"s#hosts", Object.class, List.of("a", "b")},
                new Object[] {"s#password", char[].class, "n0tf0rl0gs".toCharArray()},
                new Object[] {"s#level", Level.class, Level.HIGH},
                new Object[] {"s#hosts", List.class, List.of("a", "b")},
                new Object[] {"s#hosts", String[].class, new String[] {"a", "b"}},
                new Object[] {"s#tls.ca", Map.class, Map.of("pem", "n0tf0rl0gs-pem")},
                new Object[] {"s", Login.class, new Login("n0tf0rl0gs", 5432)},
                // nested fields, and fields with a dot in their name, which win
                new Object[] {"s#tls.ca.pem", String.class, "n0tf0rl0gs-pem"},
                new Object[] {"s#tls.mode", String.class, "dotted"});
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("fits")
    void binds(String reference, Class<?> type, Object expected) {
        assertThat((Object) bind(reference, type)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "java.time.LocalDate, 2026-03-01",
        "java.time.LocalTime, 11:00:30",
        "java.time.LocalDateTime, 2026-03-01T11:00:30",
        "java.time.OffsetTime, 11:00:30+01:00",
        "java.time.OffsetDateTime, 2026-03-01T11:00:30Z",
        "java.time.ZonedDateTime, 2026-03-01T11:00:30+01:00[Europe/Berlin]",
        "java.time.ZoneId, Europe/Berlin",
        "java.time.ZoneOffset, +01:00",
        "java.time.Period, P1Y2M",
        "java.time.Year, 2026",
        "java.time.YearMonth, 2026-03",
        "java.time.MonthDay, --03-01",
        "java.time.Month, MARCH",
        "java.time.DayOfWeek, MONDAY",
    })
    void bindsDatesAndTimesWithAndWithoutJackson(Class<?> type, String text) {
        SecretValue value = SecretValue.of(text);
        assertThat((Object) new TypeBinding<>(SecretType.of(type)).bind(SecretReference.parse("s"), value))
                .hasToString(text);
        SecretType<?> array = SecretType.of(type.arrayType()); // for Jackson
        assertThat((Object[]) new TypeBinding<>(array).bind(SecretReference.parse("s"), parsed("[\"" + text + "\"]")))
                .singleElement()
                .hasToString(text);
    }

    @Test
    void bindsBeans() {
        Bean bean = bind("s", Bean.class);

        assertThat(bean.password).isEqualTo("n0tf0rl0gs");
        assertThat(bean.level).isEqualTo(Level.HIGH);
    }

    @Test
    void bindsTheWholeSecretAsAMap() {
        Map<?, ?> map = bind("s", Map.class);

        assertThat(map.get("password")).isEqualTo("n0tf0rl0gs");
        assertThat(map.get("port")).isEqualTo(5432);
        assertThat(map.get("tls.mode")).isEqualTo("dotted");
        assertThat(map.containsKey("nothing")).isTrue();
    }

    @Test
    void aFieldThatIsNullIsSaidToBeThere() {
        assertThatThrownBy(() -> bind("s#nothing", String.class))
                .isExactlyInstanceOf(SecretFormatException.class)
                .hasMessage("s#nothing is null: the field is there, but has no value");
    }

    @Test
    void aMisfitWithoutAPlaceNamesTheTypeAlone() {
        assertThatThrownBy(() -> bind("s", Runnable.class))
                .isExactlyInstanceOf(SecretFormatException.class)
                .hasMessage("s does not fit java.lang.Runnable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"absent", "tls.absent", "tls.mode.deeper", "password.x", "hosts.0", "tls..ca", ".", "PASSWORD"})
    void aMissingFieldListsTheNamesThatThereAre(String field) {
        SecretFormatException e =
                catchThrowableOfType(SecretFormatException.class, () -> bind("s#" + field, String.class));

        assertThat(e)
                .hasMessageStartingWith(
                        "s#" + field + " does not exist; the secret's fields are [alias, at, atSeconds, ")
                .hasMessageEndingWith(" tls, tls.mode, twoLines, unpadded, uri]");
        assertThat(e.path()).isEqualTo("s");
        assertThat(e.status()).isEqualTo(200);
        assertSilent(e);
    }

    static List<Object[]> misfits() {
        return List.of(
                new Object[] {"s#password", Integer.class, "is no Integer"},
                new Object[] {"s#password", int.class, "is no Integer"},
                new Object[] {"s#big", Integer.class, "is no Integer"},
                new Object[] {"s#ratio", Integer.class, "is no Integer"},
                new Object[] {"s#password", Long.class, "is no Long"},
                new Object[] {"s#password", Double.class, "is no Double"},
                new Object[] {"s#password", Boolean.class, "is no Boolean"},
                new Object[] {"s#port", Boolean.class, "is no Boolean"},
                new Object[] {"s", Integer.class, "is no Integer"},
                new Object[] {"s#tls", Boolean.class, "is no Boolean"},
                new Object[] {"s#hosts", Long.class, "is no Long"},
                new Object[] {"s#password", Level.class, "is no Level"},
                new Object[] {"s#password", Login.class, "does not fit " + Login.class.getName()},
                new Object[] {"s", Strict.class, "does not fit " + Strict.class.getName()},
                new Object[] {"s", Touchy.class, "does not fit " + Touchy.class.getName()},
                new Object[] {"s", NoType.class, "does not fit " + NoType.class.getName()},
                new Object[] {"s#password", Map.class, "does not fit java.util.Map"},
                new Object[] {"s#password", List.class, "does not fit java.util.List"},
                new Object[] {"s#password", int[].class, "does not fit int[]"},
                new Object[] {"s#password", byte[].class, "is no base64 text, which a byte[] is made of"},
                new Object[] {"s#password", char.class, "is no Character"},
                new Object[] {"s#password", short.class, "is no Short"},
                new Object[] {"s#password", BigDecimal.class, "is no BigDecimal"},
                new Object[] {"s#password", UUID.class, "is no UUID"},
                new Object[] {"s#password", Instant.class, "is no Instant"},
                new Object[] {"s#password", Class.class, "does not fit java.lang.Class"},
                new Object[] {"s#tls", URI.class, "is no URI"},
                new Object[] {"s#big", short.class, "is no Short"},
                new Object[] {"s#port", byte.class, "is no Byte"},
                new Object[] {"s#ratio", BigInteger.class, "is no BigInteger"},
                new Object[] {"s#huge", Double.class, "is no Double"},
                new Object[] {"s#huge", float.class, "is no Float"},
                new Object[] {"s#suffixed", double.class, "is no Double"},
                new Object[] {"s#nan", double.class, "is no Double"},
                new Object[] {"s#unpadded", byte[].class, "is no base64 text"},
                new Object[] {"s#twoLines", byte[].class, "is no base64 text"},
                new Object[] {"s#big", byte[].class, "is no base64 text"},
                new Object[] {"s#tls", char[].class, "is no char[]"},
                new Object[] {"s#shortId", UUID.class, "is no UUID"},
                new Object[] {"s#ratio", Duration.class, "is no Duration"},
                new Object[] {"s#password", Duration.class, "is no Duration"},
                new Object[] {"s#spaced", URI.class, "is no URI"},
                new Object[] {"s#password", LocalDate.class, "is no LocalDate"},
                new Object[] {"s#port", LocalDate.class, "is no LocalDate"},
                new Object[] {"s#tls", LocalTime.class, "is no LocalTime"},
                new Object[] {"s#enormous", ZonedDateTime.class, "is no ZonedDateTime"},
                new Object[] {"s#big", Year.class, "is no Year"},
                new Object[] {"s#port", OptionalInt.class, "does not fit OptionalInt: write Optional<Integer>"},
                new Object[] {"s#port", OptionalDouble.class, "does not fit OptionalDouble: write Optional<Double>"},
                new Object[] {"s#tls", Locale.class, "does not fit java.util.Locale"},
                new Object[] {"s#tls", Path.class, "does not fit java.nio.file.Path"},
                new Object[] {"s#tls", Pattern.class, "does not fit java.util.regex.Pattern"});
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("misfits")
    void whatDoesNotFitIsNeverQuoted(String reference, Class<?> type, String why) {
        SecretFormatException e = catchThrowableOfType(SecretFormatException.class, () -> bind(reference, type));

        assertThat(e.getMessage()).startsWith(reference + " " + why);
        assertSilent(e);
    }

    @Test
    void namesThePlaceThatDoesNotFit() {
        SecretValue bad = SecretValue.of(Map.of("password", SecretValue.of("x"), "port", SecretValue.of("n0tf0rl0gs")));
        SecretFormatException e = catchThrowableOfType(
                SecretFormatException.class,
                () -> new TypeBinding<>(SecretType.of(Login.class)).bind(SecretReference.parse("s"), bad));
        assertThat(e).hasMessage("s does not fit " + Login.class.getName() + ": port is no Integer");
        assertSilent(e);
    }

    @Test
    void strictForNullsInPrimitivesOfBeans() {
        SecretValue bad = SecretValue.of(Map.of("port", parsed("null")));

        assertThatThrownBy(() -> new TypeBinding<>(SecretType.of(Ports.class)).bind(SecretReference.parse("s"), bad))
                .isInstanceOf(SecretFormatException.class)
                .hasMessageContaining("[\"port\"]");
    }

    @Test
    void arraysAreMadeForEachUse() {
        assertThat(SecretBinding.of(SecretType.of(byte[].class)).freshEachTime())
                .isTrue();
        assertThat(SecretBinding.of(SecretType.of(char[].class)).freshEachTime())
                .isTrue();
        assertThat(SecretBinding.of(SecretType.of(String.class)).freshEachTime())
                .isFalse();
        assertThat(SecretBinding.of(SecretType.of(Login.class)).freshEachTime()).isFalse();
        assertThat(SecretBinding.of(SecretValue::reveal).freshEachTime()).isFalse();

        TypeBinding<char[]> binding = new TypeBinding<>(SecretType.of(char[].class));
        SecretReference reference = SecretReference.parse("s#password");
        Arrays.fill(binding.bind(reference, secret()), '\0');
        assertThat(binding.bind(reference, secret())).containsExactly("n0tf0rl0gs".toCharArray());
    }

    private static void assertSilent(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        assertThat(failure).hasNoCause().hasNoSuppressedExceptions();
        assertThat(failure + text.toString()).doesNotContain("n0tf0rl0gs");
    }
}
