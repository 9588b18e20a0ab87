package io.github.vaultlambda.auth.awssdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsRejectedException;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.testkit.TestCredentials;
import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

class SdkCredentialsTest {
    @RegisterExtension
    final CapturedOutput output = new CapturedOutput();

    @Test
    void a_session_keeps_its_token_and_its_end() {
        Instant end = Instant.parse("2030-01-02T03:04:05Z");
        TestCredentials issued =
                new TestCredentials("ASIAEXAMPLE", TestSecrets.mint("key-"), TestSecrets.mint("token-"), end);

        AwsCredentials credentials = SdkCredentials.of(StaticCredentialsProvider.create(LocalAws.sdk(issued)))
                .credentials(LocalAws.soon());

        assertThat(credentials.accessKeyId()).isEqualTo("ASIAEXAMPLE");
        assertThat(credentials.secretAccessKey().reveal()).isEqualTo(issued.secretAccessKey());
        assertThat(credentials.sessionToken()).isEqualTo(SecretValue.of(String.valueOf(issued.sessionToken())));
        assertThat(credentials.expiresAt()).isEqualTo(end);
    }

    @Test
    void a_users_key_has_neither() {
        AwsBasicCredentials key = AwsBasicCredentials.create("AKIAEXAMPLE", TestSecrets.mint("key-"));

        AwsCredentials credentials =
                SdkCredentials.of(StaticCredentialsProvider.create(key)).credentials(LocalAws.soon());

        assertThat(credentials.sessionToken()).isNull();
        assertThat(credentials.expiresAt()).isNull();
    }

    @Test
    void the_provider_is_asked_before_each_login_and_not_earlier() {
        AtomicInteger asked = new AtomicInteger();
        try (LocalAws aws = new LocalAws()) {
            aws.boundTo(aws.functionRole);
            SdkCredentials credentials = SdkCredentials.of(() -> {
                asked.incrementAndGet();
                return LocalAws.sdk(aws.sts.issueSession(aws.functionRole));
            });
            var session = aws.session(credentials);
            assertThat(asked).hasValue(0);

            var token = session.token(LocalAws.soon());
            session.reject(token);
            session.token(LocalAws.soon());

            assertThat(asked).hasValue(2);
            assertThat(output.awaitText("Logged in to Vault")).isTrue();
        }
    }

    @Test
    void expired_credentials_are_refused_by_aws() {
        try (LocalAws aws = new LocalAws()) {
            aws.boundTo(aws.functionRole);
            TestCredentials expired = aws.sts.issueSession(aws.functionRole, "orders", Duration.ZERO);
            var session = aws.session(SdkCredentials.of(StaticCredentialsProvider.create(LocalAws.sdk(expired))));

            Throwable failure = catchThrowable(() -> session.token(LocalAws.soon()));

            assertThat(failure).isInstanceOf(AwsCredentialsRejectedException.class);
            assertThat(CapturedOutput.harmlessTrace(failure)).contains("ExpiredToken");
        }
    }

    @Test
    void a_provider_without_credentials_is_a_failed_login() {
        SdkClientException cause = SdkClientException.create("Unable to load credentials\nfrom any provider");
        SdkCredentials credentials = SdkCredentials.of(() -> {
            throw cause;
        });

        assertThatThrownBy(() -> credentials.credentials(LocalAws.soon()))
                .isInstanceOf(VaultLoginException.class)
                .hasMessageContaining("Unable to load credentials from any provider")
                .hasMessageContaining("Hint: ")
                .hasCause(cause);
    }

    @Test
    void anonymous_credentials_cannot_sign() {
        SdkCredentials credentials = SdkCredentials.of(AnonymousCredentialsProvider.create());

        assertThatThrownBy(() -> credentials.credentials(LocalAws.soon()))
                .isInstanceOf(VaultLoginException.class)
                .hasMessageContaining("anonymous");
    }

    @Test
    void after_the_deadline_the_provider_is_not_asked() {
        AtomicInteger asked = new AtomicInteger();
        AwsCredentialsProvider provider = () -> {
            asked.incrementAndGet();
            throw new IllegalStateException();
        };
        Deadline over = Deadline.at(InstantSource.system(), Instant.EPOCH);

        assertThatThrownBy(() -> SdkCredentials.of(provider).credentials(over))
                .isInstanceOf(VaultLoginException.class)
                .hasMessageContaining("in time");
        assertThat(asked).hasValue(0);
    }

    @Test
    void prints_as_its_provider_without_credentials() {
        var provider =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAEXAMPLE", TestSecrets.mint("key-")));

        assertThat(SdkCredentials.of(provider))
                .hasToString("SdkCredentials[" + provider.getClass().getName() + "]");
    }
}
