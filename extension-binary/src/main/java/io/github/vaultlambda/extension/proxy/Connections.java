package io.github.vaultlambda.extension.proxy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are open, each with a thread, up to a limit. At the limit the connection that has been idle longest makes
 * room for the next; when none is idle, the next waits. Thread-safe.
 */
final class Connections {
    private static final int IDLE_THREAD_SECONDS = 10;
    /** TLS to Vault and JSON need no more. */
    private static final int STACK_BYTES = 256 * 1024;

    private static final long SHORTEST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Clients send the first request at once, and do not expect that it meets a closed connection. */
    private static final long SHORTEST_IDLE_AT_FIRST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int most;
    private final Set<ClientConnection> open = new HashSet<>();
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), new Threads());
    private volatile boolean stopping;

    Connections(int most) {
        this.most = most;
    }

    /** Serves a connection, as soon as there is room for it; false when there will be none. */
    boolean add(ClientConnection connection) throws InterruptedException {
        synchronized (this) {
            while (open.size() >= most && !stopping) {
                ClientConnection idle = idlest();
                if (idle != null) {
                    idle.channel().close();
                }
                wait(100); // one becomes idle without a word
            }
            if (stopping) {
                return false;
            }
            open.add(connection);
        }
        threads.execute(connection);
        return true;
    }

    /** A connection has ended. */
    synchronized void ended(ClientConnection connection) {
        open.remove(connection);
        notifyAll();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Looks after all of them; whether there will be something to look after next time. */
    boolean tick() {
        ClientConnection[] current;
        synchronized (this) {
            current = open.toArray(new ClientConnection[0]);
        }
        boolean busy = false;
        for (ClientConnection connection : current) {
            busy |= connection.tick();
        }
        return busy;
    }

    /** How many requests wait for Vault or for each other. */
    synchronized int waiting() {
        int count = 0;
        for (ClientConnection connection : open) {
            count += connection.isWaiting() ? 1 : 0;
        }
        return count;
    }

    /** Ends all: idle ones at once, the others when their answer is sent, but in this time at the latest. */
    void stop(Duration time) {
        stopping = true;
        long end = System.nanoTime() + time.toNanos();
        synchronized (this) {
            for (ClientConnection connection : open) {
                if (connection.isIdle()) {
                    connection.channel().close();
                }
            }
            notifyAll();
            try {
                long left = end - System.nanoTime();
                while (!open.isEmpty() && left > 0) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                    left = end - System.nanoTime();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        ClientConnection[] late;
        synchronized (this) {
            late = open.toArray(new ClientConnection[0]);
        }
        for (ClientConnection connection : late) {
            connection.end();
        }
        threads.shutdownNow();
    }

    /** The one that has been idle longest, if that is long enough that no request can be on its way to it. */
    private @Nullable ClientConnection idlest() {
        ClientConnection idlest = null;
        long longest = 0;
        long now = System.nanoTime();
        for (ClientConnection connection : open) {
            long idle = now - connection.idleSince();
            if (!connection.isIdle()) {
                continue;
            }
            long least = connection.hasServed() ? SHORTEST_IDLE_NANOS : SHORTEST_IDLE_AT_FIRST_NANOS;
            if (idle > Math.max(least, longest)) {
                idlest = connection;
                longest = idle;
            }
        }
        return idlest;
    }

    /** Daemon threads with small stacks. A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private static final class Threads implements ThreadFactory {
        private int number;

        @Override
        public synchronized Thread newThread(Runnable work) {
            number++;
            Thread thread = new Thread(null, work, "proxy-" + number, STACK_BYTES, false);
            thread.setDaemon(true);
            return thread;
        }
    }
}
