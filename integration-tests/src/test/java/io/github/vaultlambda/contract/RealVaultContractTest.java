package io.github.vaultlambda.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The contract suite on HashiCorp's Vault and LocalStack, where a Docker engine is.
 *
 * <p>Named {@code Real*Test}, as all that need one: CI runs these once more when its engines are up.
 *
 * @see DockerEngine
 */
class RealVaultContractTest extends VaultContract {
    @Override
    VaultEngine newEngine() {
        DockerEngine.assume();
        return new RealEngine();
    }

    @Test
    void engineIsTheRealOne() {
        assertThat(bench().raw().get("sys/health", null).body().path("version").asText())
                .startsWith("1.");
        assertThat(bench().raw()
                        .get("sys/health", null)
                        .body()
                        .path("cluster_id")
                        .asText())
                .isNotEmpty();
    }
}
