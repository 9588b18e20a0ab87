package io.github.vaultlambda.extension;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where counts are published.
 *
 * @param namespace the namespace of CloudWatch
 * @param function the function's name; null when Lambda told none
 */
record MetricSettings(String namespace, @Nullable String function) {
    private static final String NAMESPACE = "VAULT_EXTENSION_METRICS_NAMESPACE";
    private static final int LONGEST = 255;

    /** What the counts are of. */
    Map<String, String> dimensions() {
        return function == null ? Map.of() : Map.of("FunctionName", function);
    }

    /** Reads the variables; null when nothing is to be published. */
    static @Nullable MetricSettings read(EnvironmentSettings settings) {
        String namespace = settings.text(NAMESPACE);
        if (namespace == null) {
            return null;
        }
        if (namespace.length() > LONGEST || namespace.startsWith("AWS/") || namespace.startsWith(":")) {
            settings.fault(NAMESPACE + " is \"" + namespace + "\": write a name of your own of up to " + LONGEST
                    + " characters, such as Orders/Vault; it begins neither with AWS/ nor with a colon");
            return null;
        }
        return new MetricSettings(namespace, settings.text("AWS_LAMBDA_FUNCTION_NAME"));
    }
}
