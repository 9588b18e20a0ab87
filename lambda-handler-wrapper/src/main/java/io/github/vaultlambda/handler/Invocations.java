package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all decorators do around an invocation: fill the fields, within the time that the invocation has. Thread-safe. */
final class Invocations {
    /** Kept back from the invocation's time, so that a failure can still be answered. */
    private static final Duration RESERVE = Duration.ofMillis(100);

    private final SecretFields fields;
    private final VaultClient client;

    private Invocations(SecretFields fields, VaultClient client) {
        this.fields = fields;
        this.client = client;
    }

    /** Prepares a handler; reads its secrets at once unless the process is going to be snapshotted. */
    static Invocations of(Object handler, VaultSecrets vault, Map<String, String> environment) {
        Invocations invocations = new Invocations(
                new SecretFields(handler, vault), vault.session().client());
        if (!"snap-start".equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE"))) {
            invocations.fields.prefetch(invocations.client.newDeadline());
        }
        return invocations;
    }

    static Invocations of(Object handler, VaultSecrets vault) {
        return of(handler, vault, System.getenv());
    }

    /** To be called before each invocation. */
    void begin(@Nullable Context context) {
        fields.fill(deadline(context));
    }

    private Deadline deadline(@Nullable Context context) {
        Deadline deadline = client.newDeadline();
        if (context == null) {
            return deadline;
        }
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
        return deadline.within(left.isNegative() ? Duration.ZERO : left);
    }
}
