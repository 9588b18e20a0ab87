package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of a profile in the files of AWS's tools, for use on a developer's machine: keys, or a role that is assumed with
 * those of another profile or with a token. Keys are read from the file at each login, because tools replace them there.
 */
final class ProfileCredentials {
    private static final String OTHER_WAY =
            "; take a provider of the AWS SDK (module vault-auth-aws-sdk), or put keys into "
                    + "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN";

    private final EnvironmentSettings settings;
    private final ProfileFiles files;
    private final Platform platform;
    private final Set<String> visited = new HashSet<>();

    private ProfileCredentials(EnvironmentSettings settings, ProfileFiles files, Platform platform) {
        this.settings = settings;
        this.files = files;
        this.platform = platform;
    }

    /**
     * The source that the profile in {@code AWS_PROFILE}, or the one named default, describes. Null when nobody named a profile
     * and the default one has no credentials either; what is wrong with one becomes a fault of the settings.
     */
    static @Nullable AwsCredentialsSource read(EnvironmentSettings settings, Platform platform) {
        String named = settings.text("AWS_PROFILE");
        String name = named == null ? "default" : named;
        ProfileFiles files = ProfileFiles.of(settings);
        ProfileCredentials reader = new ProfileCredentials(settings, files, platform);
        Map<String, String> profile = reader.profile(name);
        if (profile == null) {
            if (named != null) {
                settings.fault("AWS_PROFILE is \"" + named + "\", which is no profile in " + files);
            }
            return null;
        }
        AwsCredentialsSource source = reader.source(name, profile);
        if (source == null && named != null && !describesCredentials(profile)) {
            reader.fault(name, "has no credentials");
        }
        return source;
    }

    private @Nullable Map<String, String> profile(String name) {
        try {
            return files.profile(name);
        } catch (IOException e) {
            settings.fault("the profile " + name + " cannot be read from " + files + " ("
                    + e.getClass().getSimpleName() + ")");
            return null;
        }
    }

    /** Null when the profile has no credentials; then, or after a fault, the result is not used. */
    private @Nullable AwsCredentialsSource source(String name, Map<String, String> profile) {
        if (!visited.add(name)) {
            fault(name, "is its own source_profile, perhaps by way of others");
            return null;
        }
        if (profile.containsKey("role_arn")) {
            return profile.containsKey("web_identity_token_file")
                    ? webIdentity(name, profile, profile.get("role_arn"))
                    : assumedRole(name, profile, profile.get("role_arn"));
        }
        if (profile.containsKey("aws_access_key_id")) {
            return keys(name, profile);
        }
        for (String key : profile.keySet()) {
            if (key.startsWith("sso_")) {
                return fault(name, "signs in by IAM Identity Center (" + key + "), which is not done here" + OTHER_WAY);
            }
        }
        if (profile.containsKey("login_session")) {
            return fault(name, "signs in by the AWS console (login_session), which is not done here" + OTHER_WAY);
        }
        if (profile.containsKey("credential_process")) {
            return fault(name, "runs a program (credential_process), which is not done here" + OTHER_WAY);
        }
        return null;
    }

    private @Nullable AwsCredentialsSource keys(String name, Map<String, String> profile) {
        String secret = profile.get("aws_secret_access_key");
        if (secret == null || secret.isEmpty()) {
            return fault(name, "has aws_access_key_id but no aws_secret_access_key");
        }
        return new Keys(name, files);
    }

    private @Nullable AwsCredentialsSource assumedRole(
            String name, Map<String, String> profile, @Nullable String role) {
        if (role == null || role.isEmpty()) {
            return fault(name, "has an empty role_arn");
        }
        if (profile.containsKey("mfa_serial")) {
            return fault(name, "asks for a code of a device (mfa_serial), which is not done here" + OTHER_WAY);
        }
        AwsCredentialsSource own = ownFor(name, profile);
        return own == null
                ? null
                : new AssumedRoleCredentials(
                        role, options(name, profile), endpoint(name, profile), address(), own, platform);
    }

