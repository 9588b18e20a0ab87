package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.SecretValue;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * AWS credentials: an access key, its secret and, for a role, the session token. Unprintable but for the access key's id.
 *
 * @param accessKeyId the access key's id, which is no secret
 * @param secretAccessKey its secret
 * @param sessionToken the session token of temporary credentials, or null
 * @param expiresAt when they end, or null when that is not known
 */
public record AwsCredentials(
        String accessKeyId,
        SecretValue secretAccessKey,
        @Nullable SecretValue sessionToken,
        @Nullable Instant expiresAt) {
    /** Checks that id and secret are there. */
    public AwsCredentials {
        Objects.requireNonNull(accessKeyId, "accessKeyId");
        Objects.requireNonNull(secretAccessKey, "secretAccessKey");
    }

    /** Credentials from plain texts, without a known end. */
    public static AwsCredentials of(String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
        return new AwsCredentials(
                accessKeyId,
                SecretValue.of(secretAccessKey),
                sessionToken == null ? null : SecretValue.of(sessionToken),
                null);
    }
}
