package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.tls.Keys;
import io.github.vaultlambda.testkit.tls.Pem;
import io.github.vaultlambda.testkit.tls.SignedDocument;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.LoopbackServer;
import io.github.vaultlambda.testkit.wire.Mint;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The instance metadata service of one EC2 instance, on 127.0.0.1 (<a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html">IMDS</a>): tokens of
 * version 2, the credentials of the instance's role, which are sessions of {@link StsEmulator}, and the instance identity
 * document with its signatures. The keys that sign it are the emulator's own: register their certificates in Vault.
 *
 * <p>Time is that of the STS. Thread-safe. {@link #close()} stops the server.
 */
public final class InstanceMetadataEmulator implements AutoCloseable {
    private static final String TTL = "X-aws-ec2-metadata-token-ttl-seconds";
    private static final String TOKEN = "X-aws-ec2-metadata-token";
    private static final String IDENTITY = "/latest/dynamic/instance-identity/";
    private static final String CREDENTIALS = "/latest/meta-data/iam/security-credentials/";
    private static final long LONGEST_TTL = 21_600;
    private static final Duration SESSION = Duration.ofHours(6);
    private static final Duration EARLY = Duration.ofMinutes(5);

    private final Builder settings;
    private final Map<String, Instant> tokens = new HashMap<>();
    private final Queue<HttpAnswer> planned = new ArrayDeque<>();
    private final String document;
    private final Instant started;
    private final SignedDocument rsa;
    private final SignedDocument dsa;
    private final X509Certificate rsaCertificate;
    private final X509Certificate dsaCertificate;
    private final LoopbackServer server;
    private @Nullable TestCredentials session;
    private int requests;

    private InstanceMetadataEmulator(Builder settings) {
        this.settings = settings;
        this.started = settings.sts.now().truncatedTo(ChronoUnit.SECONDS);
        this.document = document(settings, started);
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        // Vault compares the time of a signature with the life of its certificate.
        Instant from = started.minus(Duration.ofDays(1));
        Instant until = started.plus(Duration.ofDays(3650));
        KeyPair rsaKey = Keys.sharedRsa("instance-identity");
        KeyPair dsaKey = Keys.dsa();
        this.rsaCertificate = SignedDocument.certificate(rsaKey, "instance identity RSA", from, until);
        this.dsaCertificate = SignedDocument.certificate(dsaKey, "instance identity DSA", from, until);
        this.rsa = new SignedDocument(bytes, rsaKey, rsaCertificate);
        this.dsa = new SignedDocument(bytes, dsaKey, dsaCertificate);
        this.server = LoopbackServer.start("instance-metadata", 0, this::handle);
    }

    private static String document(Builder settings, Instant started) {
        String[][] fields = {
            {"accountId", "\"" + settings.sts.accountId() + "\""},
            {"architecture", "\"x86_64\""},
            {"availabilityZone", "\"" + settings.region + "a\""},
            {"billingProducts", "null"},
            {"devpayProductCodes", "null"},
            {"marketplaceProductCodes", "null"},
            {"imageId", "\"" + settings.imageId + "\""},
            {"instanceId", "\"" + settings.instanceId + "\""},
            {"instanceType", "\"t3.micro\""},
            {"kernelId", "null"},
            {"pendingTime", "\"" + started + "\""},
            {"privateIp", "\"10.0.0.10\""},
            {"ramdiskId", "null"},
            {"region", "\"" + settings.region + "\""},
            {"version", "\"2017-09-30\""}
        };
        StringBuilder out = new StringBuilder("{\n");
        for (String[] field : fields) {
            out.append(out.length() > 2 ? ",\n" : "")
                    .append("  \"")
                    .append(field[0])
                    .append("\" : ")
                    .append(field[1]);
        }
        return out.append("\n}").toString();
    }

    /**
     * Settings for an instance with this role.
     *
     * @param sts who issues the sessions
     * @param roleArn a role of {@link StsEmulator#createRole}; {@link IllegalArgumentException} for another one
     */
    public static Builder builder(StsEmulator sts, String roleArn) {
        return new Builder(sts, roleArn);
    }

    /** {@code http://127.0.0.1:port}, for AWS_EC2_METADATA_SERVICE_ENDPOINT. */
    public URI endpoint() {
        return server.uri();
    }

    /** The variables that lead clients here: AWS_EC2_METADATA_SERVICE_ENDPOINT. */
    public Map<String, String> environment() {
        return Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint().toString());
    }

    /** The instance's id. */
    public String instanceId() {
        return settings.instanceId;
    }

    /** The instance identity document, byte for byte. */
    public String document() {
        return document;
    }

    /** PEM of the certificate (RSA) that verifies {@code signature} and {@code rsa2048}. */
    public String rsaCertificatePem() {
        return Pem.certificates(List.of(rsaCertificate));
    }

    /** PEM of the certificate (DSA) that verifies {@code pkcs7}. */
    public String pkcs7CertificatePem() {
        return Pem.certificates(List.of(dsaCertificate));
    }

    /** The next request for credentials gets a new session; those given before stay valid until their end. */
    public synchronized void rotate() {
        session = null;
    }

    /** From now on the tokens given so far are refused. */
    public synchronized void forgetTokens() {
        tokens.clear();
    }

    /** The next requests are answered with this status; 0 closes the connection. */
    public synchronized void failNext(int count, int status) {
        for (int i = 0; i < count; i++) {
            planned.add(status == 0 ? HttpAnswer.dropped() : text(status, ""));
        }
    }

    /** How many requests came so far. */
    public synchronized int requestCount() {
        return requests;
    }

    @Override
    public void close() {
        server.close();
    }

    private synchronized HttpAnswer handle(HttpRequest request) {
        requests++;
        HttpAnswer next = planned.poll();
        if (next != null) {
            return next;
        }
        if (request.path().equals("/latest/api/token")) {
            return token(request);
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return text(405, "");
        }
        if (!mayRead(request)) {
            return text(401, "");
        }
        String content = content(request.path());
        return content == null ? text(404, "") : text(200, content);
    }

    private HttpAnswer token(HttpRequest request) {
        if (!request.method().equals("PUT")) {
            return text(405, "");
        }
        // A proxy in between must not get one for a stranger.
        if (request.headers().first("X-Forwarded-For") != null) {
            return text(403, "");
        }
        String ttl = request.headers().first(TTL);
        long seconds;
        try {
            seconds = ttl == null ? 0 : Long.parseLong(ttl);
        } catch (NumberFormatException e) {
            seconds = 0;
        }
        if (seconds < 1 || seconds > LONGEST_TTL) {
            return text(400, "");
        }
        String token = Mint.secret("");
        tokens.put(token, settings.sts.now().plusSeconds(seconds));
        HttpAnswer answer = text(200, token);
        answer.headers().add(TTL, Long.toString(seconds));
        return answer;
    }

    private boolean mayRead(HttpRequest request) {
        String token = request.headers().first(TOKEN);
        if (token == null) {
            return settings.tokensOptional;
        }
        Instant end = tokens.get(token);
        return end != null && settings.sts.now().isBefore(end);
    }

    private @Nullable String content(String path) {
        String role = settings.sts.roleName(settings.roleArn);
        return switch (path) {
            case IDENTITY + "document" -> document;
            case IDENTITY + "signature" -> lines(rsa.signature(), 76);
            case IDENTITY + "rsa2048" -> lines(rsa.pkcs7(started), 64);
            case IDENTITY + "pkcs7" -> lines(dsa.pkcs7(started), 64);
            case IDENTITY -> "document\npkcs7\nrsa2048\nsignature";
            case "/latest/meta-data/instance-id" -> settings.instanceId;
            case "/latest/meta-data/ami-id" -> settings.imageId;
            case "/latest/meta-data/placement/region" -> settings.region;
            case "/latest/meta-data/placement/availability-zone" -> settings.region + "a";
            case CREDENTIALS -> role;
            default -> path.equals(CREDENTIALS + role) ? credentials() : null;
        };
    }

    private static String lines(byte[] bytes, int width) {
        return Base64.getMimeEncoder(width, new byte[] {'\n'}).encodeToString(bytes);
    }

    private String credentials() {
        Instant now = settings.sts.now();
        TestCredentials current = session;
        if (current == null || !now.isBefore(current.expiration().minus(EARLY))) {
            // The session's name is the instance's id.
            current = settings.sts.issueSession(settings.roleArn, settings.instanceId, SESSION);
            session = current;
        }
        return "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"" + now.truncatedTo(ChronoUnit.SECONDS)
                + "\",\n  \"Type\" : \"AWS-HMAC\",\n  \"AccessKeyId\" : \"" + current.accessKeyId()
                + "\",\n  \"SecretAccessKey\" : \"" + current.secretAccessKey()
                + "\",\n  \"Token\" : \"" + current.sessionToken()
                + "\",\n  \"Expiration\" : \"" + current.expiration().truncatedTo(ChronoUnit.SECONDS) + "\"\n}";
    }

    private static HttpAnswer text(int status, String body) {
        HttpAnswer answer = HttpAnswer.of(status, "text/plain", body);
        answer.headers().add("Server", "EC2ws");
        return answer;
    }

    /** Settings for an instance; not thread-safe. */
    public static final class Builder {
        private final StsEmulator sts;
        private final String roleArn;
        private String instanceId = "i-" + Mint.uuid().replace("-", "").substring(0, 17);
        private String imageId = "ami-0abcdef1234567890";
        private String region = "us-east-1";
        private boolean tokensOptional;

        private Builder(StsEmulator sts, String roleArn) {
            this.sts = sts;
            this.roleArn = roleArn;
            sts.roleName(roleArn);
        }

        private Builder(Builder other) {
            this.sts = other.sts;
            this.roleArn = other.roleArn;
            this.instanceId = other.instanceId;
            this.imageId = other.imageId;
            this.region = other.region;
            this.tokensOptional = other.tokensOptional;
        }

        /** The instance's id; a random one unless set. */
        public Builder instanceId(String newInstanceId) {
            this.instanceId = Objects.requireNonNull(newInstanceId, "instanceId");
            return this;
        }

        /** The id of its image. */
        public Builder imageId(String newImageId) {
            this.imageId = Objects.requireNonNull(newImageId, "imageId");
            return this;
        }

        /** The region; us-east-1 unless set. */
        public Builder region(String newRegion) {
            this.region = Objects.requireNonNull(newRegion, "region");
            return this;
        }

        /** Answers without a token too, as version 1 does. */
        public Builder tokensOptional() {
            this.tokensOptional = true;
            return this;
        }

        /** Starts the server. */
        public InstanceMetadataEmulator start() {
            return new InstanceMetadataEmulator(new Builder(this));
        }
    }
}
