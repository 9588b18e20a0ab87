package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.vaultlambda.client.SecretValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordBindingTest {
    enum Mode {
        REQUIRE
    }

    record Tls(Mode mode, Optional<String> ca) {}

    record Db(
            String user,
            SecretValue password,
            int port,
            long big,
            double ratio,
            boolean on,
            Duration timeout,
            Tls tls,
            List<String> hosts,
            Set<Integer> ports,
            Map<String, Tls> replicas,
            Map<String, Object> more,
            List<?> anything,
            Collection<Long> longs,
            Optional<Integer> pool,
            @Nullable String note) {}

    record Pair(String user, int port) {}

    record Holder(Pair pair) {}

    record Pairs(List<Pair> pairs, Map<String, Pair> named) {}

    record Chain(String name, Optional<Chain> next) {}

    record Empty() {}

    record Licence(LocalDate until, Optional<ZonedDateTime> signed) {}

    record Pool(String name, OptionalInt size) {}

    record Throwing(String user) {
        Throwing {
            throw new IllegalStateException("cannot take " + user);
        }
    }

    record Compact(String user) {
        Compact {
            user = user.toUpperCase(Locale.ROOT);
        }

        Compact(int number) {
            this("number " + number);
        }
    }

    record Renamed(@JsonProperty("user_name") String user, int port) {}

    record Aliased(
            @JsonAlias("user_name") String user,
            Optional<String> note,
            Optional<Instant> at,
            Duration timeout,
            SecretValue number) {}

    record Generic<T>(T value) {}

    record Odd(Locale locale) {}

    record OddHolder(Odd odd, @Nullable String note) {}

    private static <T> T bind(String json, Class<T> type) {
        try {
            return new TypeBinding<>(SecretType.of(type))
                    .bind(SecretReference.parse("s"), SecretValue.parse(json.getBytes(UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void bindsComponentsOfAllKinds() {
        Db db = bind(
                "{\"user\":\"app\",\"password\":\"n0tf0rl0gs\",\"port\":\"5432\",\"big\":12345678901,\"ratio\":1e-3,"
                        + "\"on\":true,\"timeout\":30,\"tls\":{\"mode\":\"require\"},\"hosts\":[\"a\",\"b\"],\"ports\":[2,1,2],"
                        + "\"replicas\":{\"r\":{\"mode\":\"REQUIRE\",\"ca\":\"pem\"}},\"more\":{\"x\":[1,null],\"y\":null},"
                        + "\"anything\":[true,null],\"longs\":[1],\"pool\":null,\"unknown\":{}}",
                Db.class);

        assertThat(db)
                .isEqualTo(new Db(
                        "app",
                        SecretValue.of("n0tf0rl0gs"),
                        5432,
                        12345678901L,
                        0.001,
                        true,
                        Duration.ofSeconds(30),
                        new Tls(Mode.REQUIRE, Optional.empty()),
                        List.of("a", "b"),
                        Set.of(1, 2),
                        Map.of("r", new Tls(Mode.REQUIRE, Optional.of("pem"))),
                        db.more(),
                        db.anything(),
                        List.of(1L),
                        Optional.empty(),
                        null));
        assertThat(db.more()).containsKey("y").containsKey("x");
        assertThat(String.valueOf(db.more())).isEqualTo("{x=[1, null], y=null}");
        assertThat(String.valueOf(db.anything())).isEqualTo("[true, null]");
        assertThat(db.ports()).containsExactly(2, 1);
    }

    @Test
    void collectionsInRecordsCannotBeChanged() {
        Pairs pairs = bind("{\"pairs\":[{\"user\":\"a\",\"port\":1}],\"named\":{}}", Pairs.class);

        assertThatThrownBy(() -> pairs.pairs().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> pairs.named().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void recordsMayHoldRecordsOfTheirOwnKind() {
        assertThat(bind("{\"name\":\"a\",\"next\":{\"name\":\"b\"}}", Chain.class))
                .isEqualTo(new Chain("a", Optional.of(new Chain("b", Optional.empty()))));
    }

    @Test
    void aRecordWithoutComponentsTakesAnyObject() {
        assertThat(bind("{\"a\":1}", Empty.class)).isEqualTo(new Empty());
    }

    @Test
    void datesNeedNoJackson() {
        assertThat(bind(
                        "{\"until\":\"2027-03-01\",\"signed\":\"2026-03-01T11:00:00+01:00[Europe/Berlin]\"}",
                        Licence.class))
                .isEqualTo(new Licence(
                        LocalDate.of(2027, 3, 1),
                        Optional.of(ZonedDateTime.of(2026, 3, 1, 11, 0, 0, 0, ZoneId.of("Europe/Berlin")))));
        assertThat(Conversions.of(Licence.class)).isInstanceOf(RecordBinding.class);
        refuses(
                "{\"until\":\"n0tf0rl0gs\"}",
                Licence.class,
                "s does not fit " + Licence.class.getName() + ": until is no LocalDate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"a\",\"size\":1}", "{\"name\":\"a\"}"})
    void anOptionalOfAPrimitiveHasAnotherName(String json) {
        refuses(
                json,
                Pool.class,
                "s does not fit " + Pool.class.getName() + ": size does not fit OptionalInt: write Optional<Integer>");
    }

    @Test
    void takesTheCanonicalConstructor() {
        assertThat(bind("{\"user\":\"app\"}", Compact.class).user()).isEqualTo("APP");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"user\":\"n0tf0rl0gs\"}|port is not there; the fields are [user]",
                "{\"user\":null,\"port\":1}|user is not there; the fields are [port, user]",
                "{\"port\":1,\"User\":\"n0tf0rl0gs\"}|user is not there; the fields are [User, port]",
                "{\"user\":\"a\",\"port\":\"n0tf0rl0gs\"}|port is no Integer",
                "{\"user\":\"a\",\"port\":1.5}|port is no Integer",
                "{\"user\":\"a\",\"port\":{\"n0tf0rl0gs\":1}}|port is no Integer",
            })
    void saysWhichComponentLacksWhat(String json, String why) {
        refuses(json, Pair.class, "s does not fit " + Pair.class.getName() + ": " + why);
        refuses("{\"pair\":" + json + "}", Holder.class, "s does not fit " + Holder.class.getName() + ": pair." + why);
        refuses(
                "{\"pairs\":[{\"user\":\"a\",\"port\":1}," + json + "],\"named\":{}}",
                Pairs.class,
                "s does not fit " + Pairs.class.getName() + ": pairs[1]." + why);
        refuses(
                "{\"pairs\":[],\"named\":{\"x\":" + json + "}}",
                Pairs.class,
                "s does not fit " + Pairs.class.getName() + ": named.x." + why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"n0tf0rl0gs\"", "17", "true", "[\"n0tf0rl0gs\"]", "null"})
    void aRecordNeedsAnObject(String json) {
        refuses(json, Pair.class, "s does not fit " + Pair.class.getName() + ": it is no object with fields");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"pairs\":\"n0tf0rl0gs\",\"named\":{}}|pairs is no list",
                "{\"pairs\":[],\"named\":[\"n0tf0rl0gs\"]}|named is no object with fields",
                "{\"pairs\":[null],\"named\":{}}|pairs[0] does not fit " + "io.github.vaultlambda.secrets"
                        + ".RecordBindingTest$Pair: it is no object with fields",
            })
    void saysWhichCollectionIsNone(String json, String why) {
        refuses(json, Pairs.class, "s does not fit " + Pairs.class.getName() + ": " + why);
    }

    @Test
    void whatTheConstructorSaysIsNotQuoted() {
        refuses(
                "{\"user\":\"n0tf0rl0gs\"}",
                Throwing.class,
                "s does not fit " + Throwing.class.getName()
                        + ": its constructor threw java.lang.IllegalStateException");
    }

    @Test
    void jacksonBindsRecordsWithItsAnnotations() {
        assertThat(bind("{\"user_name\":\"app\",\"port\":1,\"unknown\":2}", Renamed.class))
                .isEqualTo(new Renamed("app", 1));
        assertThat(bind(
                        "{\"user_name\":\"app\",\"at\":\"2026-03-01T11:00:00Z\",\"timeout\":5,\"number\":1.10}",
                        Aliased.class))
                .isEqualTo(new Aliased(
                        "app",
                        Optional.empty(),
                        Optional.of(Instant.parse("2026-03-01T11:00:00Z")),
                        Duration.ofSeconds(5),
                        bind("1.10", SecretValue.class)));
    }

    @Test
    void jacksonBindsRecordsWithUnusualComponents() {
        assertThat(bind("{\"locale\":\"de\"}", Odd.class)).isEqualTo(new Odd(Locale.GERMAN));
        assertThat(bind("{\"value\":\"x\"}", Generic.class)).isEqualTo(new Generic<Object>("x"));
        assertThat(bind("{\"odd\":{\"locale\":\"de\"}}", OddHolder.class))
                .isEqualTo(new OddHolder(new Odd(Locale.GERMAN), null));
    }

    @Test
    void whatJacksonBindsNeedsItsComponentsToo() {
        refuses("{\"port\":1}", Renamed.class, "s does not fit " + Renamed.class.getName() + ": user is not there");
        refuses(
                "{\"odd\":{}}",
                OddHolder.class,
                "s does not fit " + OddHolder.class.getName() + ": odd.locale is not there");
        SecretFormatException e =
                catchThrowableOfType(SecretFormatException.class, () -> bind("{\"user_name\":\"a\"}", Renamed.class));
        assertThat(e).hasMessageContaining("port");
    }

    private static void refuses(String json, Class<?> type, String message) {
        SecretFormatException e = catchThrowableOfType(SecretFormatException.class, () -> bind(json, type));

        assertThat(e).hasMessage(message).hasNoCause().hasNoSuppressedExceptions();
        assertThat(Objects.requireNonNull(e.getMessage())).doesNotContain("n0tf0rl0gs");
    }
}
