package io.github.vaultlambda.secrets;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that read secrets ahead or side by side. They are made when there is work and end soon after it, and no process
 * waits for them to end. Thread-safe.
 */
final class BackgroundThreads implements Executor {
    /** As many as a transport keeps connections to one host. */
    private static final int MOST = 8;

    private static final int LONGEST_QUEUE = 10_000;
    private static final int IDLE_SECONDS = 2;

    private @Nullable ThreadPoolExecutor threads;

    /** Takes work; throws {@link java.util.concurrent.RejectedExecutionException} when there is far too much of it. */
    @Override
    public void execute(Runnable work) {
        threads().execute(work);
    }

    private synchronized ThreadPoolExecutor threads() {
        ThreadPoolExecutor known = threads;
        if (known == null) {
            known = new ThreadPoolExecutor(
                    MOST,
                    MOST,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(LONGEST_QUEUE),
                    new Factory());
            known.allowCoreThreadTimeOut(true);
            threads = known;
        }
        return known;
    }

    private static final class Factory implements ThreadFactory {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public Thread newThread(Runnable work) {
            Thread thread = new Thread(work, "vault-secrets-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        }
    }
}
