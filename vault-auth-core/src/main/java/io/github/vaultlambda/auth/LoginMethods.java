package io.github.vaultlambda.auth;

import io.github.vaultlambda.auth.aws.AssumedRoleCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.auth.aws.EnvironmentCredentials;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.config.EnvironmentSettings;
import java.net.URI;

/** Chooses the login method that the environment asks for. */
public final class LoginMethods {
    private LoginMethods() {}

    /** Reads the login method; what is wrong or missing becomes a fault of the settings, and the result must not be used then. */
    public static LoginMethod read(EnvironmentSettings settings, Platform platform) {
        return awsIam(settings, platform);
    }

    private static LoginMethod awsIam(EnvironmentSettings settings, Platform platform) {
        AwsIamOptions options = AwsIamOptions.read(settings);
        AwsCredentialsSource credentials = EnvironmentCredentials.read(settings);
        String assumedRole = settings.text("VAULT_ASSUMED_ROLE_ARN");
        URI stsAddress = settings.address("AWS_ENDPOINT_URL_STS");
        if (assumedRole != null) {
            credentials =
                    new AssumedRoleCredentials(assumedRole, options.stsEndpoint(), stsAddress, credentials, platform);
        }
        return new AwsIamLogin(options, credentials, platform.clock());
    }
}
