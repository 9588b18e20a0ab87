package io.github.vaultlambda.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * AWS did not accept the signed request that Vault forwarded to it: wrong or expired credentials, a wrong clock, or an STS host
 * and region other than the ones that Vault's auth method is configured for.
 */
public final class AwsCredentialsRejectedException extends VaultLoginException {
    private static final long serialVersionUID = 1;

    AwsCredentialsRejectedException(
            String what,
            int status,
            String path,
            List<String> errors,
            @Nullable String hint,
            @Nullable Throwable cause) {
        super(what, status, path, errors, hint, cause);
    }
}
