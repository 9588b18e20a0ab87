package io.github.vaultlambda.testkit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * AWS credentials that {@link StsEmulator} issued. {@link #toString()} shows no secret.
 *
 * @param accessKeyId the access key id
 * @param secretAccessKey the secret access key
 * @param sessionToken the session token; null for a user's long-term key
 * @param expiration when the session ends; {@link Instant#MAX} for a long-term key
 */
public record TestCredentials(
        String accessKeyId,
        String secretAccessKey,
        @Nullable String sessionToken,
        Instant expiration) {
    /** The variables that Lambda gives a function: key id, secret and, with a session, its token. */
    public Map<String, String> asEnvironment() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_ACCESS_KEY_ID", accessKeyId);
        variables.put("AWS_SECRET_ACCESS_KEY", secretAccessKey);
        if (sessionToken != null) {
            variables.put("AWS_SESSION_TOKEN", sessionToken);
        }
        return variables;
    }

    /** The same with another secret access key, which STS will refuse. */
    public TestCredentials withSecretAccessKey(String other) {
        return new TestCredentials(accessKeyId, other, sessionToken, expiration);
    }

    /** The same with another session token, or none, which STS will refuse. */
    public TestCredentials withSessionToken(@Nullable String other) {
        return new TestCredentials(accessKeyId, secretAccessKey, other, expiration);
    }

    @Override
    public String toString() {
        return "TestCredentials[accessKeyId=" + accessKeyId + ", secretAccessKey=***, sessionToken="
                + (sessionToken == null ? "none" : "***") + ", expiration=" + expiration + "]";
    }
}
