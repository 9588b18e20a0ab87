package io.github.vaultlambda.secrets.metrics;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Publishes counts to CloudWatch by a line of JSON on the function's output, which CloudWatch reads as metrics; no call to AWS is
 * made. Written when {@link #flush()} is called, best at the end of an invocation; nothing is written when nothing has happened.
 *
 * <pre>{@code
 * SecretMetrics counts = new SecretMetrics();
 * VaultSecrets vault = VaultSecrets.builder(session).listener(counts).build();
 * EmbeddedMetrics metrics = EmbeddedMetrics.of(counts, "Orders", System.out).withDimension("Function", "pay");
 * }</pre>
 *
 * <p>Metrics: {@code SecretHits}, {@code SecretMisses}, {@code SecretRefreshes}, {@code SecretChanges}, {@code SecretRenewals},
 * {@code SecretStaleServed}, {@code SecretFailures} (Count) and {@code SecretTimeInVault} (Milliseconds), each since the last
 * flush. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">
 *     AWS: Embedded Metric Format</a>
 */
public final class EmbeddedMetrics {
    /** What the format allows. */
    private static final int MOST_DIMENSIONS = 30;

    private static final int LONGEST_NAME = 250;
    private static final int LONGEST_VALUE = 1024;
    private static final String HEADER = "_aws";

    private final SecretMetrics metrics;
    private final String namespace;
    private final Map<String, String> dimensions;
    private final PrintStream out;
    private final InstantSource clock;
    private SecretCounts flushed = SecretCounts.NONE;

    private EmbeddedMetrics(
            SecretMetrics metrics,
            String namespace,
            Map<String, String> dimensions,
            PrintStream out,
            InstantSource clock) {
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.namespace = Objects.requireNonNull(namespace, "namespace");
        this.dimensions = dimensions;
        this.out = Objects.requireNonNull(out, "out");
        this.clock = Objects.requireNonNull(clock, "clock");
        if (namespace.isBlank() || namespace.length() > 1024) {
            throw new IllegalArgumentException("a namespace has 1 to 1024 characters");
        }
        if (dimensions.size() > MOST_DIMENSIONS) {
            throw new IllegalArgumentException("more than " + MOST_DIMENSIONS + " dimensions");
        }
    }

    /**
     * Publishes these counts in a namespace of CloudWatch, without dimensions.
     *
     * @param out where the function's output goes: {@link System#out}
     */
    public static EmbeddedMetrics of(SecretMetrics metrics, String namespace, PrintStream out) {
        return new EmbeddedMetrics(metrics, namespace, Map.of(), out, InstantSource.system());
    }

    /**
     * This with a dimension, such as the function's name; they are published in the order in which they were added.
     *
     * @throws IllegalArgumentException when CloudWatch would refuse it, or a metric has this name
     */
    public EmbeddedMetrics withDimension(String name, String value) {
        if (name.isBlank() || name.startsWith(":") || value.isBlank()) {
            throw new IllegalArgumentException(
                    "neither name nor value of a dimension is blank, and the name begins with no colon");
        }
        if (name.length() > LONGEST_NAME || value.length() > LONGEST_VALUE) {
            throw new IllegalArgumentException("the name of a dimension has at most " + LONGEST_NAME
                    + " characters, and its value " + LONGEST_VALUE);
        }
        if (name.equals(HEADER) || values(SecretCounts.NONE).containsKey(name)) {
            throw new IllegalArgumentException("a line of metrics has another " + name + " already");
        }
        Map<String, String> more = new LinkedHashMap<>(dimensions);
        more.put(name, value);
        return new EmbeddedMetrics(metrics, namespace, more, out, clock);
    }

    /** This with another clock. */
    public EmbeddedMetrics withClock(InstantSource other) {
        return new EmbeddedMetrics(metrics, namespace, dimensions, out, other);
    }

    /** Writes one line with what has happened since the last one, if anything has. */
    public void flush() {
        SecretCounts since;
        synchronized (this) {
            SecretCounts now = metrics.counts().inWholeMillis();
            since = now.since(flushed);
            flushed = now;
        }
        if (!since.isNone()) {
            out.println(MetricLine.of(namespace, dimensions, values(since), clock.millis()));
        }
    }

    private static Map<String, Long> values(SecretCounts counts) {
        Map<String, Long> values = new LinkedHashMap<>();
        values.put("SecretHits", counts.hits());
        values.put("SecretMisses", counts.misses());
        values.put("SecretRefreshes", counts.refreshes());
        values.put("SecretChanges", counts.changes());
        values.put("SecretRenewals", counts.renewals());
        values.put("SecretStaleServed", counts.staleServed());
        values.put("SecretFailures", counts.failures());
        values.put("SecretTimeInVault", counts.inVault().toMillis());
        return values;
    }
}
