package io.github.vaultlambda.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultTlsException;
import io.github.vaultlambda.testkit.FunctionVault;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.TestSecrets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A session as a function has it, from variables alone, with a Vault that speaks TLS. */
class SessionOverTlsTest {
    private static final String PATH = "secret/data/orders/db";

    @Test
    void logsInAndReadsWithTheAuthorityInAVariable() {
        String password = TestSecrets.mint("password-");
        try (FunctionVault vault = FunctionVault.startTls()) {
            vault.giveSecret(PATH, Map.of("password", password));
            try (VaultSession session = VaultSession.fromEnvironment(vault.environment())) {
                SecretValue data =
                        Objects.requireNonNull(session.client().read(PATH).data());

                assertThat(Objects.requireNonNull(data.field("data")).text("password"))
                        .isEqualTo(password);
            }
        }
    }

    @Test
    void anotherAuthorityIsNotTrustedAndNothingIsSent() {
        try (FunctionVault vault = FunctionVault.startTls()) {
            Map<String, String> environment = new HashMap<>(vault.environment());
            environment.put("VAULT_CACERT_BYTES", TestCertificates.create().rootPem());
            try (VaultSession session = VaultSession.fromEnvironment(environment)) {
                VaultTlsException e = catchThrowableOfType(
                        VaultTlsException.class, () -> session.client().read(PATH));

                assertThat(e.hint()).contains("VAULT_CACERT");
                assertThat(vault.vault().requests()).isEmpty();
            }
        }
    }
}
