package io.github.vaultlambda.benchmarks.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.benchmarks.vault.VaultProcess;
import org.junit.jupiter.api.Test;

class VaultItselfTest {
    @Test
    void vaultInItsOwnProcessIsAskedForEachRead() throws Exception {
        try (VaultProcess vault = new VaultProcess()) {
            VaultItself itself = new VaultItself(vault);

            itself.measureRequests();

            assertThat(itself.row().values(ExtensionFigure.REQUESTS)).containsExactly(3_000);
            VaultItself.reads(vault, 0).count(2);
            assertThat(vault.requests()).isEqualTo(2);
            assertThat(vault.requests()).as("counted once").isZero();
            assertThat(vault.variables()).containsKeys("VAULT_ADDR", "AWS_ACCESS_KEY_ID");
        }
    }
}
