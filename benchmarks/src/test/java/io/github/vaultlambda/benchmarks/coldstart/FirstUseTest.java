package io.github.vaultlambda.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FirstUseTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 3", "9, 3", "25, 8"})
    void aSmallShareOfAProcessorGetsAThirdOfTheRunsButThree(int runs, int small) {
        FirstUse firstUse = new FirstUse(System.out, runs);

        assertThat(firstUse.runsWithin(Setting.SMALL)).isEqualTo(small);
        assertThat(firstUse.runsWithin(Setting.ARCHIVE)).isEqualTo(runs);
    }

    @ParameterizedTest
    @EnumSource(Program.class)
    void eachProgramThatIsNoPeersIsHere(Program program) {
        if (program.peer() == null) {
            assertThatCode(() -> Class.forName(program.mainClass(), false, FirstUseTest.class.getClassLoader()))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void onlyOneSettingChangesTheFlags() {
        assertThat(Setting.ARCHIVE.flags()).isEmpty();
        assertThat(Setting.SMALL.flags()).isEmpty();
        assertThat(Setting.NO_ARCHIVE.flags()).containsExactly("-Xshare:off");
    }
}
