package io.github.vaultlambda.extension.proxy;

import java.util.concurrent.TimeUnit;

/**
 * Looks after connections that wait: whether the client has gone, whether its request comes in time. One thread, which exists only
 * once it was needed, and sleeps while it is not. Thread-safe.
 */
final class ClientWatch implements Runnable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int QUIET_TICKS = 20;

    private final Connections connections;
    private volatile boolean awake;
    private boolean started;

    ClientWatch(Connections connections) {
        this.connections = connections;
    }

    /** There is something to look after. */
    void need() {
        if (!awake) {
            wake();
        }
    }

    private synchronized void wake() {
        awake = true;
        if (started) {
            notifyAll();
            return;
        }
        started = true;
        Thread thread = new Thread(null, this, "proxy-watch", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        int quiet = 0;
        try {
            while (true) {
                pause();
                if (connections.tick()) {
                    quiet = 0;
                } else if (++quiet >= QUIET_TICKS) {
                    awake = false;
                    if (connections.tick()) { // it may have come between the two
                        awake = true;
                    }
                    quiet = 0;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void pause() throws InterruptedException {
        while (!awake) {
            wait();
        }
        long end = System.nanoTime() + TICK_NANOS;
        for (long left = TICK_NANOS; left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
