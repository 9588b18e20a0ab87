package io.github.vaultlambda.auth.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.fakes.FakeClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentCredentialsTest {
    private final Deadline deadline = Deadline.after(new FakeClock(), Duration.ofSeconds(1));

    @Test
    void readsWhatLambdaSets() {
        AwsCredentials credentials = EnvironmentCredentials.read(EnvironmentSettings.of(Map.of(
                        "AWS_ACCESS_KEY_ID", " ASIAEXAMPLE ",
                        "AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-key",
                        "AWS_SESSION_TOKEN", "n0tf0rl0gs-token")))
                .credentials(deadline);

        assertThat(credentials.accessKeyId()).isEqualTo("ASIAEXAMPLE");
        assertThat(credentials.secretAccessKey()).isEqualTo(SecretValue.of("n0tf0rl0gs-key"));
        assertThat(credentials.sessionToken()).isEqualTo(SecretValue.of("n0tf0rl0gs-token"));
        assertThat(credentials.expiresAt()).isNull();
        assertThat(credentials.toString()).contains("ASIAEXAMPLE").doesNotContain("n0tf0rl0gs");
    }

    @Test
    void aLongTermKeyHasNoSessionToken() {
        AwsCredentials credentials = EnvironmentCredentials.read(EnvironmentSettings.of(
                        Map.of("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY", "n0tf0rl0gs-key")))
                .credentials(deadline);

        assertThat(credentials.sessionToken()).isNull();
    }

    @Test
    void whatIsMissingIsAFaultOfTheConfiguration() {
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of("AWS_SECRET_ACCESS_KEY", " "));

        EnvironmentCredentials.read(settings);

        assertThatThrownBy(settings::rejectFaults)
                .isInstanceOf(VaultConfigException.class)
                .hasMessage(
                        "Vault configuration has 2 faults: (1) AWS_ACCESS_KEY_ID is missing: Lambda sets it from the"
                                + " function's role; elsewhere set it by hand (2) AWS_SECRET_ACCESS_KEY is missing: Lambda sets it"
                                + " from the function's role; elsewhere set it by hand");
    }
}
