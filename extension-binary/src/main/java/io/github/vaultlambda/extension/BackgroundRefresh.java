package io.github.vaultlambda.extension;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.log.Log;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks after files, leases and token at intervals: for Managed Instances, whose extensions hear of no invocation and which are never
 * frozen. One daemon thread, and at most the configured time-out for each round.
 */
final class BackgroundRefresh implements Runnable {
    private static final Log LOG = Log.of(BackgroundRefresh.class);

    private final VaultSession session;
    private final @Nullable FileDelivery files;
    private final Duration interval;
    private volatile boolean stopped;
    private boolean tokenIsCounted;
    private boolean troubled;

    BackgroundRefresh(VaultSession session, @Nullable FileDelivery files, Duration interval) {
        this.session = session;
        this.files = files;
        this.interval = interval;
    }

    void start() {
        Thread thread = new Thread(this, "vault-refresh");
        thread.setDaemon(true);
        thread.start();
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                session.platform().sleeper().sleep(interval);
                if (!stopped) {
                    round();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // somebody wants this thread to end
        }
    }

    private void round() {
        if (files != null) {
            files.refresh(session.client().newDeadline());
        }
        if (tokenIsCounted) {
            return; // to ask for it would use it up
        }
        try {
            VaultToken token = session.token(session.client().newDeadline());
            tokenIsCounted = token.isCounted();
            troubled = false;
        } catch (VaultException e) {
            if (!troubled) {
                troubled = true;
                LOG.warn("The token cannot be kept alive: {}", OneLine.of(e));
            }
        } catch (IllegalStateException e) {
            stopped = true; // the session was closed meanwhile
        }
    }
}
