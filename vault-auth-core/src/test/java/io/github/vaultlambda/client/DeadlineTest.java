package io.github.vaultlambda.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.vaultlambda.fakes.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final FakeClock clock = new FakeClock();

    @Test
    void timeRunsOut() {
        Deadline deadline = Deadline.after(clock, Duration.ofSeconds(10));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(10));
        assertThat(deadline.isOver()).isFalse();

        clock.advance(Duration.ofMillis(9_999));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(1));
        assertThat(deadline.isOver()).isFalse();

        clock.advance(Duration.ofMillis(1));
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.isOver()).isTrue();

        clock.advance(Duration.ofHours(1));
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.isOver()).isTrue();
    }

    @Test
    void anInstantOfThePastIsOver() {
        assertThat(Deadline.at(clock, FakeClock.START.minusSeconds(1)).isOver()).isTrue();
        assertThat(Deadline.at(clock, FakeClock.START.plusSeconds(1)).remaining())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void withinTakesTheEarlierEnd() {
        Deadline deadline = Deadline.after(clock, Duration.ofSeconds(10));

        assertThat(deadline.within(Duration.ofSeconds(3)).remaining()).isEqualTo(Duration.ofSeconds(3));
        assertThat(deadline.within(Duration.ofSeconds(30))).isSameAs(deadline);
        assertThat(deadline.within(Duration.ZERO).isOver()).isTrue();
        assertThat(deadline.within(Duration.ofSeconds(-1)).remaining()).isZero();
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aVeryFarEndOverflowsNowhere() {
        Duration forever = ChronoUnit.FOREVER.getDuration();

        for (Deadline deadline : new Deadline[] {
            Deadline.at(clock, Instant.MAX),
            Deadline.after(clock, forever),
            Deadline.at(clock, Instant.MAX).within(forever)
        }) {
            assertThatCode(() -> deadline.remaining().toNanos()).doesNotThrowAnyException();
            assertThat(deadline.remaining()).isGreaterThan(Duration.ofDays(365 * 200));
        }
    }
}
