package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpCall;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StsEmulatorTest {
    private final FakeClock clock = new FakeClock();
    private StsEmulator sts;
    private String role;
    private TestCredentials session;

    @BeforeEach
    void start() {
        sts = StsEmulator.builder().clock(clock).start();
        role = sts.createRole("orders");
        session = sts.issueSession(role, "fn", Duration.ofHours(1));
    }

    @AfterEach
    void stop() {
        sts.close();
    }

    private TestSigner signer(TestCredentials credentials) {
        return new TestSigner(credentials).at(clock.instant());
    }

    private Http.Reply post(TestSigner signer, String body) throws Exception {
        return send(signer.sign(host(), body), body);
    }

    private Http.Reply send(Map<String, String> headers, String body) throws Exception {
        return Http.send("POST", sts.endpoint() + "/", headers, body);
    }

    private String host() {
        return sts.endpoint().getAuthority();
    }

    @Test
    void tellsWhoSigned() throws Exception {
        Http.Reply reply = post(signer(session), TestSigner.IDENTITY);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.raw().headers().firstValue("Content-Type")).contains("text/xml");
        assertThat(reply.body())
                .startsWith("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">")
                .contains("<Arn>arn:aws:sts::123456789012:assumed-role/orders/fn</Arn>")
                .containsPattern("<UserId>AROA[A-Z0-9]{16}:fn</UserId>")
                .contains("<Account>123456789012</Account>", "<RequestId>");
        assertThat(sts.calls())
                .containsExactly(
                        new StsCall("GetCallerIdentity", "arn:aws:sts::123456789012:assumed-role/orders/fn", 200));
    }

    @Test
    void knowsUsers() throws Exception {
        TestCredentials user = sts.createUserKey("admin");

        assertThat(user.accessKeyId()).startsWith("AKIA");
        assertThat(post(signer(user), TestSigner.IDENTITY).body())
                .contains("<Arn>arn:aws:iam::123456789012:user/admin</Arn>");
    }

    @Test
    void refusesWithoutSignature() throws Exception {
        Http.Reply reply = send(Map.of("Content-Type", "application/x-www-form-urlencoded"), TestSigner.IDENTITY);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).contains("<Code>MissingAuthenticationToken</Code>");
    }

    @Test
    void refusesIncompleteSignature() throws Exception {
        Map<String, String> headers = signer(session).sign(host(), TestSigner.IDENTITY);
        headers.computeIfPresent("Authorization", (name, value) -> value.replaceFirst(", Signature=.*", ""));

        Http.Reply reply = send(headers, TestSigner.IDENTITY);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body())
                .contains("<Code>IncompleteSignature</Code>", "Authorization header requires 'Signature' parameter.");
    }

    @Test
    void refusesUnknownKeysAndWrongTokens() throws Exception {
        TestCredentials unknown = new TestCredentials(
                "ASIAUNKNOWN", session.secretAccessKey(), session.sessionToken(), session.expiration());
        for (TestCredentials wrong :
                new TestCredentials[] {unknown, session.withSessionToken("other"), session.withSessionToken(null)}) {
            Http.Reply reply = post(signer(wrong), TestSigner.IDENTITY);

            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.body())
                    .contains(
                            "<Code>InvalidClientTokenId</Code>",
                            "<Message>The security token included in the request is invalid.</Message>");
        }
    }

    @Test
    void refusesAWrongSecretKey() throws Exception {
        Http.Reply reply = post(signer(session.withSecretAccessKey("wrong")), TestSigner.IDENTITY);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body())
                .contains("<Code>SignatureDoesNotMatch</Code>", "The request signature we calculated does not match");
        assertThat(sts.calls()).containsExactly(new StsCall("GetCallerIdentity", "", 403));
    }

    @Test
    void refusesAChangedHeaderAndAChangedBody() throws Exception {
        Map<String, String> changed = signer(session).header("X-Extra", "one").sign(host(), TestSigner.IDENTITY);
        changed.put("X-Extra", "two");

        assertThat(send(changed, TestSigner.IDENTITY).body()).contains("<Code>SignatureDoesNotMatch</Code>");
        assertThat(send(signer(session).sign(host(), TestSigner.IDENTITY), TestSigner.IDENTITY + "&a=b")
                        .body())
                .contains("<Code>SignatureDoesNotMatch</Code>");
    }

    @Test
    void refusesWhenTheHostIsNotSigned() throws Exception {
        Map<String, String> headers = signer(session).sign(host(), TestSigner.IDENTITY);
        headers.computeIfPresent("Authorization", (name, value) -> value.replace("host;", ""));

        assertThat(send(headers, TestSigner.IDENTITY).body())
                .contains("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }

    @Test
    void refusesOldAndFutureSignatures() throws Exception {
        TestSigner signer = signer(session);
        clock.advance(Duration.ofMinutes(15));
        assertThat(post(signer, TestSigner.IDENTITY).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));

        assertThat(post(signer, TestSigner.IDENTITY).body())
                .contains("Signature expired: 20260301T120000Z is now earlier than 20260301T120001Z"
                        + " (20260301T121501Z - 15 min.)");
        assertThat(post(signer(session).at(clock.instant().plusSeconds(1000)), TestSigner.IDENTITY)
                        .body())
                .contains("Signature not yet current: 20260301T123141Z is still later than 20260301T123001Z"
                        + " (20260301T121501Z + 15 min.)");
    }

    @Test
    void refusesAnEndedSession() throws Exception {
        clock.advance(Duration.ofHours(1));

        Http.Reply reply = post(signer(session), TestSigner.IDENTITY);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).contains("<Code>ExpiredToken</Code>");
    }

    @ParameterizedTest
    @CsvSource({
        "sts.amazonaws.com,us-east-1,200",
        "sts.amazonaws.com,eu-west-1,403",
        "sts.eu-west-1.amazonaws.com,eu-west-1,200",
        "sts.eu-west-1.amazonaws.com,us-east-1,403",
        "sts.cn-north-1.amazonaws.com.cn,cn-north-1,200",
        "sts-fips.us-east-2.amazonaws.com,us-east-2,200",
        "sts-fips.us-east-2.amazonaws.com,us-east-1,403",
        "sts.eu-west-1.api.aws,eu-west-1,200",
        "sts.eu-west-1.api.aws,eu-west-2,403",
        "localhost:4566,eu-west-2,200"
    })
    void theHostDecidesTheRegion(String host, String region, int status) throws Exception {
        Map<String, String> signed = signer(session).region(region).sign(host, TestSigner.IDENTITY);
        HeaderList headers = new HeaderList();
        signed.forEach(headers::add);

        // With two slashes, as Vault sends it.
        HttpAnswer answer = HttpCall.send(
                sts.endpoint(),
                host,
                new HttpRequest("POST", "//", "", headers, TestSigner.IDENTITY.getBytes(StandardCharsets.UTF_8)));

        assertThat(answer.status()).isEqualTo(status);
        if (status == 403) {
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .contains("<Message>Credential should be scoped to a valid region. </Message>");
        }
    }

    @Test
    void refusesAnotherService() throws Exception {
        assertThat(post(signer(session).service("s3"), TestSigner.IDENTITY).body())
                .contains("Credential should be scoped to correct service: 'sts'.");
    }

    @Test
    void refusesUnknownActions() throws Exception {
        Http.Reply reply = post(signer(session), "Action=Fly&Version=2011-06-15");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body())
                .contains("<Code>InvalidAction</Code>", "Could not find operation Fly for version 2011-06-15");
    }

    private static String assume(String arn, String rest) {
        return "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s&RoleArn=".replace("=s&", "=sess&")
                + arn.replace(":", "%3A").replace("/", "%2F")
                + rest;
    }

    @Test
    void assumesRolesWhoseKeysWork() throws Exception {
        String other = sts.createRole("reader");

        Http.Reply reply = post(signer(session), assume(other, "&DurationSeconds=900"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .contains("<Arn>arn:aws:sts::123456789012:assumed-role/reader/sess</Arn>")
                .contains("<Expiration>2026-03-01T12:15:00Z</Expiration>");
        TestCredentials assumed = new TestCredentials(
                element(reply.body(), "AccessKeyId"),
                element(reply.body(), "SecretAccessKey"),
                element(reply.body(), "SessionToken"),
                clock.instant());
        assertThat(assumed.accessKeyId()).startsWith("ASIA");
        assertThat(assumed.secretAccessKey()).contains(TestSecrets.MARKER);
        assertThat(assumed.sessionToken()).contains(TestSecrets.MARKER);
        assertThat(post(signer(assumed), TestSigner.IDENTITY).body()).contains("assumed-role/reader/sess");
    }

    private static String element(String xml, String name) {
        return xml.substring(xml.indexOf("<" + name + ">") + name.length() + 2, xml.indexOf("</" + name + ">"));
    }

    @ParameterizedTest
    @CsvSource({
        "&DurationSeconds=899,greater than or equal to 900",
        "&DurationSeconds=43201,less than or equal to 43200",
        "&DurationSeconds=3601,1 hour session limit for roles assumed by role chaining"
    })
    void checksTheDuration(String rest, String message) throws Exception {
        Http.Reply reply = post(signer(session), assume(role, rest));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("<Code>ValidationError</Code>", message);
    }

    @Test
    void denies() throws Exception {
        String denied = sts.createRole("denied");
        sts.denyAssumeRole(denied);
        String guarded = sts.createRole("guarded");
        sts.requireExternalId(guarded, "ext");

        for (String body : new String[] {
            assume(denied, ""), assume(guarded, ""), assume(guarded, "&ExternalId=no"), assume(role + "x", "")
        }) {
            Http.Reply reply = post(signer(session), body);
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.body())
                    .contains("<Code>AccessDenied</Code>", "is not authorized to perform: sts:AssumeRole on resource");
        }
        assertThat(post(signer(session), assume(guarded, "&ExternalId=ext")).status())
                .isEqualTo(200);
    }

    @Test
    void rolesLimitTheirSessions() throws Exception {
        TestSigner user = signer(sts.createUserKey("admin"));

        Http.Reply reply = post(user, assume(role, "&DurationSeconds=3601"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body())
                .contains("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
        sts.maxSessionDuration(role, Duration.ofHours(12));
        assertThat(post(user, assume(role, "&DurationSeconds=43200")).body())
                .contains("<Expiration>2026-03-02T00:00:00Z</Expiration>");
        assertThatThrownBy(() -> sts.maxSessionDuration(role, Duration.ofHours(13)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sts.maxSessionDuration(role, Duration.ofMinutes(59)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "RoleSessionName,x,have length greater than or equal to 2",
        "RoleSessionName,a/b,satisfy regular expression pattern",
        "RoleSessionName,12345678901234567890123456789012345678901234567890123456789012345,less than or equal to 64",
        "ExternalId,x,have length greater than or equal to 2",
        "ExternalId,a*b,satisfy regular expression pattern"
    })
    void checksNames(String field, String value, String message) throws Exception {
        String body = assume(role, "&ExternalId=ext")
                .replaceFirst(
                        field + "=[^&]*",
                        field + "=" + value.replace("/", "%2F").replace("*", "%2A"));

        Http.Reply reply = post(signer(session), body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("<Code>ValidationError</Code>", message);
    }

    @Test
    void failsWhenTold() throws Exception {
        sts.throttleNext(1);
        sts.failNext(1, 503);
        sts.failNext(1, 500);
        TestSigner signer = signer(session);

        assertThat(post(signer, TestSigner.IDENTITY).body())
                .contains("<Code>Throttling</Code>", "<Message>Rate exceeded</Message>", "<Type>Sender</Type>");
        assertThat(post(signer, TestSigner.IDENTITY).body())
                .contains("<Code>ServiceUnavailable</Code>", "<Type>Receiver</Type>");
        assertThat(post(signer, TestSigner.IDENTITY).body()).contains("<Code>InternalFailure</Code>");
        assertThat(post(signer, TestSigner.IDENTITY).status()).isEqualTo(200);
        sts.dropNext(1);
        assertThatThrownBy(() -> post(signer, TestSigner.IDENTITY)).isInstanceOf(IOException.class);
        assertThat(sts.calls()).extracting(StsCall::status).containsExactly(400, 503, 500, 200, 0);
        assertThatThrownBy(() -> sts.failNext(1, 404)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void issuesSessionsOfItsOwnRolesOnly() {
        assertThatThrownBy(() -> sts.issueSession("arn:aws:iam::1:role/x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void credentialsHideTheirSecrets() {
        assertThat(session.toString()).doesNotContain(TestSecrets.MARKER).contains(session.accessKeyId());
        assertThat(session.asEnvironment())
                .isEqualTo(new LinkedHashMap<>(Map.of(
                        "AWS_ACCESS_KEY_ID", session.accessKeyId(),
                        "AWS_SECRET_ACCESS_KEY", session.secretAccessKey(),
                        "AWS_SESSION_TOKEN", String.valueOf(session.sessionToken()))));
        assertThat(session.secretAccessKey()).contains(TestSecrets.MARKER);
    }
}
