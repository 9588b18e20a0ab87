package io.github.vaultlambda.benchmarks.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MeasuredTest {
    @Test
    void readsALineOfFigures() {
        Measured measured = Measured.parse("412 355000000 620000000 58123 -17\n");

        assertThat(measured).isEqualTo(new Measured(412, 355, 620, 58_123, -17));
    }

    @Test
    void refusesAnotherLine() {
        assertThatThrownBy(() -> Measured.parse("SLF4J: no provider was found\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SLF4J: no provider was found");
    }

    @Test
    void processorTimeIsThatOfTheProgramAndOfTheSystemForIt() {
        String stat = "4711 (java (1) x) S 1 4711 4711 0 -1 4194304 9 0 0 0 37 5 0 0 20 0 12 0 2305 3";

        assertThat(Measured.cpuNanos(stat)).isEqualTo(420_000_000);
    }

    @Test
    void thePeakOfMemoryIsInKilobytes() {
        assertThat(Measured.residentPeak(
                        "Name:\tjava\nVmPeak:\t 9000000 kB\nVmHWM:\t   58123 kB\nVmRSS:\t   50000 kB\n"))
                .isEqualTo(58_123);
    }

    @Test
    void aSystemThatTellsNothingGivesZero() {
        assertThat(Measured.cpuNanos("")).isZero();
        assertThat(Measured.residentPeak("")).isZero();
    }
}
