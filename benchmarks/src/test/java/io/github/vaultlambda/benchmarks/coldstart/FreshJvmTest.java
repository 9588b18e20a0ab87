package io.github.vaultlambda.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshJvmTest {
    @TempDir
    private Path folder;

    /** Runs in the child. */
    static final class Telling {
        private Telling() {}

        public static void main(String[] arguments) {
            System.out.println(Long.parseLong(arguments[0]) > 0 ? "started" : "before 1970");
            System.out.println(System.getenv());
        }
    }

    private static ClassPath ownClasses() throws Exception {
        return new ClassPath(List.of(Path.of(FreshJvmTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI())));
    }

    @Test
    void aProgramHasTheGivenVariablesAloneAndTheMomentOfItsStart() throws Exception {
        assertThat(new FreshJvm(Map.of("GIVEN", "value")).output(Telling.class.getName(), ownClasses(), List.of()))
                .isEqualToIgnoringNewLines("started{GIVEN=value}");
    }

    @Test
    void aProgramThatFailsIsAFailureWithItsErrors() {
        ClassPath nothing = new ClassPath(List.of(folder));

        assertThatThrownBy(() -> new FreshJvm(Map.of()).output("orders.Missing", nothing, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("orders.Missing ended with 1")
                .hasMessageContaining("ClassNotFoundException");
    }

    @Test
    void countsTheClassesThatAProgramLoads() throws Exception {
        List<String> loaded = new FreshJvm(Map.of()).loaded(Telling.class.getName(), ownClasses());

        assertThat(loaded).anyMatch(line -> line.contains(Telling.class.getName() + " source: file:"));
        FreshJvm.ClassCount count = FreshJvm.ClassCount.of(loaded);
        assertThat(count.all()).isEqualTo(loaded.size());
        assertThat(count.parsed()).isBetween(1L, count.all());
    }

    @Test
    void classesOfTheArchiveAreNotParsed() {
        FreshJvm.ClassCount count = FreshJvm.ClassCount.of(List.of(
                "[0.008s][info][class,load] java.lang.Object source: shared objects file",
                "[0.010s][info][class,load] java.util.zip.ZipCoder source: jrt:/java.base",
                "[0.090s][info][class,load] orders.Main source: file:/function/"));

        assertThat(count).isEqualTo(new FreshJvm.ClassCount(3, 2));
    }
}
