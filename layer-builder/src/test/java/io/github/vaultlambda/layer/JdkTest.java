package io.github.vaultlambda.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JdkTest {
    @TempDir
    private Path machine = Path.of("unset");

    @Test
    void theOneThatRunsTheBuildIsTakenWhenItIsNewEnough() throws IOException {
        jdk("newer", "26");
        assertThat(found(null, jdk("running", "25.0.3"))).isEqualTo("running");
    }

    @Test
    void elseTheNewestBesideIt() throws IOException {
        jdk("a", "25.0.3");
        jdk("b", "26.0.1");
        jdk("c", "21.0.9");
        Files.createDirectories(machine.resolve("no-jdk"));
        assertThat(found("", jdk("running", "17.0.17"))).isEqualTo("b");
    }

    @Test
    void noneIsNoFailure() throws IOException {
        assertThat(found(null, jdk("running", "17.0.17"))).isNull();
    }

    @Test
    void theNamedOneWins() throws IOException {
        Path named = jdk("named", "25");
        assertThat(found(named.toString(), jdk("running", "26"))).isEqualTo("named");
    }

    @Test
    void aNamedOneThatWillNotDoIsAFailure() throws IOException {
        Path running = jdk("running", "25");
        String old = jdk("old", "21.0.9").toString();
        assertThatThrownBy(() -> found(old, running))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("JAVA_25_HOME")
                .hasMessageContaining(old);
    }

    private static @Nullable String found(@Nullable String named, Path running) throws IOException {
        Jdk jdk = Jdk.find(named, running);
        return jdk == null ? null : jdk.home().getFileName().toString();
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(machine.resolve(name));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Path jlink = Files.createDirectories(home.resolve("bin")).resolve("jlink");
        Files.writeString(jlink, "");
        assertThat(jlink.toFile().setExecutable(true)).isTrue();
        return home;
    }
}
