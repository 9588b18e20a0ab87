package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a role that is assumed with a token from a file, as Kubernetes puts it into a pod of EKS ({@code
 * sts:AssumeRoleWithWebIdentity}). Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html">AWS STS:
 *     AssumeRoleWithWebIdentity</a>
 */
final class WebIdentityCredentials implements AwsCredentialsSource {
    private static final String OPERATION = "AssumeRoleWithWebIdentity";

    private final String roleArn;
    private final String sessionName;
    private final Path tokenFile;
    private final StsClient sts;

    private WebIdentityCredentials(String roleArn, String sessionName, Path tokenFile, StsClient sts) {
        this.roleArn = roleArn;
        this.sessionName = sessionName;
        this.tokenFile = tokenFile;
        this.sts = sts;
    }

    /** The role's credentials, kept. */
    static AwsCredentialsSource kept(
            String roleArn,
            String sessionName,
            Path tokenFile,
            StsEndpoint endpoint,
            @Nullable URI address,
            Platform platform) {
        return new KeptCredentials(
                "sts:" + OPERATION,
                new WebIdentityCredentials(roleArn, sessionName, tokenFile, new StsClient(endpoint, address, platform)),
                platform.clock());
    }

    @Override
    public AwsCredentials credentials(Deadline deadline) {
        String purpose = "Assuming " + roleArn + " with the token in " + tokenFile + " failed";
        String token;
        try {
            token = Files.readString(tokenFile).strip(); // each time: its content changes
        } catch (IOException e) {
            throw VaultLoginException.withoutCredentials(
                    purpose + ": the file cannot be read (" + e.getClass().getSimpleName() + ")",
                    "check AWS_WEB_IDENTITY_TOKEN_FILE",
                    null);
        }
        String parameters = StsClient.parameter("RoleArn", roleArn)
                + StsClient.parameter("RoleSessionName", sessionName)
                + StsClient.parameter("WebIdentityToken", token);
        String xml = sts.answer(
                OPERATION,
                purpose,
                parameters,
                null,
                "the role must trust the issuer, the audience and the subject of the token",
                deadline);
        return sts.credentials(OPERATION, purpose, xml);
    }

    /** For the log: the role. */
    @Override
    public String toString() {
        return "WebIdentityCredentials[" + roleArn + "]";
    }
}
