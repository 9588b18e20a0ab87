package io.github.vaultlambda.extension.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ShellLinesTest {
    @Test
    void areThoseOfWhatWasResolvedInOrder() {
        assertThat(ShellLines.of(
                        Map.of("B", "vault:x#y", "KEPT", "as it was"),
                        Map.of("B", "a=b", "KEPT", "as it was", "A", "one\ntwo\\n\n")))
                .isEqualTo("A=one\\ntwo\\\\n\\n\nB=a=b\n");
    }

    @Test
    void refuseANameThatNoShellExports() {
        assertThatThrownBy(() -> ShellLines.of(Map.of(), Map.of("a-b", "c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"a-b\"");
    }
}
