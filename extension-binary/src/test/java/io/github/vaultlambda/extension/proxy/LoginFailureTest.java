package io.github.vaultlambda.extension.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultResponseException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.extension.settings.VaultAccess;
import io.github.vaultlambda.testkit.FunctionVault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a client of the proxy learns of a login that failed, and what it does not. */
class LoginFailureTest {
    private static final String START = "failed to get valid Vault token: ";
    private static final VaultFailure FAILURE =
            VaultFailure.of("vault.example.com did not take /run/token").withHint("change /run/token");

    /** What the proxy answers to a function with these variables. */
    private static String answer(Map<String, String> environment) throws Exception {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        VaultAccess access = VaultAccess.read(settings);
        settings.rejectFaults();
        try (VaultSession session = access.session()) {
            ProxyServer proxy = Proxies.start(session, Map.of());
            try {
                String answer = RawHttp.get(proxy.port(), "/v1/secret/data/a", "Host: localhost");
                assertThat(ProxyStage.status(answer)).isEqualTo(500);
                return ProxyStage.content(answer);
            } finally {
                proxy.stop(Duration.ZERO);
            }
        }
    }

    @Test
    void hasStatusAndVaultsWordsWithoutTheRest() throws Exception {
        try (FunctionVault function = FunctionVault.start()) {
            Map<String, String> environment = function.environment();
            environment.put("VAULT_AUTH_ROLE", "none");
            assertThat(answer(environment))
                    .isEqualTo(START + "the login failed with status 400: entry for role none not found\n");
        }
    }

    @Test
    void hasNoAddressOfAVaultOutOfReach() throws Exception {
        try (FunctionVault function = FunctionVault.start()) {
            Map<String, String> environment = function.environment();
            environment.put("VAULT_MAX_RETRIES", "0");
            environment.put("VAULT_ADDR", "http://127.0.0.1:1");
            assertThat(answer(environment)).isEqualTo(START + "Vault cannot be asked: connection refused\n");
        }
    }

    @Test
    void hasNoPathOfAFile() throws Exception {
        assertThat(answer(Map.of(
                        "VAULT_ADDR", "http://127.0.0.1:1",
                        "VAULT_AUTH_METHOD", "jwt",
                        "VAULT_AUTH_ROLE", "orders",
                        "VAULT_AUTH_JWT_FILE", "/none/such")))
                .startsWith(START + "the login cannot be made")
                .doesNotContain("/none/such", "orders");
    }

    @Test
    void hasNothingOfAMessageThatIsForTheLog() {
        List<VaultException> failures = List.of(
                new VaultLoginException(FAILURE),
                new VaultLoginException(FAILURE.withStatus(400)),
                new VaultLoginException(FAILURE.withStatus(200)),
                new VaultUnavailableException(FAILURE),
                new VaultUnavailableException(FAILURE.withStatus(503).withErrors(List.of("Vault is sealed"))),
                new VaultResponseException(FAILURE),
                new VaultResponseException(FAILURE.withStatus(404)));
        assertThat(failures)
                .extracting(LoginFailure::inShort)
                .contains("the login failed with status 503: Vault is sealed")
                .noneMatch(text -> text.contains("/run/token") || text.contains("example.com"));
    }
}
