package io.github.vaultlambda.auth;

import io.github.vaultlambda.auth.SessionListener.Reason;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.log.Log;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Tells a session's listeners what happens to its token: of each token its beginning before its end, both once. No lock is held
 * while a listener is told. Thread-safe.
 */
final class SessionEvents {
    private static final Log LOG = Log.of(SessionEvents.class);

    private final List<SessionListener> listeners;
    /** Of the latest login. */
    private volatile @Nullable Announcement announcement;

    SessionEvents(List<SessionListener> listeners) {
        this.listeners = new CopyOnWriteArrayList<>(listeners);
    }

    void add(SessionListener listener) {
        listeners.add(listener);
    }

    /** To be called before the token is there for others: from now on it may be dropped. */
    synchronized Announcement announce(VaultToken token) {
        Announcement announced = new Announcement(token);
        announcement = announced;
        return announced;
    }

    /** Knows the last token no longer, when its listeners have been told of it. */
    synchronized void forget() {
        Announcement announced = announcement;
        if (announced != null && announced.isOver()) {
            announcement = null;
        }
    }

    void renewed(VaultToken token) {
        for (SessionListener listener : listeners) {
            try {
                listener.renewed(token);
            } catch (RuntimeException e) {
                logBroken(listener, e);
            }
        }
    }

    void dropped(VaultToken token, Reason reason) {
        Announcement announced = announcement;
        if (announced != null && announced.leave(token, reason)) {
            return;
        }
        for (SessionListener listener : listeners) {
            try {
                listener.dropped(token, reason);
            } catch (RuntimeException e) {
                logBroken(listener, e);
            }
        }
    }

    void failed(VaultException failure) {
        for (SessionListener listener : listeners) {
            try {
                listener.failed(failure);
            } catch (RuntimeException e) {
                logBroken(listener, e);
            }
        }
    }

    private static void logBroken(SessionListener listener, RuntimeException e) {
        LOG.warn("A session listener failed: {}", listener.getClass().getName(), e);
    }

    /**
     * A new token of which the listeners are still being told. Who drops it meanwhile leaves the reason here, so that no listener
     * hears of its end before its beginning; nobody waits.
     */
    final class Announcement {
        private final VaultToken token;
        private boolean over;
        private @Nullable Reason dropped;

        private Announcement(VaultToken token) {
            this.token = token;
        }

        /** Tells of the login, and of the token's end if that has come already. */
        void loggedIn() {
            for (SessionListener listener : listeners) {
                try {
                    listener.loggedIn(token);
                } catch (RuntimeException e) {
                    logBroken(listener, e);
                }
            }
            Reason reason = end();
            if (reason != null) {
                SessionEvents.this.dropped(token, reason);
            }
        }

        /** Whether the thread that announces the token will tell of its end as well. */
        private synchronized boolean leave(VaultToken other, Reason reason) {
            if (over || !token.isSameAs(other)) {
                return false;
            }
            dropped = reason;
            return true;
        }

        private synchronized boolean isOver() {
            return over;
        }

        private synchronized @Nullable Reason end() {
            over = true;
            return dropped;
        }
    }
}
