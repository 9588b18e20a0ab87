package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

class SigV4SignerTest {
    /** The key of AWS's published test suite. */
    private static final String KEY_ID = "AKIDEXAMPLE";

    private static final String KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String SUITE_SESSION_TOKEN =
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWH"
                    + "GBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQ"
                    + "DYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yj"
                    + "c8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    private static final Instant SUITE_TIME = Instant.parse("2015-08-30T12:36:00Z");
    private static final String SCOPE = "20150830/us-east-1/service/aws4_request";

    /** One case of the suite. Header names and values are those of its .req file, Host and X-Amz-Date left out. */
    record Case(
            String name,
            String method,
            List<String> headers,
            String body,
            @Nullable String sessionToken,
            String signedHeaders,
            String signature) {
        @Override
        public String toString() {
            return name;
        }

        Map<String, String> headerMap() {
            Map<String, String> map = new LinkedHashMap<>();
            for (int i = 0; i < headers.size(); i += 2) {
                map.put(headers.get(i), headers.get(i + 1));
            }
            return map;
        }
    }

    /** Those cases of aws-sig-v4-test-suite whose path is "/" without a query, and whose headers are single lines. */
    static List<Case> suite() {
        return List.of(
                new Case(
                        "get-vanilla",
                        "GET",
                        List.of(),
                        "",
                        null,
                        "host;x-amz-date",
                        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
                new Case(
                        "get-header-value-trim",
                        "GET",
                        List.of("My-Header1", " value1", "My-Header2", " \"a   b   c\""),
                        "",
                        null,
                        "host;my-header1;my-header2;x-amz-date",
                        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
                new Case(
                        "post-vanilla",
                        "POST",
                        List.of(),
                        "",
                        null,
                        "host;x-amz-date",
                        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
                new Case(
                        "post-header-key-sort",
                        "POST",
                        List.of("My-Header1", "value1"),
                        "",
                        null,
                        "host;my-header1;x-amz-date",
                        "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
                new Case(
                        "post-header-value-case",
                        "POST",
                        List.of("My-Header1", "VALUE1"),
                        "",
                        null,
                        "host;my-header1;x-amz-date",
                        "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
                new Case(
                        "post-sts-header-before",
                        "POST",
                        List.of(),
                        "",
                        SUITE_SESSION_TOKEN,
                        "host;x-amz-date;x-amz-security-token",
                        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
                new Case(
                        "post-x-www-form-urlencoded",
                        "POST",
                        List.of("Content-Type", "application/x-www-form-urlencoded"),
                        "Param1=value1",
                        null,
                        "content-type;host;x-amz-date",
                        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
                new Case(
                        "post-x-www-form-urlencoded-parameters",
                        "POST",
                        List.of("Content-Type", "application/x-www-form-urlencoded; charset=utf8"),
                        "Param1=value1",
                        null,
                        "content-type;host;x-amz-date",
                        "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"));
    }

    @ParameterizedTest
    @MethodSource("suite")
    void signsAsPublishedByAws(Case published) {
        Map<String, String> headers = published.headerMap();
        headers.put("Host", "example.amazonaws.com");
        Map<String, String> before = Map.copyOf(headers);

        Map<String, String> signed = new SigV4Signer("us-east-1", "service")
                .sign(
                        published.method(),
                        headers,
                        published.body().getBytes(UTF_8),
                        AwsCredentials.of(KEY_ID, KEY, published.sessionToken()),
                        SUITE_TIME);

        assertThat(signed)
                .containsAllEntriesOf(before)
                .containsEntry("X-Amz-Date", "20150830T123600Z")
                .containsEntry(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + KEY_ID + "/" + SCOPE + ", SignedHeaders="
                                + published.signedHeaders() + ", Signature=" + published.signature());
        if (published.sessionToken() == null) {
            assertThat(signed).doesNotContainKey("X-Amz-Security-Token");
        } else {
            assertThat(signed).containsEntry("X-Amz-Security-Token", published.sessionToken());
        }
        assertThat(headers).isEqualTo(before);
    }

    @Test
    void theSpellingOfHeaderNamesDoesNotCount() {
        SigV4Signer signer = new SigV4Signer("us-east-1", "service");
        AwsCredentials credentials = AwsCredentials.of(KEY_ID, KEY, null);

        Map<String, String> signed =
                signer.sign("POST", Map.of("HOST", "example.amazonaws.com"), new byte[0], credentials, SUITE_TIME);

        // post-header-key-case
        assertThat(signed.get("Authorization"))
                .endsWith("SignedHeaders=host;x-amz-date,"
                        + " Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
        assertThat(signed).containsEntry("HOST", "example.amazonaws.com");
    }

    @ParameterizedTest
    @MethodSource("suite")
    void agreesWithTheAwsSdkOnTheSuite(Case published) throws GeneralSecurityException {
        assertSameAsSdk(
                published.method(),
                "example.amazonaws.com",
                published.headerMap(),
                published.body(),
                AwsCredentials.of(KEY_ID, KEY, published.sessionToken()),
                "us-east-1",
                "service",
                SUITE_TIME);
    }

    @Test
    void agreesWithTheAwsSdkOnWhateverIsSigned() throws GeneralSecurityException {
        Random random = new Random(20260301);
        List<String> regions = List.of("us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1", "ap-southeast-5");
        for (int i = 0; i < 5_000; i++) {
            String region = regions.get(random.nextInt(regions.size()));
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (int h = random.nextInt(6); h > 0; h--) {
                headers.put(headerName(random), text(random, 60));
            }
            assertSameAsSdk(
                    random.nextBoolean() ? "POST" : "GET",
                    "sts." + region + ".amazonaws.com",
                    headers,
                    text(random, 400),
                    AwsCredentials.of(
                            "AKIA" + random.nextInt(1_000_000),
                            "n0tf0rl0gs" + text(random, 40).strip(),
                            random.nextBoolean() ? "n0tf0rl0gs/+=" + random.nextLong() : null),
                    region,
                    random.nextBoolean() ? "sts" : "service",
                    Instant.ofEpochSecond(random.nextInt() & 0xffffffffL, random.nextInt(1_000_000_000)));
        }
    }

    private static String headerName(Random random) {
        String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
        StringBuilder name = new StringBuilder("X-");
        for (int i = 1 + random.nextInt(20); i > 0; i--) {
            name.append(letters.charAt(random.nextInt(letters.length())));
        }
        return name.toString();
    }

    /** Printable ASCII with runs of spaces, and for a body some characters beyond. */
    private static String text(Random random, int maxLength) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxLength); i > 0; i--) {
            text.append(random.nextInt(4) == 0 ? ' ' : (char) (' ' + random.nextInt(95)));
        }
        return maxLength > 100 ? text + "\u00e9\uD83D\uDD11" : text.toString();
    }

    /** The SDK always signs the body's hash as a header as well, so that header is given to ours too. */
    private static void assertSameAsSdk(
            String method,
            String host,
            Map<String, String> headers,
            String body,
            AwsCredentials credentials,
            String region,
            String service,
            Instant now)
            throws GeneralSecurityException {
        byte[] bytes = body.getBytes(UTF_8);
        SecretValue token = credentials.sessionToken();
        String secret = credentials.secretAccessKey().reveal();
        AwsCredentialsIdentity identity = token == null
                ? AwsCredentialsIdentity.create(credentials.accessKeyId(), secret)
                : AwsSessionCredentialsIdentity.create(credentials.accessKeyId(), secret, token.reveal());
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(URI.create("https://" + host + "/"));
        headers.forEach(request::putHeader);
        SdkHttpRequest theirs = AwsV4HttpSigner.create()
                .sign(r -> r.identity(identity)
                        .request(request.build())
                        .payload(ContentStreamProvider.fromByteArray(bytes))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)))
                .request();

        Map<String, String> all = new TreeMap<>(headers);
        all.put("Host", host);
        all.put(
                "x-amz-content-sha256",
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        Map<String, String> ours = new SigV4Signer(region, service).sign(method, all, bytes, credentials, now);

        assertThat(ours.get("Authorization"))
                .isEqualTo(theirs.firstMatchingHeader("Authorization").orElseThrow());
        assertThat(ours.get("X-Amz-Date"))
                .isEqualTo(theirs.firstMatchingHeader("X-Amz-Date").orElseThrow());
    }
}
