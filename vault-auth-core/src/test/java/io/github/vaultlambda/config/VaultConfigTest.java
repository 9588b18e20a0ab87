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

class VaultConfigTest {
    private static Map<String, String> minimal() {
        Map<String, String> environment = new HashMap<>();
        environment.put("VAULT_ADDR", "https://vault.example.com:8200");
        environment.put("VAULT_AUTH_PROVIDER", "aws");
        environment.put("VAULT_AUTH_ROLE", "orders");
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
    void threeVariablesAreEnough() {
        VaultConfig config = with();

        assertThat(config.address()).isEqualTo(URI.create("https://vault.example.com:8200"));
        assertThat(config.authMount()).isEqualTo("aws");
        assertThat(config.authRole()).isEqualTo("orders");
        assertThat(config.namespace()).isNull();
        assertThat(config.iamServerId()).isNull();
        assertThat(config.stsEndpoint()).isEqualTo(StsEndpoint.global());
        assertThat(config.stsAddress()).isNull();
        assertThat(config.assumedRoleArn()).isNull();
        assertThat(config.tokenGrace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.maxRetries()).isEqualTo(2);
        assertThat(config.cacheTtl()).isNull();
    }

    @Test
    void readsEveryVariable() {
        VaultConfig config = with(
                "VAULT_NAMESPACE", " team/a ",
                "VAULT_IAM_SERVER_ID", "vault.example.com",
                "VAULT_STS_ENDPOINT_REGION", "eu-west-1",
                "AWS_ENDPOINT_URL_STS", "http://127.0.0.1:4566",
                "VAULT_ASSUMED_ROLE_ARN", "arn:aws:iam::123456789012:role/vault",
                "VAULT_TOKEN_EXPIRY_GRACE_PERIOD", "1m",
                "VAULT_CLIENT_TIMEOUT", "3",
                "VAULT_MAX_RETRIES", "0",
                "VAULT_DEFAULT_CACHE_TTL", "5m");

        assertThat(config.namespace()).isEqualTo("team/a");
        assertThat(config.iamServerId()).isEqualTo("vault.example.com");
        assertThat(config.stsEndpoint()).isEqualTo(StsEndpoint.regional("eu-west-1"));
        assertThat(config.stsAddress()).isEqualTo(URI.create("http://127.0.0.1:4566"));
        assertThat(config.assumedRoleArn()).isEqualTo("arn:aws:iam::123456789012:role/vault");
        assertThat(config.tokenGrace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.maxRetries()).isZero();
        assertThat(config.cacheTtl()).isEqualTo(Duration.ofMinutes(5));
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
    @CsvSource({
        "aws, aws",
        "/aws, aws",
        "aws/, aws",
        "//team//aws//, team/aws",
        "team/a/aws, team/a/aws",
        "' aws-dev/eu ', aws-dev/eu",
    })
    void cleansTheMount(String text, String expected) {
        assertThat(with("VAULT_AUTH_PROVIDER", text).authMount()).isEqualTo(expected);
    }

    @Test
    void aNegativeGraceIsNone() {
        assertThat(with("VAULT_TOKEN_EXPIRY_GRACE_PERIOD", "-5s").tokenGrace()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"junk", "0", "-1m", "60"})
    void aCacheTtlThatIsNoneLeavesTheDefault(String text) {
        assertThat(with("VAULT_DEFAULT_CACHE_TTL", text).cacheTtl()).isNull();
    }

    @Test
    void namesAllThatIsMissing() {
        assertThatThrownBy(() -> VaultConfig.fromEnvironment(Map.of()))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 3 faults: (1) VAULT_ADDR is missing: set it to the address of Vault,"
                                + " such as https://vault.example.com:8200 (2) VAULT_AUTH_PROVIDER is missing: set it to the path"
                                + " of the AWS auth method in Vault, usually aws (3) VAULT_AUTH_ROLE is missing: set it to the role"
                                + " of the AWS auth method to log in as");
    }

    @Test
    void namesAllThatIsWrongInTheOrderOfReading() {
        assertThatThrownBy(() -> with(
                        "VLE_VAULT_ADDR", "https://user:n0tf0rl0gs@vault.example.com",
                        "VAULT_AUTH_ROLE", " ",
                        "VAULT_STS_ENDPOINT_REGION", "Europe",
                        "AWS_ENDPOINT_URL_STS", "localhost",
                        "VAULT_TOKEN_EXPIRY_GRACE_PERIOD", "ten",
                        "VAULT_CLIENT_TIMEOUT", "soon",
                        "VAULT_MAX_RETRIES", "101"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage("Vault configuration has 7 faults:"
                        + " (1) VLE_VAULT_ADDR contains a user name or password (value not shown): leave that part out"
                        + " (2) VAULT_AUTH_ROLE is missing: set it to the role of the AWS auth method to log in as"
                        + " (3) VAULT_STS_ENDPOINT_REGION is \"Europe\", which is no AWS region: write one such as"
                        + " eu-west-1"
                        + " (4) AWS_ENDPOINT_URL_STS is \"localhost\", which is no http or https address: write one such"
                        + " as https://vault.example.com:8200"
                        + " (5) VAULT_TOKEN_EXPIRY_GRACE_PERIOD is \"ten\", which is no duration: write a number with a"
                        + " unit, such as 10s or 1m30s"
                        + " (6) VAULT_CLIENT_TIMEOUT is \"soon\", which is no time-out: write seconds such as 60, or a"
                        + " duration such as 1m30s"
                        + " (7) VAULT_MAX_RETRIES is \"101\": write a whole number from 0 to 100");
    }

    @Test
    void aMountOfNothingButSlashesIsMissing() {
        assertThatThrownBy(() -> with("VAULT_AUTH_PROVIDER", "//"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("VAULT_AUTH_PROVIDER");
    }

    @Test
    void theBuilderAsksForWhatHasNoDefault() {
        VaultConfig.Builder builder = VaultConfig.builder();
        assertThatThrownBy(builder::build)
                .isInstanceOf(NullPointerException.class)
                .hasMessage("address");
        builder.address(URI.create("https://vault.example.com/"));
        assertThatThrownBy(builder::build)
                .isInstanceOf(NullPointerException.class)
                .hasMessage("authMount");
        builder.authMount("aws");
        assertThatThrownBy(builder::build)
                .isInstanceOf(NullPointerException.class)
                .hasMessage("authRole");

        VaultConfig config = builder.authRole("orders").build();
        assertThat(config.address()).isEqualTo(URI.create("https://vault.example.com"));
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(9));
    }
}
