package io.github.vaultlambda.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartsTest {
    private static final String PASSWORD = "any text";

    private static String figures(int count) {
        return Stream.iterate(1, number -> number + 1)
                .limit(count)
                .map(number -> number + "000000 ")
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @EnumSource(Part.class)
    void eachPartIsAClassOfTheProgram(Part part) {
        assertThatCode(() -> Class.forName(part.marker(), false, PartsTest.class.getClassLoader()))
                .doesNotThrowAnyException();
    }

    @Test
    void aClassCountsForThePartWhoseMarkerCameLast() {
        Map<Part, FreshJvm.ClassCount> counts = Parts.count(List.of(
                "java.lang.Object source: shared objects file", // before all parts
                Part.JARS.marker() + " source: file:/function/",
                "java.util.zip.ZipFile source: shared objects file",
                Part.PROVIDER.marker() + " source: file:/function/",
                "org.slf4j.LoggerFactory source: file:/slf4j.jar",
                "java.util.ServiceLoader source: shared objects file",
                Part.LINE.marker() + " source: file:/function/"));

        assertThat(counts)
                .containsOnly(
                        Map.entry(Part.JARS, new FreshJvm.ClassCount(2, 1)),
                        Map.entry(Part.PROVIDER, new FreshJvm.ClassCount(3, 2)),
                        Map.entry(Part.LINE, new FreshJvm.ClassCount(1, 1)));
    }

    @Test
    void readsAFigureForEachPart() {
        int parts = Part.values().length;

        Map<Part, Double> millis = Parts.parse(figures(parts) + PASSWORD.hashCode() + "\n", PASSWORD);

        assertThat(millis).hasSize(parts).containsEntry(Part.JARS, 1.0).containsEntry(Part.MANY, (double) parts);
    }

    @Test
    void refusesWhatIsNoFiguresOrOfAnotherSecret() {
        int parts = Part.values().length;

        assertThatThrownBy(() -> Parts.parse("WARN something\n", PASSWORD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WARN something");
        assertThatThrownBy(() -> Parts.parse(figures(parts) + "1", PASSWORD))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("something else than the secret");
    }
}
