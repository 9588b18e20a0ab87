package io.github.vaultlambda.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time that what a thread is doing has left as a whole, such as the invocation of a function. While it is in force, no
 * operation without a deadline of its own waits longer for Vault in that thread: see {@link VaultClient#newDeadline()}. The time
 * is asked for only when Vault has to be waited for.
 *
 * <pre>{@code
 * limit.begin();
 * try {
 *     password.get();
 * } finally {
 *     limit.end();
 * }
 * }</pre>
 *
 * <p>Each object is for one use by one thread. Uses nest: the limit from before is back in force after {@link #end()}. Threads that
 * are begun meanwhile do not inherit it.
 */
public abstract class TimeLimit {
    private static final OfThreads CURRENT = new OfThreads();

    private @Nullable InForce thread;
    private @Nullable TimeLimit outer;

    /** A limit that is not in force yet. */
    protected TimeLimit() {}

    /** The time left in milliseconds; zero or less when it is over. */
    protected abstract long remainingMillis();

    /** Puts the limit in force for the calling thread. */
    public final void begin() {
        InForce mine = CURRENT.get();
        thread = mine;
        outer = mine.limit;
        mine.limit = this;
    }

    /** Ends what {@link #begin()} began, in the same thread. */
    public final void end() {
        if (thread != null) {
            thread.limit = outer;
            thread = null;
        }
    }

    /** The deadline, or an earlier one when the calling thread has less time. */
    static Deadline shorten(Deadline deadline) {
        TimeLimit limit = CURRENT.get().limit;
        return limit == null ? deadline : deadline.within(limit.remaining());
    }

    /** The time left; never negative. */
    public final Duration remaining() {
        return Duration.ofMillis(Math.max(0, remainingMillis()));
    }

    private static final class InForce {
        @Nullable
        TimeLimit limit;
    }

    /** A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private static final class OfThreads extends ThreadLocal<InForce> {
        @Override
        protected InForce initialValue() {
            return new InForce();
        }
    }
}
