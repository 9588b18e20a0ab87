package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One answer of Vault to the question for a secret, and until when it counts as fresh.
 *
 * @param data the secret's fields
 * @param freshUntilMillis wall-clock milliseconds since 1970
 */
record Reading(SecretValue data, long freshUntilMillis) {
    /** A hundred years stand for ever, which would overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    static Reading of(SecretReference reference, VaultResponse response, Duration ttl) {
        SecretValue data = response.data();
        if (data == null) {
            throw new SecretFormatException("has no data: this path answers something else than a secret", reference);
        }
        Duration fresh = ttl.compareTo(LONGEST) < 0 ? ttl : LONGEST;
        Duration lease = response.leaseDuration();
        if (response.leaseId() != null && lease.compareTo(fresh) < 0) {
            fresh = lease; // a leased secret dies with its lease
        }
        SecretValue inner = keyValueV2Data(data);
        return new Reading(
                inner == null ? data : inner, response.requestedAt().plus(fresh).toEpochMilli());
    }

    /** The inner data of a KV v2 answer, told by its shape: data beside metadata that counts versions. */
    private static @Nullable SecretValue keyValueV2Data(SecretValue data) {
        SecretValue metadata = data.field("metadata");
        SecretValue inner = data.field("data");
        boolean versioned =
                metadata != null && metadata.field("version") != null && metadata.field("created_time") != null;
        return versioned && data.fields().size() == 2 && inner != null && inner.kind() == SecretValue.Kind.OBJECT
                ? inner
                : null;
    }

    boolean isFreshAt(long nowMillis) {
        return nowMillis < freshUntilMillis;
    }

    /** When it was read and until when it is fresh; never the data. */
    @Override
    public String toString() {
        return "Reading[fresh until " + freshUntilMillis + "]";
    }
}
