package io.github.vaultlambda.secrets.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Shows counts to a Micrometer registry: counters {@code vault.secrets.hits}, {@code .misses}, {@code .refreshes}, {@code .changes},
 * {@code .renewals}, {@code .stale.served} and {@code .failures}, and the timer {@code vault.secrets.time.in.vault}. They are read
 * when the registry publishes, so a use of a secret costs nothing more. Thread-safe. Needs {@code micrometer-core}, which this
 * library does not bring along.
 *
 * @see <a href="https://docs.micrometer.io/micrometer/reference/concepts/binders.html">Micrometer: meter binders</a>
 */
public final class MicrometerMetrics implements MeterBinder {
    private final SecretMetrics metrics;

    /** Shows these counts; the registry holds them weakly, so the caller has to keep them. */
    public MicrometerMetrics(SecretMetrics metrics) {
        this.metrics = Objects.requireNonNull(metrics, "metrics");
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        count(
                registry,
                "hits",
                "Fresh values handed out without asking Vault",
                of -> of.counts().hits());
        count(
                registry,
                "misses",
                "Callers that had to wait for Vault",
                of -> of.counts().misses());
        count(registry, "refreshes", "Values that Vault gave", of -> of.counts().refreshes());
        count(
                registry,
                "changes",
                "Values that were another than before",
                of -> of.counts().changes());
        count(registry, "renewals", "Leases renewed", of -> of.counts().renewals());
        count(
                registry,
                "stale.served",
                "Values handed out that were too old",
                of -> of.counts().staleServed());
        count(
                registry,
                "failures",
                "Requests that Vault did not answer with a secret",
                of -> of.counts().failures());
        FunctionTimer.builder(
                        "vault.secrets.time.in.vault",
                        metrics,
                        of -> requests(of.counts()),
                        of -> of.counts().inVault().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Time spent waiting for Vault")
                .register(registry);
    }

    private static long requests(SecretCounts counts) {
        return counts.refreshes() + counts.renewals() + counts.failures();
    }

    private void count(MeterRegistry registry, String name, String description, ToDoubleFunction<SecretMetrics> value) {
        FunctionCounter.builder("vault.secrets." + name, metrics, value)
                .description(description)
                .register(registry);
    }
}
