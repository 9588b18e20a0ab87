package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.http.HttpTransport;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * EC2's instance metadata service, asked with a session token (IMDSv2). Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html">Amazon EC2: use
 *     the instance metadata service</a>
 */
final class InstanceMetadata {
    static final URI DEFAULT_ADDRESS = URI.create("http://169.254.169.254");

    private static final URI IPV6_ADDRESS = URI.create("http://[fd00:ec2::254]");
    private static final String ADDRESS_VARIABLE = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
    private static final String MODE_VARIABLE = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
    private static final String OPERATION = "instance metadata";
    /** It answers in milliseconds, or there is none. */
    private static final Duration TIMEOUT_PER_TRY = Duration.ofSeconds(1);

    private static final int MAX_TRIES = 2;
    /** Longer than the few requests that a session is opened for. */
    private static final String SESSION_SECONDS = "60";

    private final URI address;
    private final AwsExchange exchange;

    InstanceMetadata(URI address, Platform platform) {
        String text = address.toString();
        this.address = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : address;
        this.exchange = new AwsExchange(
                toString(),
                "this works on an EC2 instance only; in a container on one the hop limit of its metadata must be 2",
                TIMEOUT_PER_TRY,
                MAX_TRIES,
                platform.directTransport(),
                platform);
    }

    /** Where the variables say that the service is; what is wrong becomes a fault of the settings. */
    static URI readAddress(EnvironmentSettings settings) {
        URI address = settings.address(ADDRESS_VARIABLE);
        if (address != null) {
            return address;
        }
        String mode = settings.text(MODE_VARIABLE);
        if (mode == null || mode.equalsIgnoreCase("IPv4")) {
            return DEFAULT_ADDRESS;
        }
        if (!mode.equalsIgnoreCase("IPv6")) {
            settings.fault(MODE_VARIABLE + " is \"" + mode + "\": write IPv4 or IPv6");
        }
        return IPV6_ADDRESS;
    }

    /**
     * Opens a session for a few requests.
     *
     * @param purpose the start of messages, such as {@code No AWS credentials}
     */
    Session open(String purpose, Deadline deadline) {
        HttpTransport.Reply reply = exchange.send(
                purpose,
                OPERATION,
                "PUT",
                address.resolve("/latest/api/token"),
                Map.of("X-aws-ec2-metadata-token-ttl-seconds", SESSION_SECONDS),
                new byte[0],
                deadline);
        String token = new String(reply.body(), UTF_8).strip();
        if (reply.status() != 200 || token.isEmpty() || token.indexOf('\n') >= 0) {
            throw HostAnswer.refused(
                    purpose, toString(), reply, "the instance's metadata options must enable the HTTP endpoint");
        }
        return new Session(purpose, token, deadline);
    }

    /** Keeps nothing of what was answered. */
    void forget() {
        exchange.forget();
    }

    /** A few requests with one token. For one thread. */
    final class Session {
        private final String purpose;
        private final String token;
        private final Deadline deadline;

        private Session(String purpose, String token, Deadline deadline) {
            this.purpose = purpose;
            this.token = token;
            this.deadline = deadline;
        }

        /**
         * What stands at a path, such as {@code /latest/dynamic/instance-identity/document}.
         *
         * @param absence what it means when there is nothing
         */
        HttpTransport.Reply get(String path, String absence) {
            HttpTransport.Reply reply = exchange.send(
                    purpose,
                    OPERATION,
                    "GET",
                    address.resolve(path),
                    Map.of("X-aws-ec2-metadata-token", token),
                    null,
                    deadline);
            if (reply.status() == 404) {
                throw new VaultLoginException(VaultFailure.of(purpose + ": " + absence)
                        .withStatus(404)
                        .withPath(path));
            }
            if (reply.status() != 200) {
                throw HostAnswer.refused(purpose, InstanceMetadata.this.toString(), reply, null);
            }
            return reply;
        }

        /** The same as text without white space at its ends. */
        String text(String path, String absence) {
            return new String(get(path, absence).body(), UTF_8).strip();
        }
    }

    /** For messages. */
    @Override
    public String toString() {
        return "EC2's instance metadata at " + address;
    }

    /** The credentials of the instance's role, kept. */
    static AwsCredentialsSource credentials(URI address, Platform platform, @Nullable String lookedFor) {
        return new KeptCredentials(
                "instance credentials",
                new RoleCredentials(new InstanceMetadata(address, platform), lookedFor),
                platform.clock());
    }

    /** The credentials of the role in the instance's profile. */
    private static final class RoleCredentials implements AwsCredentialsSource {
        private static final String PATH = "/latest/meta-data/iam/security-credentials/";
        private static final String ABSENCE = "the instance has no role; attach an instance profile to it";

        private final InstanceMetadata metadata;
        private final String purpose;

        RoleCredentials(InstanceMetadata metadata, @Nullable String lookedFor) {
            this.metadata = metadata;
            this.purpose = "No AWS credentials" + (lookedFor == null ? "" : " (" + lookedFor + ")");
        }

        @Override
        public AwsCredentials credentials(Deadline deadline) {
            InstanceMetadata.Session session = metadata.open(purpose, deadline);
            String names = session.text(PATH, ABSENCE);
            int line = names.indexOf('\n');
            String role = line < 0 ? names : names.substring(0, line).strip();
            if (role.isEmpty() || !isRoleName(role)) {
                throw new VaultLoginException(VaultFailure.of(purpose + ": " + metadata + " names no role")
                        .withStatus(200)
                        .withPath(PATH));
            }
            return HostAnswer.credentials(metadata.toString(), session.get(PATH + role, ABSENCE));
        }

        @Override
        public void forget() {
            metadata.forget();
        }

        private static boolean isRoleName(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (!Character.isLetterOrDigit(c) && "_+=,.@-".indexOf(c) < 0) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return metadata.toString();
        }
    }
}
