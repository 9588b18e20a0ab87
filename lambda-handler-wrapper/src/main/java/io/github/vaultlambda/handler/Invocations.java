package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.Secret;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What is done around the invocations of one handler: its secrets are read when it is made, each invocation has its limit of time,
 * what fails is judged by the handler's {@link FailurePolicy}, and with SnapStart nothing secret gets into the snapshot. For
 * decorators, generated ones included; a handler itself needs none of it.
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
    /** Lambda ends a restore after 10 s, and with it the environment. */
    private static final Duration LONGEST_AFTER_RESTORE = Duration.ofSeconds(8);

    private final VaultSecrets vault;
    private final VaultClient client;
    private final HandlerOptions options;
    private final long reserveMillis;
    private final boolean snapshotted;
    private final List<Secret<?>> secrets;
    private boolean read;
    private final List<Runnable> forgettings = new CopyOnWriteArrayList<>();
    /** What the last trouble was that was logged, until it is over; only with {@link FailurePolicy#CONTINUE}. */
    private volatile @Nullable String trouble;

    private Invocations(
            VaultSecrets vault,
            HandlerOptions options,
            Collection<? extends Secret<?>> secrets,
            Map<String, String> environment) {
        this.vault = Objects.requireNonNull(vault, "vault");
        this.client = vault.session().client();
        this.options = Objects.requireNonNull(options, "options");
        this.reserveMillis = options.reserve().toMillis();
        this.snapshotted = HandlerEnvironment.isSnapshotted(environment);
        this.secrets = new CopyOnWriteArrayList<>(secrets);
    }

    /**
     * For a handler that uses these secrets: reads them now, side by side, if the options say so and the process is not going to be
     * snapshotted. A failure of that is only logged, because the first invocation tries again.
     */
    public static Invocations of(VaultSecrets vault, HandlerOptions options, Collection<? extends Secret<?>> secrets) {
        return of(vault, options, secrets, HandlerEnvironment.variables());
    }

    /** As {@link #of(VaultSecrets, HandlerOptions, Collection)}, in a process with these variables. */
    public static Invocations of(
            VaultSecrets vault,
            HandlerOptions options,
            Collection<? extends Secret<?>> secrets,
            Map<String, String> environment) {
        Invocations invocations = new Invocations(vault, options, secrets, environment);
        if (invocations.snapshotted) {
            invocations.register();
        } else if (invocations.readsAhead()) {
            invocations.read = invocations.prefetch(invocations.client.newDeadline(), invocations.secrets);
        }
        return invocations;
    }

    private boolean readsAhead() {
        return options.prefetch() && !snapshotted;
    }

    /** Whether the secrets have been read since this was made: the options said so, and nothing failed. */
    boolean hasReadAhead() {
        return read;
    }

    /** Whether a snapshot is taken of this process. */
    boolean isSnapshotted() {
        return snapshotted;
    }

    /** Has this done before each snapshot of the process: for what holds secrets and is not a {@link VaultSecrets}. */
    public void beforeSnapshot(Runnable forgetting) {
        forgettings.add(forgetting);
    }

    /** Does what {@link #beforeSnapshot} was given. */
    void forget() {
        for (Runnable forgetting : forgettings) {
            forgetting.run();
        }
    }

    private void register() {
        try {
            SnapStart.register(this);
        } catch (NoClassDefFoundError e) {
            LOG.warn(
                    "org.crac:crac is not on the class path, so nothing can be loaded before the snapshot, and what is read"
                            + " of Vault during the initialisation stays in it: add org.crac:crac to the function");
        }
    }

    /**
     * Adds a secret of the handler, which counts from now on as one of those that it was made with. While the function is
     * initialised, its reading begins in the background if the options say so; whoever asks for it meanwhile waits for that.
     */
    public <T> Secret<T> add(Secret<T> secret) {
        secrets.add(secret);
        if (readsAhead()) {
            Thread thread = new Thread(new Ahead(secret), "vault-prefetch");
            thread.setDaemon(true);
            thread.start();
        }
        return secret;
    }

    /** A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private final class Ahead implements Runnable {
        private final Secret<?> secret;

        Ahead(Secret<?> secret) {
            this.secret = secret;
        }

        @Override
        public void run() {
            prefetch(client.newDeadline(), List.of(secret));
        }
    }

    private boolean prefetch(Deadline deadline, List<Secret<?>> wanted) {
        if (wanted.isEmpty()) {
            return true;
        }
        try {
            vault.prefetch(deadline, wanted);
            return true;
        } catch (VaultException e) {
            LOG.warn("Reading secrets before the first invocation failed, which will try again: {}", e.getMessage());
            return false;
        }
    }

    /** Loads what the first use of the handler's secrets needs, without any. */
    void loadAhead() {
        vault.loadAhead(secrets);
    }

    /** Logs in and reads the handler's secrets; a failure of Vault is only logged. */
    void readAfterRestore() {
        Deadline deadline = client.newDeadline().within(LONGEST_AFTER_RESTORE);
        if (secrets.isEmpty()) {
            vault.session().token(deadline);
        } else {
            prefetch(deadline, secrets);
        }
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
     * @param failure a {@link VaultException} as a rule; its message holds no secret
     * @throws RuntimeException this failure, unless the handler goes on without; then it is logged, once for each trouble
     */
    public void failed(RuntimeException failure) {
        if (options.onFailure() == FailurePolicy.FAIL) {
            throw failure;
        }
        String name = failure.getClass().getName()
                + (failure instanceof VaultException known ? known.status() + known.path() : failure.getMessage());
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
