package io.github.vaultlambda.extension;

import io.github.vaultlambda.secrets.SecretsListener;
import io.github.vaultlambda.secrets.metrics.EmbeddedMetrics;
import io.github.vaultlambda.secrets.metrics.SecretMetrics;
import java.io.PrintStream;

/** Counts of what happened, published as lines that CloudWatch reads as metrics. Not loaded unless it is asked for. Thread-safe. */
final class ExtensionMetrics {
    private final SecretMetrics secrets = new SecretMetrics();
    private final EmbeddedMetrics published;

    ExtensionMetrics(MetricSettings settings, PrintStream out) {
        EmbeddedMetrics metrics = EmbeddedMetrics.of(secrets, settings.namespace(), out);
        String function = settings.function();
        this.published = function == null ? metrics : metrics.withDimension("FunctionName", function);
    }

    /** What counts reads of secrets for files. */
    SecretsListener listener() {
        return secrets;
    }

    /** Writes what has happened since the last time, if anything has. */
    void publish() {
        published.flush();
    }
}
