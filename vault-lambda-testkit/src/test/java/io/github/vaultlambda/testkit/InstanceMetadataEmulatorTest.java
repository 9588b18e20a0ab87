package io.github.vaultlambda.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.testkit.tls.Der;
import io.github.vaultlambda.testkit.wire.Json;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceMetadataEmulatorTest {
    private static final String IDENTITY = "/latest/dynamic/instance-identity/";
    private static final String CREDENTIALS = "/latest/meta-data/iam/security-credentials/";

    private final FakeClock clock = new FakeClock();
    private final StsEmulator sts = StsEmulator.builder().clock(clock).start();
    private final String role = sts.createRole("orders-instance");
    private final InstanceMetadataEmulator instance =
            InstanceMetadataEmulator.builder(sts, role).region("eu-west-1").start();

    @AfterEach
    void stop() {
        instance.close();
        sts.close();
    }

    private Http.Reply token(String ttl) throws Exception {
        return Http.send(
                "PUT",
                instance.endpoint() + "/latest/api/token",
                Map.of("X-aws-ec2-metadata-token-ttl-seconds", ttl),
                null);
    }

    private Http.Reply get(String path, String token) throws Exception {
        return Http.send("GET", instance.endpoint() + path, Map.of("X-aws-ec2-metadata-token", token), null);
    }

    private String read(String path) throws Exception {
        Http.Reply reply = get(path, token("60").body());
        assertThat(reply.status()).as(path).isEqualTo(200);
        return reply.body();
    }

    @Test
    void givesTokensForTheirTime() throws Exception {
        Http.Reply token = token("60");

        assertThat(token.status()).isEqualTo(200);
        assertThat(token.body()).contains(TestSecrets.MARKER);
        assertThat(token.raw().headers().firstValue("X-aws-ec2-metadata-token-ttl-seconds"))
                .contains("60");
        clock.advance(Duration.ofSeconds(59));
        assertThat(get(CREDENTIALS, token.body()).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(get(CREDENTIALS, token.body()).status()).isEqualTo(401);
        String next = token("21600").body();
        assertThat(get(CREDENTIALS, next).status()).isEqualTo(200);
        instance.forgetTokens();
        assertThat(get(CREDENTIALS, next).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "21601", "x", "-1"})
    void refusesOtherTimes(String ttl) throws Exception {
        assertThat(token(ttl).status()).isEqualTo(400);
    }

    @Test
    void refusesWithoutATokenAndThroughProxies() throws Exception {
        String url = instance.endpoint() + CREDENTIALS;
        String tokens = instance.endpoint() + "/latest/api/token";

        assertThat(Http.send("GET", url, Map.of(), null).status()).isEqualTo(401);
        assertThat(get(CREDENTIALS, "other").status()).isEqualTo(401);
        assertThat(Http.send("PUT", tokens, Map.of(), null).status()).isEqualTo(400);
        assertThat(Http.send("GET", tokens, Map.of(), null).status()).isEqualTo(405);
        assertThat(Http.send("POST", url, Map.of(), "").status()).isEqualTo(405);
        Map<String, String> proxied =
                Map.of("X-Forwarded-For", "10.0.0.1", "X-aws-ec2-metadata-token-ttl-seconds", "60");
        assertThat(Http.send("PUT", tokens, proxied, null).status()).isEqualTo(403);
    }

    @Test
    void versionOneNeedsNoToken() throws Exception {
        try (InstanceMetadataEmulator open = InstanceMetadataEmulator.builder(sts, role)
                .tokensOptional()
                .instanceId("i-1")
                .imageId("ami-1")
                .start()) {
            for (Map.Entry<String, String> entry : Map.of(
                            "instance-id", "i-1",
                            "ami-id", "ami-1",
                            "placement/region", "us-east-1",
                            "placement/availability-zone", "us-east-1a")
                    .entrySet()) {
                assertThat(Http.send("GET", open.endpoint() + "/latest/meta-data/" + entry.getKey(), Map.of(), null)
                                .body())
                        .isEqualTo(entry.getValue());
            }
            assertThat(Http.send("GET", open.endpoint() + "/latest/none", Map.of(), null)
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void givesSessionsThatStsKnows() throws Exception {
        assertThat(read(CREDENTIALS)).isEqualTo("orders-instance");
        Map<String, ?> fields = Json.object(Json.read(read(CREDENTIALS + "orders-instance")));
        TestCredentials session = new TestCredentials(
                String.valueOf(fields.get("AccessKeyId")),
                String.valueOf(fields.get("SecretAccessKey")),
                String.valueOf(fields.get("Token")),
                Instant.parse(String.valueOf(fields.get("Expiration"))));

        assertThat(fields.get("Code")).isEqualTo("Success");
        assertThat(fields.get("Type")).isEqualTo("AWS-HMAC");
        assertThat(session.expiration()).isEqualTo(clock.instant().plus(Duration.ofHours(6)));
        Map<String, String> signed =
                new TestSigner(session).at(clock.instant()).sign(sts.endpoint().getAuthority(), TestSigner.IDENTITY);
        assertThat(Http.send("POST", sts.endpoint() + "/", signed, TestSigner.IDENTITY)
                        .body())
                .contains("assumed-role/orders-instance/" + instance.instanceId());
        assertThat(read(CREDENTIALS + "orders-instance")).contains(session.accessKeyId());
        instance.rotate();
        assertThat(read(CREDENTIALS + "orders-instance")).doesNotContain(session.accessKeyId());
        assertThat(get(CREDENTIALS + "other", token("60").body()).status()).isEqualTo(404);
    }

    @Test
    void theDocumentTellsOfTheInstance() throws Exception {
        String document = read(IDENTITY + "document");

        assertThat(document).isEqualTo(instance.document());
        assertThat(Json.object(Json.read(document)))
                .containsEntry("accountId", "123456789012")
                .containsEntry("region", "eu-west-1")
                .containsEntry("availabilityZone", "eu-west-1a")
                .containsEntry("instanceId", instance.instanceId())
                .containsEntry("pendingTime", "2026-03-01T12:00:00Z")
                .containsEntry("version", "2017-09-30")
                .containsEntry("kernelId", null);
        assertThat(instance.instanceId()).matches("i-[0-9a-f]{17}");
    }

    private static X509Certificate certificate(String pem) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
    }

    @Test
    void theSignatureIsThatOfTheDocument() throws Exception {
        String text = read(IDENTITY + "signature");
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(certificate(instance.rsaCertificatePem()));
        verifier.update(instance.document().getBytes(UTF_8));

        assertThat(text.lines().toList())
                .hasSizeGreaterThan(1)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(76));
        assertThat(verifier.verify(Base64.getMimeDecoder().decode(text))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"rsa2048,SHA-256,SHA256withRSA", "pkcs7,SHA-1,SHA1withDSA"})
    void pkcs7HoldsDocumentAndSignature(String path, String digest, String algorithm) throws Exception {
        String text = read(IDENTITY + path);
        X509Certificate certificate =
                certificate(path.equals("pkcs7") ? instance.pkcs7CertificatePem() : instance.rsaCertificatePem());
        assertThat(text.lines().toList())
                .hasSizeGreaterThan(1)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(64));

        // ContentInfo { type, [0] SignedData { version, digests, { type, [0] content }, signers } }
        byte[] contentInfo = Base64.getMimeDecoder().decode(text);
        List<byte[]> signedData = inside(inside(inside(contentInfo).get(1)).get(0));
        byte[] content = value(inside(inside(signedData.get(2)).get(1)).get(0));
        assertThat(content).isEqualTo(instance.document().getBytes(UTF_8));

        // SignerInfo { version, { issuer, serial }, digest, [0] attributes, algorithm, signature }
        List<byte[]> signer = inside(inside(signedData.get(3)).get(0));
        assertThat(inside(signer.get(1)))
                .containsExactly(
                        certificate.getIssuerX500Principal().getEncoded(), Der.integer(certificate.getSerialNumber()));
        List<byte[]> attributes = inside(signer.get(3));
        assertThat(value(inside(inside(attributes.get(2)).get(1)).get(0)))
                .isEqualTo(MessageDigest.getInstance(digest).digest(content));
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certificate);
        byte[] signed = signer.get(3).clone();
        signed[0] = 0x31;
        verifier.update(signed);
        assertThat(verifier.verify(value(signer.get(5)))).isTrue();
    }

    private static List<byte[]> inside(byte[] values) {
        List<byte[]> out = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(value(values));
        while (in.hasRemaining()) {
            int start = in.position();
            in.get();
            int length = length(in);
            in.position(in.position() + length);
            out.add(Arrays.copyOfRange(in.array(), start, in.position()));
        }
        return out;
    }

    private static byte[] value(byte[] tagged) {
        ByteBuffer in = ByteBuffer.wrap(tagged, 1, tagged.length - 1);
        int length = length(in);
        assertThat(in.remaining()).isEqualTo(length);
        return Arrays.copyOfRange(tagged, in.position(), tagged.length);
    }

    private static int length(ByteBuffer in) {
        int first = in.get() & 0xff;
        int length = first;
        if (first >= 0x80) {
            length = 0;
            for (int i = 0; i < (first & 0x7f); i++) {
                length = length << 8 | (in.get() & 0xff);
            }
        }
        return length;
    }

    @Test
    void failsWhenTold() throws Exception {
        instance.failNext(2, 503);

        assertThat(token("60").status()).isEqualTo(503);
        assertThat(token("60").status()).isEqualTo(503);
        assertThat(token("60").status()).isEqualTo(200);
        assertThat(instance.requestCount()).isEqualTo(3);
        assertThat(instance.environment())
                .containsOnly(Map.entry(
                        "AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.endpoint().toString()));
        assertThatThrownBy(() -> InstanceMetadataEmulator.builder(sts, "arn:aws:iam::1:role/x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
