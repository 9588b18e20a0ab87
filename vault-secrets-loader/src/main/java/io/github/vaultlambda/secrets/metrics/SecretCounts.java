package io.github.vaultlambda.secrets.metrics;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How often what has happened to secrets. Immutable and thread-safe.
 *
 * @param hits how often a fresh value was handed out without asking Vault
 * @param misses how often a caller had to wait for Vault
 * @param refreshes how often Vault gave a value, the first ones included
 * @param changes how many of these were another than before
 * @param renewals how many leases were renewed
 * @param staleServed how often a value was handed out that was too old, because Vault could not be asked
 * @param failures how often Vault could not be asked, refused, or gave no secret
 * @param inVault the time spent waiting for Vault, by all threads together
 */
public record SecretCounts(
        long hits,
        long misses,
        long refreshes,
        long changes,
        long renewals,
        long staleServed,
        long failures,
        Duration inVault) {
    static final SecretCounts NONE = new SecretCounts(0, 0, 0, 0, 0, 0, 0, Duration.ZERO);

    /** What has come to this since an earlier one of the same {@link SecretMetrics}. */
    public SecretCounts since(SecretCounts earlier) {
        return new SecretCounts(
                hits - earlier.hits,
                misses - earlier.misses,
                refreshes - earlier.refreshes,
                changes - earlier.changes,
                renewals - earlier.renewals,
                staleServed - earlier.staleServed,
                failures - earlier.failures,
                inVault.minus(earlier.inVault));
    }

    /** This with whole milliseconds, of which differences lose nothing that the next one does not bring. */
    SecretCounts inWholeMillis() {
        return new SecretCounts(
                hits,
                misses,
                refreshes,
                changes,
                renewals,
                staleServed,
                failures,
                inVault.truncatedTo(ChronoUnit.MILLIS));
    }

    boolean isNone() {
        return equals(NONE);
    }
}
