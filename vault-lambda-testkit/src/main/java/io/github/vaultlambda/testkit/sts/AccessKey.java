package io.github.vaultlambda.testkit.sts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An access key that this STS knows, with its secrets. */
public record AccessKey(String id, String secret, @Nullable String sessionToken, Instant expiration, Caller caller) {
    @Override
    public String toString() {
        return "AccessKey[" + id + "]";
    }
}
