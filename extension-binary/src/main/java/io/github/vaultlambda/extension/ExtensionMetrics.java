package io.github.vaultlambda.extension;

import io.github.vaultlambda.extension.proxy.ProxyCounters;
import io.github.vaultlambda.secrets.SecretsListener;
import io.github.vaultlambda.secrets.metrics.EmbeddedMetrics;
import io.github.vaultlambda.secrets.metrics.MetricLine;
import io.github.vaultlambda.secrets.metrics.SecretMetrics;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts of what happened, published as lines that CloudWatch reads as metrics: one of secret files, one of the proxy, each when there
 * is anything new. Not loaded unless it is asked for. Thread-safe.
 */
final class ExtensionMetrics {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final MetricSettings settings;
    private final PrintStream out;
    private final InstantSource clock;
    private final SecretMetrics secrets = new SecretMetrics();
    private final EmbeddedMetrics ofSecrets;
    private @Nullable ProxyCounters proxy;
    private Map<String, Long> published = Map.of();

    ExtensionMetrics(MetricSettings settings, PrintStream out, InstantSource clock) {
        this.settings = settings;
        this.out = out;
        this.clock = clock;
        EmbeddedMetrics metrics =
                EmbeddedMetrics.of(secrets, settings.namespace(), out).withClock(clock);
        for (Map.Entry<String, String> dimension : settings.dimensions().entrySet()) {
            metrics = metrics.withDimension(dimension.getKey(), dimension.getValue());
        }
        this.ofSecrets = metrics;
    }

    /** What counts reads of secrets for files. */
    SecretsListener listener() {
        return secrets;
    }

    /** Publishes these as well. */
    synchronized void count(ProxyCounters counters) {
        proxy = counters;
    }

    /** Writes what has happened since the last time, if anything has. */
    synchronized void publish() {
        ofSecrets.flush();
        ProxyCounters counters = proxy;
        if (counters == null || counters.requests() == published.getOrDefault("ProxyRequests", 0L)) {
            return;
        }
        Map<String, Long> now = values(counters);
        Map<String, Long> since = new LinkedHashMap<>();
        now.forEach((name, value) -> since.put(name, value - published.getOrDefault(name, 0L)));
        published = now;
        since.put("ProxyLongestTime", counters.takeLongestNanos() / NANOS_PER_MILLI);
        out.println(MetricLine.of(settings.namespace(), settings.dimensions(), since, clock.millis()));
    }

    private static Map<String, Long> values(ProxyCounters counters) {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("ProxyRequests", counters.requests());
        values.put("ProxyCacheHits", counters.hits());
        values.put("ProxyCoalesced", counters.coalesced());
        values.put("ProxyStaleServed", counters.stale());
        values.put("ProxyRefused", counters.refused());
        values.put("ProxyRetries", counters.retries());
        values.put("ProxyVaultFailures", counters.upstreamErrors());
        values.put("ProxyTime", counters.nanos() / NANOS_PER_MILLI);
        return values;
    }
}