    private @Nullable AwsCredentialsSource ownFor(String name, Map<String, String> profile) {
        String kind = profile.get("credential_source");
        if (kind != null) {
            return switch (kind) {
                case "Environment" -> EnvironmentCredentials.read(settings);
                case "EcsContainer" -> ContainerCredentials.read(settings, platform);
                case "Ec2InstanceMetadata" ->
                    InstanceMetadata.credentials(InstanceMetadata.readAddress(settings), platform, null);
                default ->
                    fault(
                            name,
                            "has credential_source " + kind
                                    + ": write Environment, EcsContainer or Ec2InstanceMetadata");
            };
        }
        String sourceName = profile.get("source_profile");
        if (sourceName == null) {
            return fault(name, "has role_arn but neither source_profile nor credential_source");
        }
        if (sourceName.equals(name)) {
            return profile.containsKey("aws_access_key_id")
                    ? keys(name, profile)
                    : fault(name, "is its own source_profile but has no aws_access_key_id");
        }
        Map<String, String> source = profile(sourceName);
        if (source == null) {
            return fault(name, "has source_profile " + sourceName + ", which is no profile in " + files);
        }
        AwsCredentialsSource own = source(sourceName, source);
        if (own == null && !describesCredentials(source)) {
            return fault(name, "has source_profile " + sourceName + ", which has no credentials");
        }
        return own;
    }

    /** Whether a profile describes credentials at all: when there are none of them then, a fault was told. */
    private static boolean describesCredentials(Map<String, String> profile) {
        for (String key : profile.keySet()) {
            if (key.startsWith("sso_")
                    || key.equals("role_arn")
                    || key.equals("aws_access_key_id")
                    || key.equals("login_session")
                    || key.equals("credential_process")) {
                return true;
            }
        }
        return false;
    }

    private AssumeRoleOptions options(String name, Map<String, String> profile) {
        AssumeRoleOptions options = AssumeRoleOptions.defaults();
        try {
            String sessionName = profile.get("role_session_name");
            if (sessionName != null) {
                options = options.withSessionName(sessionName);
            }
            String externalId = profile.get("external_id");
            if (externalId != null) {
                options = options.withExternalId(externalId);
            }
            String seconds = profile.get("duration_seconds");
            if (seconds != null) {
                options = options.withDuration(Duration.ofSeconds(Long.parseLong(seconds)));
            }
        } catch (NumberFormatException e) {
            fault(name, "has a duration_seconds that is no number");
        } catch (IllegalArgumentException e) {
            fault(name, "cannot be used: " + e.getMessage());
        }
        return options;
    }

    private @Nullable AwsCredentialsSource webIdentity(
            String name, Map<String, String> profile, @Nullable String role) {
        String file = profile.get("web_identity_token_file");
        String sessionName = profile.get("role_session_name");
        if (role == null || role.isEmpty() || file == null || file.isEmpty()) {
            return fault(name, "needs both role_arn and web_identity_token_file");
        }
        try {
            return WebIdentityCredentials.kept(
                    role,
                    sessionName == null ? AssumeRoleOptions.defaults().sessionName() : sessionName,
                    Path.of(file),
                    endpoint(name, profile),
                    address(),
                    platform);
        } catch (InvalidPathException e) {
            return fault(name, "has a web_identity_token_file that is no path");
        }
    }

    /** The region of the variables, else that of the profile, else the global host. */
    private StsEndpoint endpoint(String name, Map<String, String> profile) {
        StsEndpoint endpoint = StsEndpoint.readRegional(settings);
        if (endpoint != null) {
            return endpoint;
        }
        String region = profile.get("region");
        if (region == null) {
            return StsEndpoint.global();
        }
        if (!StsEndpoint.isRegion(region)) {
            fault(name, "has the region \"" + region + "\", which is no AWS region");
            return StsEndpoint.global();
        }
        return StsEndpoint.regional(region);
    }

    private @Nullable URI address() {
        return settings.address("AWS_ENDPOINT_URL_STS");
    }

    private @Nullable AwsCredentialsSource fault(String profile, String what) {
        settings.fault("the profile " + profile + " in " + files + " " + what);
        return null;
    }

    /** The keys of a profile as they stand in the file now. */
    private record Keys(String profile, ProfileFiles files) implements AwsCredentialsSource {
        @Override
        public AwsCredentials credentials(Deadline deadline) {
            Map<String, String> now;
            try {
                now = files.profile(profile);
            } catch (IOException e) {
                throw none("cannot be read (" + e.getClass().getSimpleName() + ")");
            }
            String id = now == null ? null : now.get("aws_access_key_id");
            String secret = now == null ? null : now.get("aws_secret_access_key");
            if (now == null || id == null || id.isEmpty() || secret == null || secret.isEmpty()) {
                throw none("has no keys any more");
            }
            String token = now.get("aws_session_token");
            return AwsCredentials.of(id, secret, token == null || token.isEmpty() ? null : token);
        }

        private VaultLoginException none(String what) {
            return VaultLoginException.withoutCredentials(
                    "No AWS credentials: the profile " + profile + " in " + files + " " + what, null, null);
        }
    }
}
