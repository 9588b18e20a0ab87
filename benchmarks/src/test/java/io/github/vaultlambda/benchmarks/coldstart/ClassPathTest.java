package io.github.vaultlambda.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathTest {
    @TempDir
    private Path folder;

    private Path jar(String name, int bytes) throws Exception {
        return Files.write(folder.resolve(name), new byte[bytes]);
    }

    @Test
    void theProgramItselfIsNoDependency() throws Exception {
        Path program = jar("program.jar", 1_000);
        Path one = jar("one.jar", 20);
        Path other = jar("other.jar", 3);
        ClassPath classPath = new ClassPath(List.of(program, one, other));

        assertThat(classPath.dependencies()).containsExactly("one.jar", "other.jar");
        assertThat(classPath.dependencyBytes()).isEqualTo(23);
        assertThat(classPath.argument()).isEqualTo(program + File.pathSeparator + one + File.pathSeparator + other);
    }

    @Test
    void aProgramWithoutDependenciesTakesNothing() throws Exception {
        ClassPath alone = new ClassPath(List.of(jar("program.jar", 1_000)));

        assertThat(alone.dependencies()).isEmpty();
        assertThat(alone.dependencyBytes()).isZero();
    }
}
