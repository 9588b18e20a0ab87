package io.github.vaultlambda.auth.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsTimeTest {
    private static final long YEAR_0 = -62167219200L;
    private static final long YEAR_10000 = 253402300800L;

    @Test
    void agreesWithTheJdksFormatter() {
        DateTimeFormatter formatter =
                DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
        Random random = new Random(20260301);
        for (int i = 0; i < 20_000; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(YEAR_0, YEAR_10000), random.nextInt(1_000_000_000));

            assertThat(AwsTime.basic(time)).isEqualTo(formatter.format(time));
        }
    }

    @Test
    void readsWhatTheJdkWrites() {
        Random random = new Random(20260301);
        for (int i = 0; i < 20_000; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(YEAR_0, YEAR_10000));

            assertThat(AwsTime.parse(time.toString())).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
        "2026-12-31T23:59:59Z, 2026-12-31T23:59:59Z",
        "2026-03-01T13:00:00.123Z, 2026-03-01T13:00:00.123Z",
        "2026-03-01T13:00:00+01:00, 2026-03-01T12:00:00Z",
    })
    void readsOtherForms(String text, Instant expected) {
        assertThat(AwsTime.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "2026-03-01",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-01-32T00:00:00Z",
                "2026-01-01T25:00:00Z",
                "2026-01-01T00:60:00Z",
                "2026-0a-01T00:00:00Z",
                "2026-03-01T00:00:0/Z",
                "1772366400",
            })
    void readsNothingElse(String text) {
        assertThat(AwsTime.parse(text)).isNull();
    }
}
