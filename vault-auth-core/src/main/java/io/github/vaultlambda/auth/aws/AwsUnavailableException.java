package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultUnavailableException;

/**
 * AWS did not answer as it should, so there was no login: STS, the container's credentials endpoint or EC2's instance metadata did not answer in
 * time, or with 429 or 5xx after all retries; or STS told Vault that it has too many requests. Trying again later may help.
 */
public final class AwsUnavailableException extends VaultUnavailableException {
    private static final long serialVersionUID = 1;

    AwsUnavailableException(VaultFailure failure) {
        super(failure);
    }
}
