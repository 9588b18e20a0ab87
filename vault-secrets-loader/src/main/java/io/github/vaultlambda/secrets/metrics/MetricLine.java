package io.github.vaultlambda.secrets.metrics;

import io.github.vaultlambda.json.JsonWriter;
import java.util.Map;

/**
 * A line of JSON that CloudWatch reads as metrics.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">
 *     AWS: Embedded Metric Format</a>
 */
public final class MetricLine {
    private MetricLine() {}

    /**
     * The line, without a line break.
     *
     * @param namespace the namespace of CloudWatch
     * @param dimensions what the values are of, in their order
     * @param values by the names of their metrics, in their order; one with {@code Time} in its name is in milliseconds, every other
     *     one a count
     * @param epochMillis when it was so
     */
    public static String of(
            String namespace, Map<String, String> dimensions, Map<String, Long> values, long epochMillis) {
        JsonWriter json = new JsonWriter();
        json.open('{');
        json.name("_aws");
        json.open('{');
        json.name("Timestamp");
        json.literal(Long.toString(epochMillis));
        json.name("CloudWatchMetrics");
        json.open('[');
        json.open('{');
        json.name("Namespace");
        json.string(namespace);
        json.name("Dimensions");
        json.open('[');
        json.open('[');
        dimensions.keySet().forEach(json::string);
        json.close(']');
        json.close(']');
        json.name("Metrics");
        json.open('[');
        for (String name : values.keySet()) {
            json.open('{');
            json.name("Name");
            json.string(name);
            json.name("Unit");
            json.string(name.contains("Time") ? "Milliseconds" : "Count");
            json.close('}');
        }
        json.close(']');
        json.close('}');
        json.close(']');
        json.close('}');
        dimensions.forEach((name, value) -> {
            json.name(name);
            json.string(value);
        });
        values.forEach((name, value) -> {
            json.name(name);
            json.literal(value.toString());
        });
        json.close('}');
        return json.json();
    }
}
