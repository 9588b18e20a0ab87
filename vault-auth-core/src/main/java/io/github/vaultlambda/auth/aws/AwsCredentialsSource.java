package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.Deadline;

/** Where the AWS credentials for a login come from; asked anew before each login. Implementations are thread-safe. */
@FunctionalInterface
public interface AwsCredentialsSource {
    /**
     * Credentials that are valid now.
     *
     * @param deadline by when they must be there
     * @throws io.github.vaultlambda.auth.login.VaultLoginException when there are none
     * @throws AwsUnavailableException when AWS had to be asked for them and could not
     */
    AwsCredentials credentials(Deadline deadline);

    /**
     * Drops what is kept, because AWS refused it or the process wakes from a snapshot; the next login gets new ones. Default: nothing
     * is kept.
     */
    default void forget() {}
}
