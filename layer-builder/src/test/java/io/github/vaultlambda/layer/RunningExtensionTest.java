package io.github.vaultlambda.layer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunningExtensionTest {
    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void aProcessThatEndsBeforeItIsReadyIsAFailureWithItsOutput() {
        List<String> command = List.of("/bin/sh", "-c", "echo no Vault at $VAULT_ADDR; exit 3");
        Path log = folder.resolve("log");
        assertThatThrownBy(() -> RunningExtension.start(command, Map.of("VAULT_ADDR", "http://here"), log))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("no Vault at http://here");
    }

    @Test
    void aCommandThatIsNotThereIsAFailureWithItsName() {
        List<String> command = List.of(folder.resolve("missing").toString());
        Path log = folder.resolve("log");
        assertThatThrownBy(() -> RunningExtension.start(command, Map.of(), log))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(command.get(0));
    }
}
