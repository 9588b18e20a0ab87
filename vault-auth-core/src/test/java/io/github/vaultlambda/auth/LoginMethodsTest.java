package io.github.vaultlambda.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.fakes.AwsAnswers;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginMethodsTest {
    private static LoginMethod with(String... variables) {
        Map<String, String> environment = new HashMap<>();
        environment.put("VAULT_AUTH_PROVIDER", "aws");
        environment.put("VAULT_AUTH_ROLE", "orders");
        environment.put("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE");
        environment.put("AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-key");
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return read(environment);
    }

    private static LoginMethod read(Map<String, String> environment) {
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        LoginMethod login = LoginMethods.read(settings, Platform.system());
        settings.rejectFaults();
        return login;
    }

    @Test
    void awsIamIsTheDefault() {
        assertThat(with().describe())
                .isEqualTo("role orders at auth/aws (AWS IAM, signed for sts.amazonaws.com in us-east-1)");
    }

    @Test
    void signsForTheStsEndpointAskedFor() {
        assertThat(with("VAULT_STS_ENDPOINT_REGION", "eu-west-1").describe())
                .endsWith("(AWS IAM, signed for sts.eu-west-1.amazonaws.com in eu-west-1)");
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
        assertThat(with("VAULT_AUTH_PROVIDER", text).describe()).contains("at auth/" + expected + " (");
    }

    @Test
    void aMountOfNothingButSlashesIsAFault() {
        assertThatThrownBy(() -> with("VAULT_AUTH_PROVIDER", "//"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("VAULT_AUTH_PROVIDER is \"//\"");
    }

    @Test
    void assumesTheRoleThatIsConfigured() {
        ScriptedTransport network = new ScriptedTransport()
                .then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"))
                .then(200, "{\"auth\":{\"client_token\":\"hvs.n0tf0rl0gs\",\"lease_duration\":60}}");
        Platform platform = network.platform(new FakeClock());
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of(
                "VAULT_ADDR", "https://vault.example.com",
                "VAULT_AUTH_PROVIDER", "aws",
                "VAULT_AUTH_ROLE", "orders",
                "VAULT_ASSUMED_ROLE_ARN", "arn:aws:iam::123456789012:role/vault",
                "AWS_ACCESS_KEY_ID", "ASIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-key"));
        VaultConfig config = VaultConfig.read(settings);
        VaultSession session = VaultSession.of(config, LoginMethods.read(settings, platform), platform);

        session.token(session.client().newDeadline());

        assertThat(network.call(0)).hasToString("POST https://sts.amazonaws.com/");
        assertThat(network.call(1)).hasToString("PUT https://vault.example.com/v1/auth/aws/login");
    }

    @Test
    void namesAllThatIsMissing() {
        assertThatThrownBy(() -> read(Map.of()))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 4 faults: (1) VAULT_AUTH_PROVIDER is missing: set it to the path of the"
                                + " AWS auth method in Vault, usually aws (2) VAULT_AUTH_ROLE is missing: set it to the role of the"
                                + " AWS auth method to log in as (3) AWS_ACCESS_KEY_ID is missing: Lambda sets it from the"
                                + " function's role; elsewhere set it by hand (4) AWS_SECRET_ACCESS_KEY is missing: Lambda sets"
                                + " it from the function's role; elsewhere set it by hand");
    }

    @Test
    void namesAllThatIsWrong() {
        assertThatThrownBy(() -> with("VAULT_STS_ENDPOINT_REGION", "Europe", "AWS_ENDPOINT_URL_STS", "localhost"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 2 faults: (1) VAULT_STS_ENDPOINT_REGION is \"Europe\", which is no AWS"
                                + " region: write one such as eu-west-1 (2) AWS_ENDPOINT_URL_STS is \"localhost\", which is no http"
                                + " or https address: write one such as https://vault.example.com:8200");
    }
}
