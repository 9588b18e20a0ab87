package io.github.vaultlambda.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Lambda's deadlines leave. */
class TimeLeftTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final TimeLeft left = new TimeLeft(() -> NOW);

    private static LambdaEvent event(long millisLeft) {
        return new LambdaEvent("INVOKE", "id-1", "", NOW.plusMillis(millisLeft));
    }

    @ParameterizedTest
    @CsvSource({"60000, 2000", "2200, 2000", "1200, 1000", "200, 0", "100, 0", "-5000, 0"})
    void keepsSomeOfAnInvocationForItsAnswer(long left, long toRefresh) {
        assertThat(this.left.toRefresh(event(left))).isEqualTo(Duration.ofMillis(toRefresh));
    }

    @ParameterizedTest
    @CsvSource({"2000, 1200", "1800, 1200", "1000, 400", "600, 0", "0, 0"})
    void keepsSomeOfTheEndForTheProcessToEndIn(long left, long toStop) {
        assertThat(this.left.toStop(event(left))).isEqualTo(Duration.ofMillis(toStop));
    }

    @ParameterizedTest
    @CsvSource({"INVOKE", "SHUTDOWN"})
    void takesAllItMayWhereLambdaNamesNoDeadline(String type) {
        LambdaEvent event = new LambdaEvent(type, "", "", Instant.EPOCH);
        assertThat(left.toRefresh(event)).isEqualTo(Duration.ofSeconds(2));
        assertThat(left.toStop(event)).isEqualTo(Duration.ofMillis(1200));
    }
}
