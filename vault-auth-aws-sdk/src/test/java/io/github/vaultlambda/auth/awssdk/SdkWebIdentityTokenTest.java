package io.github.vaultlambda.auth.awssdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.auth.aws.WebIdentityTokenOptions;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sts.StsClient;

class SdkWebIdentityTokenTest {
    private static final WebIdentityTokenOptions OPTIONS = WebIdentityTokenOptions.of("https://vault.example.com")
            .withAlgorithm(WebIdentityTokenOptions.Algorithm.ES384)
            .withTag("team", "orders");

    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    private final LocalAws aws = new LocalAws();

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void asks_sts_for_a_token_each_time() {
        aws.sts.enableOutboundFederation();
        try (StsClient client = aws.client()) {
            SdkWebIdentityToken source = SdkWebIdentityToken.of(client, OPTIONS);

            SecretValue token = source.token(LocalAws.soon());

            String[] parts = token.reveal().split("\\.", -1);
            assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), UTF_8))
                    .contains("ES384");
            assertThat(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8))
                    .contains("https://vault.example.com", "orders", "function");
            source.token(LocalAws.soon());
            assertThat(aws.sts.calls())
                    .hasSize(2)
                    .allMatch(call -> call.action().equals("GetWebIdentityToken"));
            assertThat(source).hasToString("SdkWebIdentityToken[[https://vault.example.com]]");
        }
    }

    @Test
    void a_disabled_federation_is_told() {
        try (StsClient client = aws.client()) {
            assertThatThrownBy(() -> SdkWebIdentityToken.of(client, OPTIONS).token(LocalAws.soon()))
                    .isInstanceOf(VaultLoginException.class)
                    .hasMessageContaining("iam:EnableOutboundWebIdentityFederation")
                    .satisfies(failure -> CapturedOutput.harmlessTrace(failure));
        }
    }

    @Test
    void after_the_deadline_sts_is_not_asked() {
        try (StsClient client = aws.client()) {
            Deadline over = Deadline.at(InstantSource.system(), Instant.EPOCH);

            assertThatThrownBy(() -> SdkWebIdentityToken.of(client, OPTIONS).token(over))
                    .isInstanceOf(VaultLoginException.class)
                    .hasMessageContaining("in time");
            assertThat(aws.sts.calls()).isEmpty();
        }
    }
}
