package io.github.vaultlambda.handler.injection;

import io.github.vaultlambda.log.Log;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One handler, with the count of the invocations that are in it. While there is none, its fields can be assigned; when it has been
 * replaced, it is closed by the last. Thread-safe.
 */
final class Instance<H> {
    private static final Log LOG = Log.of(Instance.class);
    private static final int ASSIGNED = -1;
    private static final int CLOSED = -2;

    final H handler;
    /** What its members were initialized with, once {@link #isAssigned}. */
    final @Nullable Object[] initial;

    boolean isAssigned;
    /** How many invocations there are, or one of the above. */
    private final AtomicInteger state = new AtomicInteger();

    private volatile boolean replaced;

    Instance(H handler, int members) {
        this.handler = handler;
        this.initial = new @Nullable Object[members];
    }

    /** An invocation begins; false when it cannot just now. */
    boolean enter() {
        while (true) {
            int count = state.get();
            if (count < 0) {
                return false;
            }
            if (state.compareAndSet(count, count + 1)) {
                return true;
            }
        }
    }

    /** An invocation ends. */
    void exit() {
        if (state.decrementAndGet() == 0 && replaced) {
            closeIfIdle();
        }
    }

    /** Keeps invocations out; false when there are some in it. */
    boolean lockIfIdle() {
        return state.compareAndSet(0, ASSIGNED);
    }

    /** Lets them in again, with so many of the caller. */
    void unlock(int count) {
        state.set(count);
    }

    /** No invocation begins here any more. */
    void replace() {
        replaced = true;
        closeIfIdle();
    }

    private void closeIfIdle() {
        if (state.compareAndSet(0, CLOSED) && handler instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.warn( // without its message, which may quote a secret
                        "Closing an outdated {} failed: {}",
                        handler.getClass().getName(),
                        e.getClass().getName());
            }
        }
    }
}
