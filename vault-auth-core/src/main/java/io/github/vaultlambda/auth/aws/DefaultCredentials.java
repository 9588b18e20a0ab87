package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The AWS credentials that the surroundings offer. The first of these that is configured is the source, and no other is tried:
 *
 * <ol>
 *   <li>{@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN}, which Lambda sets,
 *   <li>the endpoint in {@code AWS_CONTAINER_CREDENTIALS_RELATIVE_URI} or {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} (ECS, EKS Pod
 *       Identity); it comes before the variables when {@code AWS_LAMBDA_INITIALIZATION_TYPE} is {@code snap-start}, because
 *       after a restore those are void,
 *   <li>the token in {@code AWS_WEB_IDENTITY_TOKEN_FILE}, with which {@code AWS_ROLE_ARN} is assumed (EKS),
 *   <li>the profile {@code AWS_PROFILE}, or {@code default}, in {@code ~/.aws/credentials} and {@code ~/.aws/config},
 *   <li>the role of the EC2 instance, unless {@code AWS_EC2_METADATA_DISABLED} is {@code true}.
 * </ol>
 *
 * <p>The last two are not looked for on Lambda. Temporary credentials are kept until five minutes before their end.
 */
public final class DefaultCredentials {
    private static final String TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
    private static final String ROLE = "AWS_ROLE_ARN";

    private DefaultCredentials() {}

    /**
     * Chooses the source; touches no network. What is wrong with it, or that there is none, becomes a fault of the settings, and
     * the result must not be used then.
     */
    public static AwsCredentialsSource read(EnvironmentSettings settings, Platform platform) {
        boolean container = ContainerCredentials.isConfigured(settings);
        boolean snapshot = "snap-start".equals(settings.text("AWS_LAMBDA_INITIALIZATION_TYPE"));
        if (settings.text("AWS_ACCESS_KEY_ID") != null || settings.text("AWS_SECRET_ACCESS_KEY") != null) {
            if (!(snapshot && container)) {
                return EnvironmentCredentials.read(settings);
            }
        }
        if (container) {
            return ContainerCredentials.read(settings, platform);
        }
        if (settings.text(TOKEN_FILE) != null) {
            return webIdentity(settings, platform);
        }
        if (settings.text("AWS_LAMBDA_FUNCTION_NAME") != null || settings.text("AWS_LAMBDA_RUNTIME_API") != null) {
            return EnvironmentCredentials.read(settings); // for its faults: on Lambda there is nothing else
        }
        return ofMachine(settings, platform);
    }

    private static AwsCredentialsSource webIdentity(EnvironmentSettings settings, Platform platform) {
        String file = settings.requiredText(TOKEN_FILE, "");
        String role = settings.requiredText(ROLE, "set it to the role to assume with the token in " + TOKEN_FILE);
        String sessionName = settings.text("AWS_ROLE_SESSION_NAME");
        StsEndpoint endpoint = StsEndpoint.readRegional(settings);
        Path path = Path.of("");
        try {
            path = Path.of(file);
        } catch (InvalidPathException e) {
            settings.fault(TOKEN_FILE + " is \"" + file + "\", which is no path of a file");
        }
        return WebIdentityCredentials.kept(
                role,
                sessionName == null ? AssumeRoleOptions.defaults().sessionName() : sessionName,
                path,
                endpoint == null ? StsEndpoint.global() : endpoint,
                settings.address("AWS_ENDPOINT_URL_STS"),
                platform);
    }

    /** The profile of a developer, or the role of a server. */
    private static AwsCredentialsSource ofMachine(EnvironmentSettings settings, Platform platform) {
        @Nullable AwsCredentialsSource profile = ProfileCredentials.read(settings, platform);
        if (profile != null) {
            return profile;
        }
        String lookedFor = "nothing in AWS_ACCESS_KEY_ID, " + ContainerCredentials.FULL + ", "
                + ContainerCredentials.RELATIVE + ", " + TOKEN_FILE + ", " + ProfileFiles.of(settings);
        boolean named = settings.text("AWS_PROFILE") != null; // its fault is told already
        if (!named && "true".equalsIgnoreCase(settings.text("AWS_EC2_METADATA_DISABLED"))) {
            settings.fault("no AWS credentials: " + lookedFor
                    + ", and AWS_EC2_METADATA_DISABLED is true: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or one of the"
                    + " others");
        }
        return InstanceMetadata.credentials(InstanceMetadata.readAddress(settings), platform, lookedFor);
    }
}
