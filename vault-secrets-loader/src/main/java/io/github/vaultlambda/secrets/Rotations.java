package io.github.vaultlambda.secrets;

import io.github.vaultlambda.log.Log;
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
    private final ConcurrentMap<SecretReference.Source, Thread> telling = new ConcurrentHashMap<>();

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

    /** Whether the calling thread is telling of a change of this source. */
    boolean isTelling(SecretReference.Source source) {
        return !telling.isEmpty() && telling.get(source) == Thread.currentThread();
    }

    /**
     * Tells the listeners of a source, and puts the new reading in its place in between. One call at a time for each source.
     *
     * @param before what was there, or null
     */
    void rotate(SecretReference.Source source, @Nullable Reading before, Reading after, Runnable put) {
        List<CachedSecret<?>> secrets = watched.get(source);
        if (secrets == null) {
            put.run();
            return;
        }
        telling.put(source, Thread.currentThread());
        try {
            List<Runnable> last = new CopyOnWriteArrayList<>();
            for (CachedSecret<?> secret : secrets) {
                Runnable rotated = secret.rotating(before, after);
                if (rotated != null) {
                    last.add(rotated);
                }
            }
            put.run();
            last.forEach(Runnable::run);
        } finally {
            telling.remove(source);
        }
    }

    /** Calls a listener; what it throws is only logged. */
    static void tell(SecretReference secret, Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.warn("A listener of {} failed", secret, e);
        }
    }
}
