package io.github.vaultlambda.contract;

import io.github.vaultlambda.auth.aws.AwsCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsSource;
import org.jspecify.annotations.Nullable;

/**
 * Temporary AWS credentials, and the ways in which they may be wrong.
 *
 * @param keyId the access key's id
 * @param secretKey its secret
 * @param sessionToken the session token, or null for none
 */
record AwsIdentity(String keyId, String secretKey, @Nullable String sessionToken) {
    /** Writes both secrets into the ledger. */
    AwsIdentity {
        SecretsLedger.add(secretKey);
        if (sessionToken != null) {
            SecretsLedger.add(sessionToken);
        }
    }

    AwsIdentity withKeyId(String other) {
        return new AwsIdentity(other, secretKey, sessionToken);
    }

    AwsIdentity withSecretKey(String other) {
        return new AwsIdentity(keyId, other, sessionToken);
    }

    AwsIdentity withSessionToken(@Nullable String other) {
        return new AwsIdentity(keyId, secretKey, other);
    }

    AwsCredentialsSource asSource() {
        return deadline -> AwsCredentials.of(keyId, secretKey, sessionToken);
    }

    @Override
    public String toString() {
        return "AwsIdentity[" + keyId + "]";
    }
}
