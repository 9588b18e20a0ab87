package io.github.vaultlambda.auth.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.Said;
import io.github.vaultlambda.fakes.ScriptedTransport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StsWebIdentityTokenTest {
    private static final AwsCredentials OWN = AwsCredentials.of("ASIAOWN", "n0tf0rl0gs-own", "n0tf0rl0gs-own-session");

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport sts = new ScriptedTransport();

    private static String answer(String token, String end) {
        return "<GetWebIdentityTokenResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetWebIdentityTokenResult>"
                + "<WebIdentityToken>" + token + "</WebIdentityToken><Expiration>" + end
                + "</Expiration></GetWebIdentityTokenResult></GetWebIdentityTokenResponse>";
    }

    private StsWebIdentityToken source(WebIdentityTokenOptions options) {
        return new StsWebIdentityToken(
                options, StsEndpoint.regional("eu-west-1"), null, deadline -> OWN, sts.platform(clock));
    }

    private StsWebIdentityToken read(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        StsWebIdentityToken source = StsWebIdentityToken.read(settings, deadline -> OWN, sts.platform(clock));
        settings.rejectFaults();
        return source;
    }

    private SecretValue token(StsWebIdentityToken source) {
        return source.token(Deadline.after(clock, Duration.ofSeconds(9)));
    }

    @Test
    void asksTheRegionsStsWithASignature() {
        sts.then(200, answer("n0tf0rl0gs.a.b", "2026-03-01T12:10:00Z"));

        SecretValue token = token(source(WebIdentityTokenOptions.of("https://vault.example.com", "other")
                .withAlgorithm(WebIdentityTokenOptions.Algorithm.ES384)
                .withDuration(Duration.ofMinutes(10))
                .withTag("team", "orders & co")
                .withTag("stage", "prod")));

        assertThat(token).isEqualTo(SecretValue.of("n0tf0rl0gs.a.b"));
        assertThat(sts.call(0)).hasToString("POST https://sts.eu-west-1.amazonaws.com/");
        assertThat(sts.call(0).headers().get("Authorization"))
                .contains("Credential=ASIAOWN/20260301/eu-west-1/sts/aws4_request");
        assertThat(ScriptedTransport.body(sts.call(0)))
                .isEqualTo("Action=GetWebIdentityToken&Audience.member.1=https%3A%2F%2Fvault.example.com"
                        + "&Audience.member.2=other&DurationSeconds=600&SigningAlgorithm=ES384"
                        + "&Tags.member.1.Key=team&Tags.member.1.Value=orders+%26+co"
                        + "&Tags.member.2.Key=stage&Tags.member.2.Value=prod&Version=2011-06-15");
    }

    @Test
    void keepsATokenUntilAFifthOfItsLifeIsLeft() {
        sts.then(200, answer("n0tf0rl0gs.1", "2026-03-01T12:05:00Z"))
                .then(200, answer("n0tf0rl0gs.2", "2026-03-01T12:09:00Z"));
        StsWebIdentityToken source = source(WebIdentityTokenOptions.of("vault"));

        SecretValue first = token(source);
        clock.advance(Duration.ofMinutes(4).minusMillis(1));
        assertThat(token(source)).isEqualTo(first);

        clock.advance(Duration.ofMillis(1));
        assertThat(token(source)).isEqualTo(SecretValue.of("n0tf0rl0gs.2"));
    }

    @Test
    void forgetsIt() {
        sts.then(200, answer("n0tf0rl0gs.1", "2026-03-01T12:05:00Z"))
                .then(200, answer("n0tf0rl0gs.2", "2026-03-01T12:05:00Z"));
        StsWebIdentityToken source = source(WebIdentityTokenOptions.of("vault"));
        token(source);

        source.forget();

        assertThat(token(source)).isEqualTo(SecretValue.of("n0tf0rl0gs.2"));
    }

    @Test
    void aDisabledFederationIsTold() {
        sts.then(
                400,
                "<Error><Code>OutboundWebIdentityFederationDisabledException</Code><Message>Outbound web identity federation is"
                        + " disabled</Message></Error>");

        Throwable failure = catchThrowable(() -> token(source(WebIdentityTokenOptions.of("vault"))));

        assertThat(failure)
                .isInstanceOf(VaultLoginException.class)
                .hasMessageStartingWith(
                        "No token of STS: STS answered 400 OutboundWebIdentityFederationDisabledException:")
                .hasMessageContaining("iam:EnableOutboundWebIdentityFederation");
        assertThat(Said.by(failure)).doesNotContain("n0tf0rl0gs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n0tf0rl0gs",
                "<WebIdentityToken></WebIdentityToken><Expiration>2026-03-01T12:05:00Z</Expiration>",
                "<WebIdentityToken>n0tf0rl0gs</WebIdentityToken>",
                "<WebIdentityToken>n0tf0rl0gs</WebIdentityToken><Expiration>n0tf0rl0gs</Expiration>",
            })
    void garbageIsNoToken(String answer) {
        sts.then(200, answer);

        Throwable failure = catchThrowable(() -> token(source(WebIdentityTokenOptions.of("vault"))));

        assertThat(failure).isInstanceOf(VaultLoginException.class).hasMessageContaining("the answer of STS at");
        assertThat(Said.by(failure)).doesNotContain("n0tf0rl0gs");
    }

    @Test
    void theGlobalHostDoesNotKnowIt() {
        assertThatThrownBy(() -> new StsWebIdentityToken(
                        WebIdentityTokenOptions.of("vault"),
                        StsEndpoint.global(),
                        null,
                        deadline -> OWN,
                        sts.platform(clock)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsItsVariables() {
        sts.then(200, answer("n0tf0rl0gs", "2026-03-01T12:05:00Z"));

        StsWebIdentityToken source = read(
                "VAULT_AUTH_JWT_AUDIENCE", " https://vault.example.com , b,",
                "VAULT_AUTH_JWT_ALGORITHM", "es384",
                "VAULT_AUTH_JWT_DURATION", "60",
                "AWS_REGION", "us-east-1");
        token(source);

        assertThat(source).hasToString("StsWebIdentityToken[[https://vault.example.com, b]]");
        assertThat(sts.call(0)).hasToString("POST https://sts.us-east-1.amazonaws.com/");
        assertThat(ScriptedTransport.body(sts.call(0)))
                .contains("Audience.member.2=b&DurationSeconds=60&SigningAlgorithm=ES384");
    }

    @ParameterizedTest
    @CsvSource({"'', false", "vault, true"})
    void isConfiguredByItsAudience(String audience, boolean expected) {
        assertThat(StsWebIdentityToken.isConfigured(
                        EnvironmentSettings.of(Map.of("VAULT_AUTH_JWT_AUDIENCE", audience))))
                .isEqualTo(expected);
    }

    @Test
    void namesAllThatIsWrong() {
        assertThatThrownBy(() -> read("VAULT_AUTH_JWT_ALGORITHM", "HS256", "VAULT_AUTH_JWT_DURATION", "2h"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("4 faults")
                .hasMessageContaining("no AWS region is named")
                .hasMessageContaining("VAULT_AUTH_JWT_AUDIENCE is missing")
                .hasMessageContaining("VAULT_AUTH_JWT_ALGORITHM is \"HS256\": write RS256 or ES384")
                .hasMessageContaining("VAULT_AUTH_JWT_DURATION: duration of 7200 s: from 60 seconds to 1 hour");
        assertThatThrownBy(() -> read("VAULT_AUTH_JWT_AUDIENCE", ",", "AWS_REGION", "eu-west-1"))
                .hasMessageContaining("VAULT_AUTH_JWT_AUDIENCE: a token has 1 to 10 audiences");
    }

    @Test
    void optionsThatAwsWouldRefuse() {
        assertThatThrownBy(() -> WebIdentityTokenOptions.of()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebIdentityTokenOptions.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebIdentityTokenOptions.of("x".repeat(1001)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebIdentityTokenOptions.of("a").withDuration(Duration.ofSeconds(59)))
                .isInstanceOf(IllegalArgumentException.class);
        WebIdentityTokenOptions full = WebIdentityTokenOptions.of("a");
        for (int i = 0; i < 50; i++) {
            full = full.withTag("k" + i, "v");
        }
        WebIdentityTokenOptions fifty = full;
        assertThatThrownBy(() -> fifty.withTag("one more", "v")).isInstanceOf(IllegalArgumentException.class);
    }
}
