package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.fakes.AwsAnswers;
import io.github.vaultlambda.fakes.FakeClock;
import io.github.vaultlambda.fakes.Said;
import io.github.vaultlambda.fakes.ScriptedTransport;
import io.github.vaultlambda.testkit.StsCall;
import io.github.vaultlambda.testkit.StsEmulator;
import io.github.vaultlambda.testkit.TestCredentials;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssumedRoleCredentialsTest {
    private static final String ROLE = "arn:aws:iam::123456789012:role/team a/vault";
    private static final AwsCredentials OWN = AwsCredentials.of("ASIAOWN", "n0tf0rl0gs-own", "n0tf0rl0gs-own-session");

    private final FakeClock clock = new FakeClock();
    private final ScriptedTransport sts = new ScriptedTransport();

    private AssumedRoleCredentials assumed(@Nullable URI address) {
        return new AssumedRoleCredentials(
                ROLE, StsEndpoint.regional("eu-south-1"), address, deadline -> OWN, sts.platform(clock));
    }

    private Deadline soon() {
        return Deadline.after(clock, Duration.ofSeconds(10));
    }

    @Test
    void asksStsForTheRole() {
        sts.then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));

        AwsCredentials credentials = assumed(null).credentials(soon());

        assertThat(credentials)
                .isEqualTo(new AwsCredentials(
                        "ASIAASSUMED",
                        AwsCredentials.of("", "n0tf0rl0gs-assumed", null).secretAccessKey(),
                        AwsCredentials.of("", "n0tf0rl0gs-assumed-session==", null)
                                .secretAccessKey(),
                        Instant.parse("2026-03-01T13:00:00Z")));
        assertThat(credentials.toString()).doesNotContain("n0tf0rl0gs");
        assertThat(sts.call(0)).hasToString("POST https://sts.eu-south-1.amazonaws.com/");
        assertThat(sts.call(0).timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(ScriptedTransport.body(sts.call(0)))
                .isEqualTo("Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam+a%2Fvault"
                        + "&RoleSessionName=vault_auth&Version=2011-06-15");
    }

    @ParameterizedTest
    @CsvSource({
        "'', https://sts.eu-south-1.amazonaws.com/, sts.eu-south-1.amazonaws.com",
        "http://127.0.0.1:4566, http://127.0.0.1:4566/, 127.0.0.1:4566",
        "https://vpce-1.sts.eu-south-1.vpce.amazonaws.com, https://vpce-1.sts.eu-south-1.vpce.amazonaws.com/,"
                + " vpce-1.sts.eu-south-1.vpce.amazonaws.com",
        // a scheme's own port is not part of the Host header that is sent
        "https://sts.example.com:443, https://sts.example.com:443/, sts.example.com",
        "http://sts.example.com:80/, http://sts.example.com:80/, sts.example.com",
        "https://sts.example.com:80, https://sts.example.com:80/, sts.example.com:80",
    })
    void signsForTheHostThatIsAsked(String address, String uri, String host) {
        sts.then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));

        assumed(address.isEmpty() ? null : URI.create(address)).credentials(soon());

        assertThat(sts.call(0)).hasToString("POST " + uri);
        Map<String, String> headers = new TreeMap<>(sts.call(0).headers());
        String authorization = headers.remove("Authorization");
        assertThat(headers)
                .containsOnly(
                        Map.entry("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                        Map.entry("X-Amz-Date", "20260301T120000Z"),
                        Map.entry("X-Amz-Security-Token", "n0tf0rl0gs-own-session"));
        headers.put("Host", host);
        assertThat(authorization)
                .contains("Credential=ASIAOWN/20260301/eu-south-1/sts/aws4_request")
                .isEqualTo(new SigV4Signer("eu-south-1", "sts")
                        .sign(
                                "POST",
                                headers,
                                ScriptedTransport.body(sts.call(0)).getBytes(UTF_8),
                                OWN,
                                FakeClock.START)
                        .get("Authorization"));
    }

    @Test
    void keepsThemUntilFiveMinutesBeforeTheirEnd() {
        sts.then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"))
                .then(200, AwsAnswers.assumedRole("2026-03-01T14:00:00Z"));
        AssumedRoleCredentials assumed = assumed(null);
        AwsCredentials first = assumed.credentials(soon());

        clock.advance(Duration.ofMinutes(55).minusMillis(1));
        assertThat(assumed.credentials(soon())).isSameAs(first);

        clock.advance(Duration.ofMillis(1));
        assertThat(assumed.credentials(soon()).expiresAt()).isEqualTo(Instant.parse("2026-03-01T14:00:00Z"));
        assertThat(sts.calls()).hasSize(2);
    }

    @Test
    void credentialsThatEndAtOnceAreUsedButNotKept() {
        sts.otherwise(call -> ScriptedTransport.reply(200, AwsAnswers.assumedRole("2026-03-01T12:01:00Z")));
        AssumedRoleCredentials assumed = assumed(null);

        assertThat(assumed.credentials(soon()).accessKeyId()).isEqualTo("ASIAASSUMED");
        assertThat(assumed.credentials(soon()).accessKeyId()).isEqualTo("ASIAASSUMED");
        assertThat(sts.calls()).hasSize(2);
    }

    @Test
    void manyThreadsAreOneRequest() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        sts.then(call -> {
            try {
                assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return ScriptedTransport.reply(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));
        });
        AssumedRoleCredentials assumed = assumed(null);
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            List<Future<AwsCredentials>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(threads.submit(() -> assumed.credentials(soon())));
            }
            end.countDown();
            for (Future<AwsCredentials> one : all) {
                assertThat(one.get(1, TimeUnit.MINUTES)).isSameAs(all.get(0).get(1, TimeUnit.MINUTES));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(sts.calls()).hasSize(1);
    }

    @Test
    void aRefusalSaysWhatStsSaid() {
        sts.then(
                403,
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:sts::1:x is not"
                        + " authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>");

        VaultLoginException e = catchThrowableOfType(
                VaultLoginException.class, () -> assumed(null).credentials(soon()));

        assertThat(e)
                .hasMessage("Assuming " + ROLE + " failed: STS answered 403 AccessDenied: User: arn:aws:sts::1:x is not"
                        + " authorized to perform: sts:AssumeRole. Hint: the role must trust the function's role, with"
                        + " the external id if it asks for one, and that one needs sts:AssumeRole");
        assertThat(e.status()).isEqualTo(403);
        assertThat(e.path()).isEqualTo("sts:AssumeRole");
    }

    @Test
    void aRefusalNeverRepeatsTheRequest() {
        sts.then(
                403,
                "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does"
                        + " not match.\n\nThe Canonical String for this request should have been\n'POST\n"
                        + "x-amz-security-token:n0tf0rl0gs-own-session'</Message></Error></ErrorResponse>");

        VaultLoginException e = catchThrowableOfType(
                VaultLoginException.class, () -> assumed(null).credentials(soon()));

        assertThat(e.getMessage())
                .contains("SignatureDoesNotMatch: The request signature we calculated does not match.");
        assertThat(Said.by(e)).doesNotContain("n0tf0rl0gs", "Canonical");
    }

    @Test
    void aRefusalThatIsNoXmlIsNotQuoted() {
        sts.then(403, "<html>n0tf0rl0gs</html>");

        assertThatThrownBy(() -> assumed(null).credentials(soon()))
                .isInstanceOf(VaultLoginException.class)
                .hasMessageStartingWith("Assuming " + ROLE + " failed: STS answered 403. Hint: ")
                .message()
                .doesNotContain("n0tf0rl0gs");
    }

    @ParameterizedTest
    @CsvSource({
        "500, ''",
        "502, <html>n0tf0rl0gs</html>",
        "503, <Code>ServiceUnavailable</Code>",
        "429, ''",
        "400, <Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>",
        "400, <Error><Code>RequestLimitExceeded</Code></Error>",
    })
    void whatPassesIsTriedThreeTimes(int status, String body) {
        sts.then(status, body).then(status, body).then(status, body);

        AwsUnavailableException e = catchThrowableOfType(
                AwsUnavailableException.class, () -> assumed(null).credentials(soon()));

        assertThat(e).hasMessageStartingWith("Assuming " + ROLE + " failed: STS answered " + status);
        assertThat(e.status()).isEqualTo(status);
        assertThat(e.path()).isEqualTo("sts:AssumeRole");
        assertThat(Said.by(e)).doesNotContain("n0tf0rl0gs");
        assertThat(clock.waits()).containsExactly(Duration.ofMillis(50), Duration.ofMillis(100));
    }

    @Test
    void oneOfThreeTriesWillDo() {
        sts.then(503, "")
                .thenFail(new ConnectException("Connection refused"))
                .then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));

        assertThat(assumed(null).credentials(soon()).accessKeyId()).isEqualTo("ASIAASSUMED");
    }

    @Test
    void noTryBeginsAfterTheDeadline() {
        sts.then(call -> {
            clock.advance(call.timeout());
            throw new SocketTimeoutException();
        });
        Deadline deadline = Deadline.after(clock, Duration.ofSeconds(2));

        assertThatThrownBy(() -> assumed(null).credentials(deadline)).isInstanceOf(AwsUnavailableException.class);
        assertThat(sts.call(0).timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(sts.calls()).hasSize(1);
        assertThat(clock.waits()).isEmpty();
    }

    @Test
    void sendsWhatTheOptionsSay() {
        sts.then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));

        read(
                        "VAULT_ASSUMED_ROLE_ARN",
                        ROLE,
                        "VAULT_ASSUMED_ROLE_EXTERNAL_ID",
                        "partner:42",
                        "VAULT_ASSUMED_ROLE_SESSION_NAME",
                        "orders@prod",
                        "VAULT_ASSUMED_ROLE_DURATION",
                        "30m",
                        "AWS_ENDPOINT_URL_STS",
                        "https://sts.example.com")
                .credentials(soon());

        assertThat(sts.call(0)).hasToString("POST https://sts.example.com/");
        assertThat(ScriptedTransport.body(sts.call(0)))
                .isEqualTo("Action=AssumeRole&DurationSeconds=1800&ExternalId=partner%3A42&RoleArn="
                        + "arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam+a%2Fvault&RoleSessionName=orders%40prod"
                        + "&Version=2011-06-15");
    }

    @Test
    void withoutARoleTheOwnCredentialsServe() {
        assertThat(read().credentials(soon())).isSameAs(OWN);
        assertThat(sts.calls()).isEmpty();
    }

    @Test
    void optionsThatAwsWouldRefuseAreFaults() {
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of(
                "VAULT_ASSUMED_ROLE_ARN", ROLE,
                "VAULT_ASSUMED_ROLE_SESSION_NAME", "x",
                "VAULT_ASSUMED_ROLE_EXTERNAL_ID", "no spaces",
                "VAULT_ASSUMED_ROLE_DURATION", "5m",
                "AWS_ENDPOINT_URL_STS", "nowhere"));

        AssumedRoleCredentials.read(settings, StsEndpoint.global(), deadline -> OWN, sts.platform(clock));

        assertThatThrownBy(settings::rejectFaults)
                .hasMessageContaining("VAULT_ASSUMED_ROLE_SESSION_NAME: session name \"x\": 2 to 64")
                .hasMessageContaining("VAULT_ASSUMED_ROLE_EXTERNAL_ID: external id: 2 to 1224")
                .hasMessageContaining("VAULT_ASSUMED_ROLE_DURATION: duration of 300 s: from 15 minutes to 12 hours")
                .hasMessageContaining("AWS_ENDPOINT_URL_STS is \"nowhere\"");
    }

    private AwsCredentialsSource read(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        AwsCredentialsSource source = AssumedRoleCredentials.read(
                settings, StsEndpoint.regional("eu-south-1"), deadline -> OWN, sts.platform(clock));
        settings.rejectFaults();
        return source;
    }

    @Test
    void unreachable() {
        sts.otherwise(call -> {
            throw new ConnectException("Connection refused");
        });

        AwsUnavailableException e = catchThrowableOfType(
                AwsUnavailableException.class, () -> assumed(null).credentials(soon()));

        assertThat(e)
                .hasMessage("Assuming " + ROLE + " failed: STS at https://sts.eu-south-1.amazonaws.com/ did not answer."
                        + " Hint: check that the function's network reaches STS")
                .hasCauseInstanceOf(ConnectException.class);
        assertThat(e.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "junk n0tf0rl0gs",
                "<AccessKeyId>A</AccessKeyId>",
                "<AccessKeyId>A</AccessKeyId><SecretAccessKey>n0tf0rl0gs</SecretAccessKey><SessionToken>n0tf0rl0gs",
                "<AccessKeyId>A</AccessKeyId><SecretAccessKey>n0tf0rl0gs</SecretAccessKey><SessionToken>n0tf0rl0gs"
                        + "</SessionToken><Expiration>n0tf0rl0gs</Expiration>",
                "</AccessKeyId><AccessKeyId>",
            })
    void garbageIsNoCredentials(String answer) {
        sts.then(200, answer);

        VaultLoginException e = catchThrowableOfType(
                VaultLoginException.class, () -> assumed(null).credentials(soon()));

        assertThat(e)
                .hasMessageStartingWith("Assuming " + ROLE + " failed: the answer of STS at https://sts.eu-south-1");
        assertThat(Said.by(e)).doesNotContain("n0tf0rl0gs");
    }

    @Test
    void withoutTimeNothingIsSent() {
        assertThatThrownBy(() -> assumed(null).credentials(Deadline.after(clock, Duration.ZERO)))
                .isInstanceOf(AwsUnavailableException.class)
                .hasMessage("Assuming " + ROLE + " failed: no time is left");
        assertThat(sts.calls()).isEmpty();
    }

    @Test
    void afterAFailureTheNextCallTriesAgain() {
        sts.then(403, "").then(200, AwsAnswers.assumedRole("2026-03-01T13:00:00Z"));
        AssumedRoleCredentials assumed = assumed(null);

        assertThatThrownBy(() -> assumed.credentials(soon())).isInstanceOf(VaultLoginException.class);
        assertThat(assumed.credentials(soon()).accessKeyId()).isEqualTo("ASIAASSUMED");
        assertThat(assumed).hasToString("AssumedRoleCredentials[" + ROLE + "]");
    }

    /** Against an STS that verifies signatures, over a real connection. */
    @Test
    void anStsThatVerifiesAcceptsTheRequest() {
        try (StsEmulator emulator = StsEmulator.start()) {
            TestCredentials function = emulator.issueSession(emulator.createRole("function"));
            String role = emulator.createRole("vault");

            AwsCredentials credentials = assumed(emulator, role, function);

            assertThat(credentials.accessKeyId()).startsWith("ASIA");
            assertThat(credentials.expiresAt()).isAfter(Instant.now());
            assertThat(emulator.calls()).extracting(StsCall::action).containsExactly("AssumeRole");

            assertThatThrownBy(() -> assumed(emulator, role, function.withSecretAccessKey("n0tf0rl0gs-wrong")))
                    .isInstanceOf(VaultLoginException.class)
                    .hasMessageContaining("STS answered 403 SignatureDoesNotMatch")
                    .satisfies(e -> assertThat(Said.by(e)).doesNotContain("n0tf0rl0gs"));

            emulator.denyAssumeRole(role);
            assertThatThrownBy(() -> assumed(emulator, role, function))
                    .isInstanceOf(VaultLoginException.class)
                    .hasMessageContaining("STS answered 403 AccessDenied");
        }
    }

    private static AwsCredentials assumed(StsEmulator emulator, String role, TestCredentials own) {
        AwsCredentials credentials = AwsCredentials.of(own.accessKeyId(), own.secretAccessKey(), own.sessionToken());
        return new AssumedRoleCredentials(
                        role,
                        StsEndpoint.regional("eu-south-1"),
                        emulator.endpoint(),
                        deadline -> credentials,
                        Platform.system())
                .credentials(Deadline.after(InstantSource.system(), Duration.ofMinutes(1)));
    }
}
