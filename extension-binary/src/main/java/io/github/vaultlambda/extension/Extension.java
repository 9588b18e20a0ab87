package io.github.vaultlambda.extension;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.extension.log.RequestId;
import io.github.vaultlambda.extension.proxy.ProxyServer;
import io.github.vaultlambda.extension.settings.EnvironmentKind;
import io.github.vaultlambda.extension.settings.LifeSettings;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.files.SecretFilesException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The extension's life: log in, write the secret files, open the proxy, and only then register, because Lambda starts the
 * function's own initialisation when all extensions have registered, so that it finds files and proxy ready. Then one event
 * after the other until the environment ends; at each invocation the files are refreshed.
 *
 * <p>One thread runs it; {@link #stop} may come from another.
 */
final class Extension {
    private static final Log LOG = Log.of(Extension.class);

    private final ExtensionConfig config;
    private final LifeSettings life;
    private final VaultSession session;
    private final ExtensionsApi lambda;
    private final FailureReport failures;
    private final RequestId requestId;
    private final TimeLeft timeLeft;
    /** Null when nothing is published, and then nothing of it is loaded; so for the next two. */
    private final @Nullable ExtensionMetrics metrics;

    private final @Nullable FileDelivery files;
    private final @Nullable BackgroundRefresh background;
    private volatile @Nullable ProxyServer proxy;
    private volatile boolean stopping;
    private boolean invoked;

    /**
     * An extension that has done nothing yet.
     *
     * @param name the file name under which it registers
     * @param requestId is told which invocation runs
     * @param out where lines of metrics go
     */
    Extension(ExtensionConfig config, String name, RequestId requestId, PrintStream out) {
        this.config = config;
        this.life = config.life();
        this.session = config.access().session();
        this.lambda = new ExtensionsApi(config.runtimeApi(), name);
        this.failures = new FailureReport(lambda, life.kind());
        this.requestId = requestId;
        this.timeLeft = new TimeLeft(session.platform().clock());
        this.metrics = config.metrics() == null
                ? null
                : new ExtensionMetrics(config.metrics(), out, session.platform().clock());
        this.files = config.secretFiles().isEmpty()
                ? null
                : new FileDelivery(config, session, metrics == null ? null : metrics.listener());
        this.background = life.kind() == EnvironmentKind.MANAGED_INSTANCES
                ? new BackgroundRefresh(session, files, life.refreshInterval())
                : null;
    }

    /** Starts and serves; the exit code when it is over. */
    int run() {
        boolean registered = false;
        try {
            start();
            registered = true;
            serveEvents();
            return 0;
        } catch (Exception | LinkageError e) {
            fail(e, registered);
            return 1;
        }
    }

    private void start() throws ExtensionException {
        long start = System.nanoTime();
        prepareSecrets();
        if (config.mode().servesProxy()) {
            try {
                ProxyServer server = ProxyServer.start(config.proxy(), session);
                proxy = server;
                if (metrics != null) {
                    metrics.count(server.counters());
                }
                LOG.info("Starting HTTP proxy server on {}", server.address());
            } catch (IOException e) {
                throw new ExtensionException(
                        FailureType.NOT_LISTENING,
                        "failed to listen on port " + config.proxy().port(),
                        e);
            }
        }
        try {
            lambda.register(life.kind().events());
        } catch (IOException e) {
            throw new ExtensionException(FailureType.NOT_REGISTERED, "Cannot register with Lambda", e);
        }
        if (background != null) {
            background.start();
        }
        LOG.info(
                "Initialised in {} ms; secret files: {}",
                (System.nanoTime() - start) / 1_000_000,
                config.secretFiles().size());
    }

    /** One deadline for all of it: Lambda's limit is on the whole of it. */
    private void prepareSecrets() {
        Deadline deadline = session.client().newDeadline().within(life.initTimeout());
        try {
            session.token(deadline);
            if (files != null) {
                files.write(deadline);
            }
        } catch (VaultException | SecretFilesException e) {
            if (!life.lazy()) {
                throw e;
            }
            LOG.warn(
                    "Not everything could be had from Vault; the function starts all the same, as VAULT_EXTENSION_LAZY says,"
                            + " and Vault is asked again when it is needed: {}",
                    OneLine.of(e));
        }
    }

    private void serveEvents() throws ExtensionException {
        while (true) {
            LambdaEvent event;
            try {
                event = lambda.next();
            } catch (IOException e) {
                throw new ExtensionException(FailureType.NO_EVENT, "No event from Lambda", e);
            }
            requestId.set(event.requestId().isEmpty() ? null : event.requestId());
            LOG.debug("Event {}", event.type());
            if (event.isShutdown()) {
                LOG.info("Shutdown, reason {}", event.reason().isEmpty() ? "unknown" : event.reason());
                stop(timeLeft.toStop(event));
                LOG.info("Graceful shutdown complete");
                return;
            }
            beginInvocation(event);
        }
    }

    /** What is done beside the function, which has the invocation at the same moment. */
    private void beginInvocation(LambdaEvent event) {
        boolean restored = !invoked && life.kind() == EnvironmentKind.SNAP_START;
        invoked = true;
        if (restored) {
            forget();
        }
        if (files != null) {
            Duration left = timeLeft.toRefresh(event);
            if (!left.isZero()) {
                files.refresh(session.endpoint().deadlineIn(left));
            }
        }
        if (metrics != null) {
            metrics.publish();
        }
    }

    /** Each environment that came from the same snapshot has a token and leases of its own. */
    private void forget() {
        LOG.info("First invocation after a snapshot: what was read before it is forgotten");
        if (files != null) {
            files.forget();
        } else {
            session.forget();
        }
        ProxyServer server = proxy;
        if (server != null) {
            server.forget();
        }
    }

    private void fail(Throwable failure, boolean registered) {
        if (stopping) {
            LOG.info("Told to end before it was ready"); // the session is closed
            return;
        }
        failures.log(failure);
        stop(revocationReserve()); // threads of the proxy would keep a process alive that asks for no event
        failures.report(failure, registered);
    }

    private Duration revocationReserve() {
        boolean revokes = session.config().revokeOnClose()
                || (files != null && config.access().revokesLeases());
        return revokes ? TimeLeft.REVOCATION_RESERVE : Duration.ZERO;
    }

    /**
     * Closes the proxy, after requests under way have had time to end, and then secrets and session, which revoke leases and token
     * where that is asked for; all of it in at most this time. Does so once; thread-safe.
     */
    void stop(Duration most) {
        stopping = true;
        if (background != null) {
            background.stop();
        }
        Deadline deadline = session.endpoint().deadlineIn(most);
        ProxyServer server = proxy;
        if (server != null) {
            Duration reserve = revocationReserve();
            server.stop(most.compareTo(reserve) > 0 ? most.minus(reserve) : Duration.ZERO);
        }
        if (files != null) {
            files.close(deadline);
        } else {
            session.close(deadline);
        }
        if (metrics != null) {
            metrics.publish();
        }
    }
}
