package io.github.vaultlambda.extension.settings;

import io.github.vaultlambda.config.EnvironmentSettings;
import java.util.List;

/**
 * How Lambda runs this execution environment, as far as it matters to an extension.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">AWS Lambda: AWS_LAMBDA_INITIALIZATION_TYPE</a>
 */
public enum EnvironmentKind {
    /** One invocation after the other, and frozen in between. */
    ORDINARY(true),
    /** As that, but started from a snapshot that was made after the initialisation. */
    SNAP_START(true),
    /** Invocations in parallel, never frozen; an extension that asks for {@code INVOKE} is refused. */
    MANAGED_INSTANCES(false);

    private final boolean tellsOfInvocations;

    EnvironmentKind(boolean tellsOfInvocations) {
        this.tellsOfInvocations = tellsOfInvocations;
    }

    /** The kind that {@code AWS_LAMBDA_INITIALIZATION_TYPE} names. */
    public static EnvironmentKind of(EnvironmentSettings settings) {
        String type = settings.text("AWS_LAMBDA_INITIALIZATION_TYPE");
        if ("lambda-managed-instances".equals(type)) {
            return MANAGED_INSTANCES;
        }
        return "snap-start".equals(type) ? SNAP_START : ORDINARY;
    }

    /** The events that an extension asks Lambda for. */
    public List<String> events() {
        return tellsOfInvocations ? List.of("INVOKE", "SHUTDOWN") : List.of("SHUTDOWN");
    }
}
