package io.github.vaultlambda.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> seen = new ArrayList<>();

    private void see(String what) {
        seen.add(what + "@" + time.micros());
    }

    @Test
    void threadsTakeTurnsInTheOrderOfTheirMoments() {
        time.start(10, () -> {
            see("a");
            time.pause(Duration.ofNanos(30_000));
            see("a");
        });
        time.start(5, () -> {
            see("b");
            time.pauseUntil(25);
            see("b");
        });
        time.at(20, () -> see("event"));

        time.run();

        assertThat(seen).containsExactly("b@5", "a@10", "event@20", "b@25", "a@40");
    }

    @Test
    void ofOneMomentTheFirstScheduledComesFirst() {
        for (int i = 0; i < 50; i++) {
            int number = i;
            time.start(7, () -> {
                time.pauseUntil(9);
                seen.add(Integer.toString(number));
            });
        }

        time.run();

        assertThat(seen).containsExactlyElementsOf(numbers(50));
    }

    private static List<String> numbers(int count) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }

    @Test
    void theClockIsAWallClock() {
        long begin = time.millis();
        time.start(0, () -> {
            time.pause(Duration.ofHours(2));
            assertThat(time.millis() - begin).isEqualTo(Duration.ofHours(2).toMillis());
            assertThat(time.instant().toEpochMilli()).isEqualTo(time.millis());
            see("later");
        });

        time.run();

        assertThat(seen).hasSize(1);
    }

    @Test
    void aFailureEndsTheRun() {
        time.start(1, () -> {
            throw new IllegalArgumentException("broken");
        });
        time.start(2, () -> see("never"));

        assertThatThrownBy(time::run).hasRootCauseMessage("broken");
        assertThat(seen).isEmpty();
    }
}
