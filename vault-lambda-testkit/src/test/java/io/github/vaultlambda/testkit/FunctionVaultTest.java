package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FunctionVaultTest {
    @Test
    void eachGivenSecretStaysReadable() throws Exception {
        try (FunctionVault function = FunctionVault.start()) {
            function.giveSecret("secret/data/a", Map.of("k", TestSecrets.mint("a-")));
            function.giveSecret("secret/data/b", Map.of("k", TestSecrets.mint("b-")));
            VaultStandIn vault = function.vault();
            String token = vault.createToken(Duration.ofMinutes(1), "orders");
            for (String path : new String[] {"secret/data/a", "secret/data/b"}) {
                assertThat(status(vault, token, path)).isEqualTo(200);
            }
            assertThat(status(vault, token, "secret/data/c")).isEqualTo(403);
        }
    }

    @Test
    void everyEnvironmentHasItsOwnCredentials() {
        try (FunctionVault function = FunctionVault.start()) {
            Map<String, String> first = function.environment();
            assertThat(first)
                    .containsEntry("VAULT_ADDR", function.vault().address().toString())
                    .containsKeys("VAULT_AUTH_PROVIDER", "VAULT_AUTH_ROLE", "VAULT_IAM_SERVER_ID");
            assertThat(function.environment().get("AWS_ACCESS_KEY_ID")).isNotEqualTo(first.get("AWS_ACCESS_KEY_ID"));
        }
    }

    private static int status(VaultStandIn vault, String token, String path) throws Exception {
        return Http.send("GET", vault.address() + "/v1/" + path, Map.of("X-Vault-Token", token), null)
                .status();
    }
}
