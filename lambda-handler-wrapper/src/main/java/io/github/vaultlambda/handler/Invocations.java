package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is done around the invocations of one handler: its secrets are read when it is made, each invocation has its limit of time,
 * and what fails is judged by the handler's {@link FailurePolicy}. For decorators, generated ones included; a handler itself needs
 * none of it.
 *
 * <pre>{@code
 * Invocation invocation = invocations.begin(context);
 * try {
 *     try {
 *         values = group.get();
 *         invocations.succeeded();
 *     } catch (VaultException e) {
 *         invocations.failed(e); // throws it, or goes on
 *     }
 *     return handler.handleRequest(input, context);
 * } finally {
 *     invocation.end();
 * }
 * }</pre>
 *
 * <p>Made once for each handler, when the function is initialised. Thread-safe.
 */
public final class Invocations {
    private static final Log LOG = Log.of(Invocations.class);

    private final VaultSecrets vault;
    private final VaultClient client;
    private final HandlerOptions options;
    private final long reserveMillis;
    private final List<Secret<?>> secrets;
    private final boolean readsAhead;
    /** What the last trouble was that was logged, until it is over; only with {@link FailurePolicy#CONTINUE}. */
    private volatile @Nullable String trouble;

    private Invocations(
            VaultSecrets vault, HandlerOptions options, Collection<? extends Secret<?>> secrets, boolean readsAhead) {
        this.vault = Objects.requireNonNull(vault, "vault");
        this.client = vault.session().client();
        this.options = Objects.requireNonNull(options, "options");
        this.reserveMillis = options.reserve().toMillis();
        this.secrets = List.copyOf(secrets);
        this.readsAhead = readsAhead;
    }

    /**
     * For a handler that uses these secrets: reads them now, side by side, if the options say so and the process is not going to be
     * snapshotted. A failure of that is only logged, because the first invocation tries again.
     */
    public static Invocations of(VaultSecrets vault, HandlerOptions options, Collection<? extends Secret<?>> secrets) {
        return of(vault, options, secrets, environment());
    }

    /** The variables of this process. */
    static Map<String, String> environment() {
        return System.getenv();
    }

    /** As {@link #of(VaultSecrets, HandlerOptions, Collection)}, in a process with these variables. */
    public static Invocations of(
            VaultSecrets vault,
            HandlerOptions options,
            Collection<? extends Secret<?>> secrets,
            Map<String, String> environment) {
        Invocations invocations = new Invocations(
                vault,
                options,
                secrets,
                options.prefetch() && !"snap-start".equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE")));
        if (invocations.readsAhead) {
            invocations.prefetch();
        }
        return invocations;
    }

    private void prefetch() {
        if (secrets.isEmpty()) {
            return;
        }
        try {
            vault.prefetch(client.newDeadline(), secrets);
        } catch (VaultException e) {
            LOG.warn("Reading secrets before the first invocation failed, which will try again: {}", e.getMessage());
        }
    }

    /** Whether the secrets were read, or tried to be, when this was made. */
    boolean readsAhead() {
        return readsAhead;
    }

    /** The secrets' Vault. */
    public VaultSecrets vault() {
        return vault;
    }

    /** How the handler gets its secrets. */
    public HandlerOptions options() {
        return options;
    }

    /**
     * Begins an invocation in the calling thread: until its end, whatever this thread reads from Vault without a deadline of its own
     * has the time that the invocation has left but for the reserve, and at most the client's time-out.
     *
     * @param context the invocation's context; null, as in tests of handlers, sets no limit
     */
    public Invocation begin(@Nullable Context context) {
        Invocation invocation = new Invocation(context, reserveMillis);
        invocation.begin();
        return invocation;
    }

    /** A deadline for one operation in an invocation: its time left but for the reserve, at most the client's time-out. */
    public Deadline deadline(@Nullable Context context) {
        Deadline deadline = client.newDeadline();
        return context == null ? deadline : deadline.within(new Invocation(context, reserveMillis).remaining());
    }

    /**
     * To be called when a secret could not be had before the handler is called.
     *
     * @throws VaultException this failure, unless the handler goes on without; then it is logged, once for each trouble
     */
    public void failed(VaultException failure) {
        if (options.onFailure() == FailurePolicy.FAIL) {
            throw failure;
        }
        String name = failure.getClass().getName() + failure.status() + failure.path();
        if (!name.equals(trouble)) {
            trouble = name;
            LOG.warn("The handler goes on without fresh secrets: {}", failure.getMessage());
        }
    }

    /** To be called when all secrets could be had: the next failure is another trouble. */
    public void succeeded() {
        if (trouble != null) {
            trouble = null;
            LOG.info("The handler has fresh secrets again");
        }
    }
}
