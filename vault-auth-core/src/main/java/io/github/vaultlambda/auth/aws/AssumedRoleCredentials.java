package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of another role, which the function's role assumes before it logs in ({@code sts:AssumeRole}); kept until
 * five minutes before their end. When STS cannot give new ones then, those in hand serve until their end. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AWS STS: AssumeRole</a>
 */
public final class AssumedRoleCredentials implements AwsCredentialsSource {
    private static final String OPERATION = "AssumeRole";

    private final String roleArn;
    private final AssumeRoleOptions options;
    private final AwsCredentialsSource own;
    private final StsClient sts;
    private final KeptCredentials kept;

    /** Credentials of a role with {@linkplain AssumeRoleOptions#defaults() default options}. */
    public AssumedRoleCredentials(
            String roleArn, StsEndpoint endpoint, @Nullable URI address, AwsCredentialsSource own, Platform platform) {
        this(roleArn, AssumeRoleOptions.defaults(), endpoint, address, own, platform);
    }

    /**
     * Credentials of a role.
     *
     * @param roleArn the role to assume
     * @param options how to assume it
     * @param endpoint the STS host and region
     * @param address where the request goes instead of the endpoint's host, or null
     * @param own the credentials that may assume it
     */
    public AssumedRoleCredentials(
            String roleArn,
            AssumeRoleOptions options,
            StsEndpoint endpoint,
            @Nullable URI address,
            AwsCredentialsSource own,
            Platform platform) {
        this.roleArn = Objects.requireNonNull(roleArn, "roleArn");
        this.options = Objects.requireNonNull(options, "options");
        this.own = Objects.requireNonNull(own, "own");
        this.sts = new StsClient(endpoint, address, platform);
        this.kept = new KeptCredentials("sts:" + OPERATION, new Assumption(), platform.clock());
    }

    /**
     * The credentials of the role in {@code VAULT_ASSUMED_ROLE_ARN}, assumed as the other variables of {@link
     * AssumeRoleOptions#read} say at {@code AWS_ENDPOINT_URL_STS} or else at this endpoint; {@code own} itself when no role is
     * named. What is wrong becomes a fault of the settings.
     */
    public static AwsCredentialsSource read(
            EnvironmentSettings settings, StsEndpoint endpoint, AwsCredentialsSource own, Platform platform) {
        URI address = settings.address("AWS_ENDPOINT_URL_STS");
        String role = settings.text("VAULT_ASSUMED_ROLE_ARN");
        if (role == null) {
            return own;
        }
        return new AssumedRoleCredentials(role, AssumeRoleOptions.read(settings), endpoint, address, own, platform);
    }

    /**
     * The role's credentials, at least five minutes before their end unless STS cannot give new ones.
     *
     * @throws io.github.vaultlambda.auth.login.VaultLoginException when STS refuses
     * @throws AwsUnavailableException when STS cannot be reached
     */
    @Override
    public AwsCredentials credentials(Deadline deadline) {
        return kept.credentials(deadline);
    }

    /** Drops the role's credentials and those of the source that they were assumed with. */
    @Override
    public void forget() {
        kept.forget();
    }

    private final class Assumption implements AwsCredentialsSource {
        @Override
        public AwsCredentials credentials(Deadline deadline) {
            String purpose = "Assuming " + roleArn + " failed";
            StringBuilder parameters = new StringBuilder(256);
            Duration duration = options.duration();
            if (duration != null) {
                parameters.append("&DurationSeconds=").append(duration.toSeconds());
            }
            String externalId = options.externalId();
            if (externalId != null) {
                parameters.append(StsClient.parameter("ExternalId", externalId));
            }
            parameters
                    .append(StsClient.parameter("RoleArn", roleArn))
                    .append(StsClient.parameter("RoleSessionName", options.sessionName()));
            String xml = sts.answer(
                    OPERATION,
                    purpose,
                    parameters.toString(),
                    own.credentials(deadline),
                    "the role must trust the function's role, with the external id if it asks for one, and that one needs"
                            + " sts:AssumeRole",
                    deadline);
            return sts.credentials(OPERATION, purpose, xml);
        }

        @Override
        public void forget() {
            own.forget();
        }
    }

    /** For the log: the role, no credentials. */
    @Override
    public String toString() {
        return "AssumedRoleCredentials[" + roleArn + "]";
    }
}
