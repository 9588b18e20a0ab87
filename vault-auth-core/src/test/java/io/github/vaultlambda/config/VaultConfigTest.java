package io.github.vaultlambda.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaultConfigTest {
    private static Map<String, String> minimal() {
        Map<String, String> environment = new HashMap<>();
        environment.put("VAULT_ADDR", "https://vault.example.com:8200");
        return environment;
    }

    private static VaultConfig with(String... variables) {
        Map<String, String> environment = minimal();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return VaultConfig.fromEnvironment(environment);
    }

    @Test
    void theAddressIsEnough() {
        VaultConfig config = with();

        assertThat(config.address()).isEqualTo(URI.create("https://vault.example.com:8200"));
        assertThat(config.namespace()).isNull();
        assertThat(config.tokenGrace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.maxRetries()).isEqualTo(2);
    }

    @Test
    void readsEveryVariable() {
        VaultConfig config = with(
                "VAULT_NAMESPACE", " team/a ",
                "VAULT_TOKEN_EXPIRY_GRACE_PERIOD", "1m",
                "VAULT_CLIENT_TIMEOUT", "3",
                "VAULT_MAX_RETRIES", "0");

        assertThat(config.namespace()).isEqualTo("team/a");
        assertThat(config.tokenGrace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.maxRetries()).isZero();
    }

    @Test
    void theExtensionsOwnAddressWins() {
        assertThat(with("VLE_VAULT_ADDR", "https://other.example.com").address())
                .isEqualTo(URI.create("https://other.example.com"));
        assertThat(with("VLE_VAULT_ADDR", "  ").address()).isEqualTo(URI.create("https://vault.example.com:8200"));
    }

    @Test
    void aFaultyAddressThatLosesIsNoFault() {
        assertThat(with("VLE_VAULT_ADDR", "https://other.example.com", "VAULT_ADDR", "junk")
                        .address())
                .isEqualTo(URI.create("https://other.example.com"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://vault.example.com/, https://vault.example.com",
        "https://vault.example.com///, https://vault.example.com",
        "https://vault.example.com/prefix, https://vault.example.com/prefix",
        "https://vault.example.com/a/b/, https://vault.example.com/a/b",
    })
    void keepsThePathPrefixButNoTrailingSlash(String text, String expected) {
        assertThat(with("VAULT_ADDR", text).address()).isEqualTo(URI.create(expected));
    }

    @ParameterizedTest
    @CsvSource({"https://vault.example.com/v1", "https://vault.example.com/team/v1/"})
    void theVersionOfTheApiIsNoPartOfTheAddress(String text) {
        assertThatThrownBy(() -> with("VAULT_ADDR", text))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 1 fault: (1) VAULT_ADDR ends with /v1: leave that out, it is added to"
                                + " each request");
    }

    @Test
    void aNegativeGraceIsNone() {
        assertThat(with("VAULT_TOKEN_EXPIRY_GRACE_PERIOD", "-5s").tokenGrace()).isZero();
    }

    @Test
    void theAddressIsRequired() {
        assertThatThrownBy(() -> VaultConfig.fromEnvironment(Map.of()))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 1 fault: (1) VAULT_ADDR is missing: set it to the address of Vault,"
                                + " such as https://vault.example.com:8200");
    }

    @Test
    void namesAllThatIsWrongInTheOrderOfReading() {
        assertThatThrownBy(() -> with(
                        "VLE_VAULT_ADDR", "https://user:n0tf0rl0gs@vault.example.com",
                        "VAULT_TOKEN_EXPIRY_GRACE_PERIOD", "ten",
                        "VAULT_CLIENT_TIMEOUT", "soon",
                        "VAULT_MAX_RETRIES", "101"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage("Vault configuration has 4 faults:"
                        + " (1) VLE_VAULT_ADDR contains a user name or password (value not shown): leave that part out"
                        + " (2) VAULT_TOKEN_EXPIRY_GRACE_PERIOD is \"ten\", which is no duration: write a number with a"
                        + " unit, such as 10s or 1m30s"
                        + " (3) VAULT_CLIENT_TIMEOUT is \"soon\", which is no time-out: write seconds such as 60, or a"
                        + " duration such as 1m30s"
                        + " (4) VAULT_MAX_RETRIES is \"101\": write a whole number from 0 to 100");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://user:n0tf0rl0gs@vault:8200", "https://vault/?t=n0tf0rl0gs", "https://vault/#n0tf0rl0gs"
            })
    void theBuilderRefusesAnAddressThatMayHoldASecret(String address) {
        assertThatThrownBy(() -> VaultConfig.builder().address(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("n0tf0rl0gs");
    }

    @Test
    void theBuilderAsksForWhatHasNoDefault() {
        VaultConfig.Builder builder = VaultConfig.builder();
        assertThatThrownBy(builder::build)
                .isInstanceOf(NullPointerException.class)
                .hasMessage("address");
        VaultConfig config =
                builder.address(URI.create("https://vault.example.com/")).build();
        assertThat(config.address()).isEqualTo(URI.create("https://vault.example.com"));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(9));
    }
}
