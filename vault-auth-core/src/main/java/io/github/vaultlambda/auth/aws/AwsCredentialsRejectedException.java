package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultFailure;

/**
 * AWS did not accept the signed request that Vault forwarded to it: wrong or expired credentials, a wrong clock, or an STS host
 * and region other than the ones that Vault's auth method is configured for.
 */
public final class AwsCredentialsRejectedException extends VaultLoginException {
    private static final long serialVersionUID = 1;

    AwsCredentialsRejectedException(VaultFailure failure) {
        super(failure);
    }
}
