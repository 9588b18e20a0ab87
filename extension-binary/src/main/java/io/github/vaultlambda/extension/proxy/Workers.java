package io.github.vaultlambda.extension.proxy;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that serve requests: as many as there are requests, up to a limit beyond which requests wait their turn. */
final class Workers {
    private static final int MOST = 64;
    private static final int IDLE_SECONDS = 10;

    private Workers() {}

    /** A new pool of daemon threads. */
    static ExecutorService pool() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0,
                MOST,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new HandOver(),
                work -> {
                    Thread thread = new Thread(work, "proxy-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                Workers::enqueue);
    }

    private static void enqueue(Runnable work, ThreadPoolExecutor pool) {
        if (pool.isShutdown() || !pool.getQueue().add(work)) {
            throw new RejectedExecutionException("the proxy is stopping");
        }
    }

    /**
     * Takes work only when an idle thread waits for it, so that the pool grows first; {@link #add} queues in any case, for
     * when the pool can grow no more.
     */
    private static final class HandOver extends LinkedTransferQueue<Runnable> {
        private static final long serialVersionUID = 1;

        @Override
        public boolean offer(Runnable work) {
            return tryTransfer(work);
        }
    }
}
