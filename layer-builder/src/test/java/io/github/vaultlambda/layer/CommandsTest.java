package io.github.vaultlambda.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandsTest {
    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void getsTheGivenVariablesAndNoOthers() throws Exception {
        Path log = folder.resolve("log");
        Commands.run(List.of("/usr/bin/env"), Map.of("ONLY", "this"), log);
        assertThat(log).hasContent("ONLY=this");
    }

    @Test
    void aFailureHasTheOutput() {
        List<String> command = List.of("/bin/sh", "-c", "echo out; echo err >&2; exit 7");
        assertThatThrownBy(() -> Commands.run(command, Map.of(), folder.resolve("log")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exit code 7")
                .hasMessageContaining("out\nerr");
    }

    @Test
    void whatIsNotInstalledDoesNotSucceed() throws Exception {
        Path log = folder.resolve("log");
        assertThat(Commands.succeeds(List.of("/bin/true"), log)).isTrue();
        assertThat(Commands.succeeds(List.of("/bin/false"), log)).isFalse();
        assertThat(Commands.succeeds(List.of("/nowhere/program"), log)).isFalse();
    }
}
