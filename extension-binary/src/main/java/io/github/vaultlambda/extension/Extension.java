package io.github.vaultlambda.extension;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.extension.proxy.ProxyServer;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.secrets.files.SecretFiles;
import io.github.vaultlambda.secrets.files.SecretFilesException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extension's life: log in, write the secret files, open the proxy, and only then register, because Lambda starts the
 * function's own initialisation when all extensions have registered, so that it finds files and proxy ready. Then one event
 * after the other until the environment ends; at each invocation the files are refreshed.
 *
 * <p>One thread runs it; {@link #stop} may come from another.
 */
final class Extension {
    private static final Logger LOG = LoggerFactory.getLogger(Extension.class);
    /** Lambda grants extensions two seconds; the rest is for the process to end in, which takes the JVM a third of one. */
    private static final Duration LONGEST_STOP = Duration.ofMillis(1_200);
    /** Of what Lambda's deadline leaves, kept for the process to end in. */
    private static final Duration STOP_RESERVE = Duration.ofMillis(600);
    /** Of the time to stop, kept for the revocation of the token where that is asked for. */
    private static final Duration REVOCATION_RESERVE = Duration.ofMillis(400);
    /** An invocation ends only when the extension has asked for the next event, so it is not kept longer than this. */
    private static final Duration LONGEST_REFRESH = Duration.ofSeconds(2);
    /** Of what the invocation's deadline leaves, kept for the function's answer. */
    private static final Duration REFRESH_RESERVE = Duration.ofMillis(200);

    private final ExtensionConfig config;
    private final VaultSession session;
    private final ExtensionsApi lambda;
    private final InstantSource clock;
    /** Null when there are no files, and then nothing of it is loaded. */
    private final @Nullable VaultSecrets secrets;

    private final @Nullable SecretFiles files;
    private volatile @Nullable ProxyServer proxy;
    private volatile boolean stopping;

    Extension(ExtensionConfig config, String name) {
        this.config = config;
        this.session = VaultSession.of(config.vault(), config.login(), config.platform());
        this.lambda = new ExtensionsApi(config.runtimeApi(), name);
        this.clock = config.platform().clock();
        if (config.secretFiles().isEmpty()) {
            this.secrets = null;
            this.files = null;
        } else {
            this.secrets = VaultSecrets.builder(session)
                    .options(config.secrets())
                    .revokeLeasesOnClose(config.revokesLeases())
                    .build();
            this.files = SecretFiles.of(secrets, config.secretFiles());
        }
    }

    /**
     * Runs an extension as this environment says, from its start to its end.
     *
     * @param atEnd takes what has to be done when the process is told to end
     * @return the exit code
     */
    static int run(Map<String, String> environment, String name, Consumer<Runnable> atEnd) {
        String version = Extension.class.getPackage().getImplementationVersion();
        LOG.info("Starting {} {}", name, version == null ? "(development)" : version);
        Log.writeAtOnce();
        ExtensionConfig config;
        try {
            config = ExtensionConfig.fromEnvironment(environment);
        } catch (VaultConfigException e) {
            LOG.error("{}", OneLine.of(e));
            return 1;
        }
        Extension extension = new Extension(config, name);
        atEnd.accept(() -> extension.stop(LONGEST_STOP));
        return extension.run();
    }

    /** Starts and serves; the exit code when it is over. */
    int run() {
        try {
            start();
            serveEvents();
            return 0;
        } catch (VaultException e) {
            LOG.error("{}", OneLine.of(e));
        } catch (SecretFilesException e) {
            LOG.error("{}", OneLine.of(e));
        } catch (IOException e) {
            LOG.error("{}", OneLine.of(e));
        } catch (RuntimeException | Error e) { // threads of the proxy would keep a process alive that asks for no event
            if (stopping) {
                LOG.info("Told to end before it was ready"); // the session is closed
            } else {
                LOG.error("Unexpected failure; this is a fault of the extension", e);
            }
        }
        stop(revocationReserve());
        return 1;
    }

    private void start() throws IOException {
        long start = System.nanoTime();
        Deadline deadline = session.client().newDeadline(); // one for all: Lambda's limit is on the whole of it
        session.token(deadline);
        if (files != null) {
            files.write(deadline);
        }
        if (config.mode().servesProxy()) {
            ProxyServer server = ProxyServer.start(config.proxy(), session);
            proxy = server;
            LOG.info("Proxy listens on {}", server.address());
        }
        try {
            lambda.register(config.events());
        } catch (IOException e) {
            throw new IOException("Cannot register with Lambda: " + OneLine.of(e), e);
        }
        LOG.info(
                "Ready after {} ms; secret files: {}",
                (System.nanoTime() - start) / 1_000_000,
                config.secretFiles().size());
    }

    private void serveEvents() throws IOException {
        while (true) {
            LambdaEvent event;
            try {
                event = lambda.next();
            } catch (IOException e) {
                throw new IOException("No event from Lambda: " + OneLine.of(e), e);
            }
            LOG.debug("Event {}", event.type());
            if (event.isShutdown()) {
                LOG.info("Shutdown, reason {}", event.reason().isEmpty() ? "unknown" : event.reason());
                stop(timeToStop(event.deadline()));
                return;
            }
            if (files != null) {
                refresh(files, event.deadline());
            }
        }
    }

    /** The function runs meanwhile; whatever goes wrong here must not end it. */
    private void refresh(SecretFiles these, Instant deadline) {
        Duration left = deadline.equals(Instant.EPOCH)
                ? LONGEST_REFRESH // Lambda named none
                : Duration.between(clock.instant(), deadline).minus(REFRESH_RESERVE);
        if (left.isNegative()) {
            return;
        }
        try {
            these.refresh(session.endpoint().deadlineIn(left).within(LONGEST_REFRESH));
        } catch (RuntimeException e) {
            if (!stopping) {
                LOG.error("Unexpected failure while secret files were refreshed", e);
            }
        }
    }

    private Duration revocationReserve() {
        boolean revokes = config.vault().revokeOnClose() || (secrets != null && config.revokesLeases());
        return revokes ? REVOCATION_RESERVE : Duration.ZERO;
    }

    private Duration timeToStop(Instant deadline) {
        if (deadline.equals(Instant.EPOCH)) {
            return LONGEST_STOP; // Lambda named none
        }
        Duration left = Duration.between(clock.instant(), deadline).minus(STOP_RESERVE);
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(LONGEST_STOP) > 0 ? LONGEST_STOP : left;
    }

    /**
     * Closes the proxy, after requests under way have had time to end, and then secrets and session, which revoke leases and token
     * where that is asked for; all of it in at most this time. Does so once; thread-safe.
     */
    void stop(Duration most) {
        stopping = true;
        Deadline deadline = session.endpoint().deadlineIn(most);
        ProxyServer server = proxy;
        if (server != null) {
            Duration reserve = revocationReserve();
            server.stop(most.compareTo(reserve) > 0 ? most.minus(reserve) : Duration.ZERO);
        }
        if (secrets != null) {
            secrets.close(deadline);
        } else {
            session.close(deadline);
        }
    }
}
