package io.github.vaultlambda.handler.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the compiler lets pass is what the library binds. */
class PlatformTypesTest {
    private static final String DATE = "\"2026-03-01\"";
    private static final String MOMENT = "\"2026-03-01T11:00:00Z\"";
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("java.lang.Boolean", "true"),
            Map.entry("java.lang.Byte", "7"),
            Map.entry("java.lang.Character", "\"x\""),
            Map.entry("java.lang.CharSequence", "\"x\""),
            Map.entry("java.lang.Iterable", "[1]"),
            Map.entry("java.io.File", "\"x\""),
            Map.entry("java.lang.StringBuffer", "\"x\""),
            Map.entry("java.lang.StringBuilder", "\"x\""),
            Map.entry("java.net.InetAddress", "\"127.0.0.1\""),
            Map.entry("java.net.InetSocketAddress", "\"127.0.0.1:80\""),
            Map.entry("java.net.URI", "\"https://vault.example.com\""),
            Map.entry("java.net.URL", "\"https://vault.example.com\""),
            Map.entry("java.nio.ByteBuffer", "\"AQI=\""),
            Map.entry("java.nio.charset.Charset", "\"UTF-8\""),
            Map.entry("java.nio.file.Path", "\"x\""),
            Map.entry("java.sql.Date", DATE),
            Map.entry("java.time.Duration", "\"PT5M\""),
            Map.entry("java.time.Instant", MOMENT),
            Map.entry("java.time.LocalDate", DATE),
            Map.entry("java.time.LocalDateTime", "\"2026-03-01T11:00:00\""),
            Map.entry("java.time.LocalTime", "\"11:00\""),
            Map.entry("java.time.MonthDay", "\"--03-01\""),
            Map.entry("java.time.OffsetDateTime", MOMENT),
            Map.entry("java.time.OffsetTime", "\"11:00Z\""),
            Map.entry("java.time.Period", "\"P1D\""),
            Map.entry("java.time.YearMonth", "\"2026-03\""),
            Map.entry("java.time.ZoneId", "\"Europe/Berlin\""),
            Map.entry("java.time.ZoneOffset", "\"+01:00\""),
            Map.entry("java.time.ZonedDateTime", MOMENT),
            Map.entry("java.util.Currency", "\"EUR\""),
            Map.entry("java.util.Locale", "\"de\""),
            Map.entry("java.util.TimeZone", "\"Europe/Berlin\""),
            Map.entry("java.util.UUID", "\"123e4567-e89b-12d3-a456-426614174000\""),
            Map.entry("java.util.concurrent.atomic.AtomicBoolean", "true"),
            Map.entry("java.util.regex.Pattern", "\"x\""));

    static Set<String> types() {
        return new TreeSet<>(PlatformTypes.BOUND);
    }

    @ParameterizedTest
    @MethodSource("types")
    void isBound(String name) throws Exception {
        Class<?> type = Class.forName(name);
        String reference = name.equals(SecretTypes.RESPONSE) ? "secret/data/db" : "secret/data/db#x";
        Object value = new ScriptedVault()
                .kv2("secret/data/db", "{\"x\":" + OTHERS.getOrDefault(name, "2026") + "}")
                .vault()
                .secret(reference, type)
                .get();
        assertThat(value).isInstanceOf(type);
    }

    @Test
    void knowsWhatIsJavasAndTheLibrarys() {
        assertThat(types()).allMatch(PlatformTypes::isOne);
        assertThat(OTHERS.keySet()).isSubsetOf(types());
        assertThat(PlatformTypes.isOne("io.github.vaultlambda.secrets.files.SecretFiles"))
                .isTrue();
        assertThat(PlatformTypes.isOne("io.github.vaultlambda.examples.DbLogin"))
                .isFalse();
        assertThat(PlatformTypes.isOne("shop.java.Login")).isFalse();
    }
}
