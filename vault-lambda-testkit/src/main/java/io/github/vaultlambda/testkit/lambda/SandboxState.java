package io.github.vaultlambda.testkit.lambda;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What all sides of a sandbox share: its phase, what was reported, the one lock that guards all state, and the one condition that
 * everything waits for. All but {@link #lock()} needs the lock.
 */
final class SandboxState {
    enum Phase {
        NEW,
        STARTING,
        SNAPSHOT,
        RESTORING,
        READY,
        ENDING,
        ENDED
    }

    private final Timeline timeline;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Phase phase = Phase.NEW;
    private @Nullable SandboxFailure reported;
    private long changes;

    SandboxState(Timeline timeline) {
        this.timeline = timeline;
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    Phase phase() {
        return phase;
    }

    void enter(Phase next) {
        phase = next;
        signal();
    }

    boolean isEnding() {
        return phase == Phase.ENDING || phase == Phase.ENDED;
    }

    void happened(String type, String process) {
        timeline.happened(type, process);
    }

    /** A process reported that it cannot go on. */
    void failed(String event, String process, String errorType, byte[] body) {
        happened(event, process);
        if (reported == null) {
            reported =
                    new SandboxFailure(errorType, process + " reported: " + new String(body, StandardCharsets.UTF_8));
        }
        signal();
    }

    /** What was reported first, or null. */
    @Nullable
    SandboxFailure reported() {
        return reported;
    }

    void signal() {
        changes++;
        changed.signalAll();
    }

    /** Waits for a change of state; there may be none, so callers look again. */
    @SuppressWarnings("WaitNotInLoop")
    void await() throws InterruptedException {
        changed.await();
    }

    /** Waits for the next change of state; false when the deadline, in the time of {@link System#nanoTime()}, comes first. */
    boolean awaitUntil(long deadline) {
        long seen = changes;
        try {
            while (changes == seen) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
