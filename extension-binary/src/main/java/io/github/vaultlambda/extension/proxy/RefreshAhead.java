package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers that are in use anew before their fresh time is over, so that nobody waits for Vault at its end. Begun by a use and
 * by nothing else: Lambda freezes the process in between. Thread-safe.
 */
final class RefreshAhead {
    private static final Log LOG = Log.of(RefreshAhead.class);
    private static final int MOST = 4;
    private static final int STACK_BYTES = 256 * 1024;

    private final Forwarder forwarder;
    private final SharedReads reads;
    private final Semaphore turns = new Semaphore(MOST);

    RefreshAhead(Forwarder forwarder, SharedReads reads) {
        this.forwarder = forwarder;
        this.reads = reads;
    }

    /** Begins to read again what was answered so; returns at once. */
    void begin(ClientRequest request, CacheKey key, KeptAnswer old) {
        if (!turns.tryAcquire()) {
            old.releaseRefresh();
            return;
        }
        Thread thread = new Thread(null, new Refresh(request, key, old), "proxy-refresh", STACK_BYTES, false);
        thread.setDaemon(true);
        thread.start();
    }

    private final class Refresh implements Runnable, Passage {
        private final ClientRequest request;
        private final CacheKey key;
        private final KeptAnswer old;

        Refresh(ClientRequest request, CacheKey key, KeptAnswer old) {
            this.request = request;
            this.key = key;
            this.old = old;
        }

        @Override
        public void run() {
            try {
                reads.refresh(forwarder.call(request), key, this);
            } catch (Refusal e) {
                LOG.debug("{} could not be read ahead: {}", request, e.text());
            } catch (IOException | RuntimeException e) {
                LOG.debug("{} could not be read ahead: {}", request, OneLine.of(e));
            } finally {
                old.releaseRefresh();
                turns.release();
            }
        }

        @Override
        public void give(WholeAnswer answer) {}

        @Override
        public void pass(VaultAnswer answer, @Nullable ContentCopy copy) {
            answer.close(); // too large to be kept
        }
    }
}
