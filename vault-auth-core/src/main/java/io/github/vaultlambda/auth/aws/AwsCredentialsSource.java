package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.Deadline;

/** Where the AWS credentials for a login come from; asked anew before each login. Implementations are thread-safe. */
@FunctionalInterface
public interface AwsCredentialsSource {
    /**
     * Credentials that are valid now.
     *
     * @param deadline by when they must be there
     */
    AwsCredentials credentials(Deadline deadline);
}
