package io.github.vaultlambda.secrets;

import io.github.vaultlambda.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The secrets that have listeners, by what they are read from, and the way in which these are told of a change. Thread-safe. */
final class Rotations {
    private static final Log LOG = Log.of(Rotations.class);

    private final ConcurrentMap<SecretReference.Source, List<CachedSecret<?>>> watched = new ConcurrentHashMap<>();
    /** Who tells of a change just now: a listener that asks for the secret gets what is there and does not wait for itself. */
    private final ConcurrentMap<SecretReference.Source, Telling> telling = new ConcurrentHashMap<>();

    /** Puts the new reading in its place. */
    interface Arrival {
        /**
         * Puts it.
         *
         * @param told whether listeners were told that it comes
         */
        void put(boolean told);
    }

    /** A change that is being told. */
    private static final class Telling {
        final Thread thread = Thread.currentThread();
        Reading current;

        Telling(Reading current) {
            this.current = current;
        }
    }

    void watch(CachedSecret<?> secret) {
        watched.compute(secret.reference().source(), (source, secrets) -> {
            List<CachedSecret<?>> all = secrets == null ? new CopyOnWriteArrayList<>() : secrets;
            if (!all.contains(secret)) {
                all.add(secret);
            }
            return all;
        });
    }

    void unwatch(CachedSecret<?> secret) {
        watched.computeIfPresent(secret.reference().source(), (source, secrets) -> {
            secrets.remove(secret);
            return secrets.isEmpty() ? null : secrets;
        });
    }

    /** What a listener gets that asks for the secret of whose change it is being told; null for all others. */
    @Nullable
    Reading toldOf(SecretReference.Source source) {
        Telling change = telling.isEmpty() ? null : telling.get(source);
        return change != null && change.thread.equals(Thread.currentThread()) ? change.current : null;
    }

    /** Whether listeners are being told of a change of this source, by whichever thread. */
    boolean isTelling(SecretReference.Source source) {
        return !telling.isEmpty() && telling.containsKey(source);
    }

    /**
     * Tells the listeners of a source, and puts the new reading in its place in between. One call at a time for each source.
     *
     * @param before what was there, or null
     */
    void rotate(SecretReference.Source source, @Nullable Reading before, Reading after, Arrival arrival) {
        List<CachedSecret<?>> secrets = watched.get(source);
        if (secrets == null) {
            arrival.put(false);
            return;
        }
        Telling change = new Telling(newestKnown(before, after, secrets));
        telling.put(source, change);
        try {
            List<Runnable> last = new ArrayList<>();
            try {
                for (CachedSecret<?> secret : secrets) {
                    Runnable rotated = secret.rotating(before, after);
                    if (rotated != null) {
                        last.add(rotated);
                    }
                }
            } finally { // whatever a listener does
                arrival.put(!last.isEmpty());
                change.current = after;
            }
            last.forEach(Runnable::run);
        } finally {
            telling.remove(source);
        }
    }

    /** What the listeners have of the secret until now, be it that the store has lost it for want of room. */
    private static Reading newestKnown(@Nullable Reading before, Reading after, List<CachedSecret<?>> secrets) {
        Reading newest = before;
        for (CachedSecret<?> secret : secrets) {
            Reading kept = secret.kept();
            if (kept != null && (newest == null || kept.isNewerThan(newest))) {
                newest = kept;
            }
        }
        return newest == null ? after : newest;
    }

    /** Calls a listener; what it throws is only logged. */
    static void tell(SecretReference secret, Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            LOG.warn( // without its message and its causes, which may quote the secret
                    "A listener of {} failed: {} at {}",
                    secret,
                    e.getClass().getName(),
                    trace.length == 0 ? "an unknown place" : trace[0]);
        }
    }
}
