package io.github.vaultlambda.secrets.metrics;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.secrets.SecretReference;
import io.github.vaultlambda.secrets.SecretsListener;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what happens to secrets. Given to {@link io.github.vaultlambda.secrets.VaultSecrets.Builder#listener}; may serve several.
 * Counting costs a use of a secret some nanoseconds. Thread-safe.
 */
public final class SecretMetrics implements SecretsListener {
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder refreshes = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final LongAdder renewals = new LongAdder();
    private final LongAdder staleServed = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder nanosInVault = new LongAdder();

    /** Counts that are all zero. */
    public SecretMetrics() {}

    /** The counts since the beginning. Those that grow meanwhile may be in it or not, each for itself. */
    public SecretCounts counts() {
        return new SecretCounts(
                hits.sum(),
                misses.sum(),
                refreshes.sum(),
                changes.sum(),
                renewals.sum(),
                staleServed.sum(),
                failures.sum(),
                Duration.ofNanos(nanosInVault.sum()));
    }

    @Override
    public void hit(SecretReference secret) {
        hits.increment();
    }

    @Override
    public void missed(SecretReference secret) {
        misses.increment();
    }

    @Override
    public void refreshed(SecretReference secret, Duration inVault, boolean changed) {
        refreshes.increment();
        if (changed) {
            changes.increment();
        }
        nanosInVault.add(inVault.toNanos());
    }

    @Override
    public void renewed(SecretReference secret, Duration inVault, Duration ttl) {
        renewals.increment();
        nanosInVault.add(inVault.toNanos());
    }

    @Override
    public void servedStale(SecretReference secret, Duration age) {
        staleServed.increment();
    }

    @Override
    public void failed(SecretReference secret, Duration inVault, VaultException failure) {
        failures.increment();
        nanosInVault.add(inVault.toNanos());
    }
}
