package io.github.vaultlambda.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.vaultlambda.client.VaultSealedException;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import io.github.vaultlambda.testkit.junit.VaultTest;
import io.github.vaultlambda.testkit.junit.VaultTestSecret;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A handler's test with a Vault of its own, in one annotation. */
@VaultTest(
        @VaultTestSecret(
                path = "secret/data/shipping/carrier",
                fields = {"number=A-1", "key=" + TestSecrets.MARKER}))
class ParcelFunctionTest {
    @Test
    void signsParcels(VaultSecrets vault) {
        ParcelFunction function = new ParcelFunction(vault);

        assertThat(function.handleRequest("4711", null)).startsWith("4711/A-1/").isNotEqualTo("4711/A-1/");
        assertThat(function.handleRequest("4711", null))
                .isNotEqualTo(function.handleRequest("4712", null).replace("4712", "4711"));
    }

    @Test
    @VaultTest(variables = "VAULT_DEFAULT_CACHE_TTL=0s")
    void followsARotation(VaultSecrets secrets, FunctionVault vault) {
        ParcelFunction function = new ParcelFunction(secrets);
        assertThat(function.handleRequest("4711", null)).startsWith("4711/A-1/");

        vault.giveSecret("secret/data/shipping/carrier", Map.of("number", "B-2", "key", TestSecrets.mint("key-")));

        assertThat(function.handleRequest("4711", null)).startsWith("4711/B-2/");
    }

    @Test
    @VaultTest(variables = "VAULT_MAX_RETRIES=0")
    void saysThatVaultIsSealed(VaultSecrets secrets, VaultStandIn vault) {
        ParcelFunction function = new ParcelFunction(secrets);
        vault.seal();

        assertThatExceptionOfType(VaultSealedException.class)
                .isThrownBy(() -> function.handleRequest("4711", null))
                .withMessageContaining("sealed");
    }
}
