package io.github.vaultlambda.extension.proxy;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One read on its way to Vault, for which others may wait. Thread-safe. */
final class Flight {
    /** A client whose answer comes bit by bit is not waited for longer than this: it may have no end. */
    private static final long LONGEST_STREAM_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * How it ended for those who waited.
     *
     * @param answer Vault's, or null
     * @param refusal that there is none to pass on, or null
     * @param left whether who sent it went away first, so that another has to
     */
    record Outcome(@Nullable WholeAnswer answer, @Nullable Refusal refusal, boolean left) {
        /** The answer is for who asked alone; who waited has to ask. */
        static final Outcome NOT_SHARED = new Outcome(null, null, false);
        /** Nobody knows. */
        static final Outcome LEFT = new Outcome(null, null, true);

        static Outcome of(WholeAnswer answer) {
            return new Outcome(answer, null, false);
        }

        static Outcome of(Refusal refusal) {
            return new Outcome(null, refusal, false);
        }
    }

    private final long generation;
    private @Nullable Outcome outcome;
    private boolean streams;
    private int waiting;

    /** @param generation how many writes had ended when it began: whoever wrote since then must not be given its answer */
    Flight(long generation) {
        this.generation = generation;
    }

    long generation() {
        return generation;
    }

    /**
     * Waits for its end.
     *
     * @return null when it has not ended in that time
     */
    synchronized @Nullable Outcome await(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        long streamEnd = Long.MAX_VALUE;
        waiting++;
        try {
            while (outcome == null) {
                long now = System.nanoTime();
                long left = end - now;
                if (streams) {
                    streamEnd = streamEnd == Long.MAX_VALUE ? now + LONGEST_STREAM_NANOS : streamEnd;
                    left = Math.min(left, streamEnd - now);
                }
                if (left <= 0) {
                    return streams ? Outcome.NOT_SHARED : null;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return outcome;
        } finally {
            waiting--;
        }
    }

    /** Whether somebody waits for it. */
    synchronized boolean isWaitedFor() {
        return waiting > 0;
    }

    /** Its answer has begun, and comes bit by bit. */
    synchronized void streams() {
        streams = true;
        notifyAll();
    }

    /** It has ended; only the first word counts. */
    synchronized void land(Outcome end) {
        if (outcome == null) {
            outcome = end;
            notifyAll();
        }
    }
}
