package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.login.AppRoleLogin;
import io.github.vaultlambda.auth.login.AppRoleOptions;
import io.github.vaultlambda.auth.login.SecretSource;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.SecretValue;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The contract suite on HashiCorp's Vault, PostgreSQL and LocalStack, where a Docker engine is.
 *
 * <p>Named {@code Real*Test}, as all that need one: CI runs these once more when its engines are up.
 *
 * @see DockerEngine
 */
class RealVaultContractTest extends VaultContract implements ShortLivesContract {
    @Override
    VaultEngine newEngine() {
        DockerEngine.assume();
        return new RealEngine();
    }

    /** The stand-in hears from one address alone, and says so when a secret id is made. */
    @Test
    void secretIdOfAnotherAddressIsRefused() {
        String secretId = bench().methods().secretId(Map.of("cidr_list", "192.0.2.0/24"));
        ContractSession session = bench().session(new AppRoleLogin(
                AppRoleOptions.of(bench().methods().roleId()).withSecretId(SecretSource.of(SecretValue.of(secretId)))));
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.hint()).contains("secret_id_bound_cidrs", "cidr_list");
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
