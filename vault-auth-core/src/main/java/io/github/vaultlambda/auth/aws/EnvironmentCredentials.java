package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.config.EnvironmentSettings;

/**
 * The credentials of the function's role, which Lambda puts into {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and
 * {@code AWS_SESSION_TOKEN}.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">AWS Lambda: environment variables</a>
 */
public final class EnvironmentCredentials implements AwsCredentialsSource {
    private final AwsCredentials credentials;

    private EnvironmentCredentials(AwsCredentials credentials) {
        this.credentials = credentials;
    }

    /** Reads the variables; what is missing becomes a fault of the settings. */
    public static EnvironmentCredentials read(EnvironmentSettings settings) {
        String fix = "Lambda sets it from the function's role; elsewhere set it by hand";
        return new EnvironmentCredentials(AwsCredentials.of(
                settings.requiredText("AWS_ACCESS_KEY_ID", fix),
                settings.requiredText("AWS_SECRET_ACCESS_KEY", fix),
                settings.text("AWS_SESSION_TOKEN")));
    }

    @Override
    public AwsCredentials credentials(Deadline deadline) {
        return credentials;
    }

    /** Where they come from. */
    @Override
    public String toString() {
        return "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    }
}
