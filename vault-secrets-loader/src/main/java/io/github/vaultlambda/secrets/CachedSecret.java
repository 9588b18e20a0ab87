package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.secrets.SecretStore.Held;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A secret that keeps the value it last handed out, already in its type, until it must be looked at anew. Thread-safe. */
final class CachedSecret<T> implements Secret<T> {
    private final SecretStore store;
    private final KeptReadings readings;
    private final SecretReference reference;
    private final SecretBinding<T> binding;
    private final SecretOptions options;
    /** Made with the first of them, because few secrets have any. */
    private volatile @Nullable List<Registration<T>> listeners;

    private volatile @Nullable Bound<T> bound;
    /** The value that the listeners were told of, until it is handed out: so that it is the same object. */
    private volatile @Nullable Coming<T> coming;
    /** The newest reading of which the listeners know the value. */
    private volatile @Nullable Reading known;

    CachedSecret(SecretStore store, SecretReference reference, SecretBinding<T> binding, SecretOptions options) {
        this.store = store;
        this.readings = store.readings();
        this.reference = reference;
        this.binding = binding;
        this.options = options;
        readings.add(this);
    }

    /** What holds the value of this secret; null when it is none of this library's. */
    static @Nullable CachedSecret<?> behind(Secret<?> secret) {
        if (secret instanceof OptionalSecret<?> optional) {
            return optional.secret();
        }
        return secret instanceof CachedSecret<?> cached ? cached : null;
    }

    /** A value and until when it may be handed out without another look. */
    static final class Bound<T> {
        final Reading reading;
        final T value;
        final boolean stale;
        final long judgedFromMillis;
        final long quietUntilMillis;
        final int epoch;

        Bound(Held held, T value) {
            this.reading = held.reading();
            this.value = value;
            this.stale = held.stale();
            this.judgedFromMillis = held.judgedFromMillis();
            this.quietUntilMillis = held.quietUntilMillis();
            this.epoch = held.epoch();
        }
    }

    /** A value that was made before anybody asked for it. */
    private static final class Coming<T> {
        final Reading reading;
        final T value;

        Coming(Reading reading, T value) {
            this.reading = reading;
            this.value = value;
        }
    }

    @Override
    public T get() {
        Bound<T> kept = quiet();
        return kept == null ? value(bound(store.obtain(reference, options, null))) : value(kept);
    }

    @Override
    public T get(Deadline deadline) {
        Bound<T> kept = quiet();
        return kept == null ? value(bound(store.obtain(reference, options, deadline))) : value(kept);
    }

    @Override
    public T refresh() {
        return value(bound(store.refresh(reference, options, null)));
    }

    @Override
    public T refresh(Deadline deadline) {
        return value(bound(store.refresh(reference, options, deadline)));
    }

    @Override
    public SecretState<T> state() {
        Bound<T> kept = quiet();
        return state(kept == null ? bound(store.obtain(reference, options, null)) : kept);
    }

    @Override
    public SecretState<T> state(Deadline deadline) {
        Bound<T> kept = quiet();
        return state(kept == null ? bound(store.obtain(reference, options, deadline)) : kept);
    }

    private SecretState<T> state(Bound<T> kept) {
        Reading reading = kept.reading;
        long end = reading.endsAtMillis();
        return new SecretState<>(
                value(kept),
                reading.answer().version(),
                Instant.ofEpochMilli(reading.readAtMillis()),
                end == Reading.NEVER ? null : Instant.ofEpochMilli(end),
                kept.stale);
    }

    /** What may be handed out at this moment; waits for Vault when there is nothing. */
    Bound<T> look(Deadline deadline) {
        Bound<T> kept = quiet();
        return kept == null ? bound(store.obtain(reference, options, deadline)) : kept;
    }

    /** The value of this very reading, to be judged anew at the next use. */
    Bound<T> of(Reading reading) {
        return new Bound<>(store.undated(reading), valueOf(reading));
    }

    /** Whether Vault has to be waited for. */
    boolean mustWait() {
        return store.mustWait(reference, options);
    }

    boolean isFresh(Reading reading) {
        return reading.isFreshAt(store.nowMillis(), options);
    }

    SecretOptions options() {
        return options;
    }

    boolean isOf(SecretStore other) {
        return store.equals(other);
    }

    Instant now() {
        return Instant.ofEpochMilli(store.nowMillis());
    }

    /** What is at hand, when it may be handed out at this moment; else null. */
    @Nullable
    Bound<T> quiet() {
        Bound<T> kept = bound;
        if (kept == null || kept.epoch != readings.epoch()) {
            return null;
        }
        long now = store.nowMillis();
        if (now >= kept.quietUntilMillis || now < kept.judgedFromMillis) {
            return null;
        }
        store.tellServed(reference, kept.reading, now, kept.stale);
        return kept;
    }

    T value(Bound<T> kept) {
        return binding.freshEachTime() ? binding.bind(reference, kept.reading.answer()) : kept.value;
    }

    /** One thread at a time, so that no late one puts an older value in the place of a newer. */
    private synchronized Bound<T> bound(Held held) {
        Bound<T> kept = bound;
        if (kept != null && kept.epoch == held.epoch() && kept.reading.isNewerThan(held.reading())) {
            return kept;
        }
        Bound<T> next = new Bound<>(held, valueOf(held.reading()));
        if (next.epoch == readings.epoch()) { // else forgotten or replaced meanwhile
            bound = next;
            Coming<T> told = coming;
            if (told != null && !told.reading.isNewerThan(next.reading)) {
                coming = null;
            }
        }
        return next;
    }

    /** The same object as before while the value is the same; each one its own where users may wipe it. */
    private T valueOf(Reading reading) {
        if (binding.freshEachTime()) {
            return binding.bind(reference, reading.answer());
        }
        Bound<T> kept = bound;
        if (kept != null && isSameValue(kept.reading, reading)) {
            return kept.value;
        }
        Coming<T> told = coming;
        return told != null && isSameValue(told.reading, reading)
                ? told.value
                : binding.bind(reference, reading.answer());
    }

    /** Other fields of the secret may differ. */
    boolean isSameValue(Reading one, Reading other) {
        return one == other
                || Objects.equals(binding.selected(reference, one.data()), binding.selected(reference, other.data()));
    }

    /** Loads what the first value needs, without one. */
    void loadAhead() {
        binding.loadAhead();
    }

    synchronized void forget() {
        bound = null;
        known = null;
        coming = null;
    }

    /** The reading that was last handed out, or null. */
    @Nullable
    Reading kept() {
        Bound<T> kept = bound;
        return kept == null ? known : kept.reading;
    }

    /** A listener's place, which it has once for each time that it was added. */
    private static final class Registration<T> {
        final SecretListener<T> listener;

        Registration(SecretListener<T> listener) {
            this.listener = listener;
        }
    }

    @Override
    @SuppressWarnings("unchecked") // a change is only read from, so one of a T is one of all that a T is
    public Subscription onChange(SecretListener<? super T> listener) {
        Registration<T> mine = new Registration<>((SecretListener<T>) Objects.requireNonNull(listener, "listener"));
        List<Registration<T>> all = listeners();
        synchronized (all) {
            all.add(mine);
            store.rotations().watch(this);
        }
        return () -> {
            synchronized (all) {
                if (all.remove(mine) && all.isEmpty()) {
                    store.rotations().unwatch(this);
                }
            }
        };
    }

    private synchronized List<Registration<T>> listeners() {
        List<Registration<T>> all = listeners;
        if (all == null) {
            all = new CopyOnWriteArrayList<>();
            listeners = all;
        }
        return all;
    }

    /**
     * Tells the listeners that another value comes.
     *
     * @param before what was kept, or null
     * @return what tells them that it has come, or null when it is the same value
     */
    @Nullable
    Runnable rotating(@Nullable Reading before, Reading after) {
        int begunIn = readings.forgotten();
        Reading old = newestReadable(before);
        if (old == null) {
            know(after, begunIn);
            return null;
        }
        SecretChange<T> change;
        try {
            know(old, begunIn);
            T value = valueOf(after);
            know(after, begunIn);
            if (isSameValue(old, after)) {
                return null;
            }
            long end = old.endsAtMillis();
            T was = valueOf(old);
            comes(after, value, begunIn);
            change = new SecretChange<>(this, was, value, end == Reading.NEVER ? null : Instant.ofEpochMilli(end));
        } catch (SecretFormatException e) {
            return null; // who asks for the value is told
        }
        List<Registration<T>> all = listeners();
        List<Registration<T>> told = List.copyOf(all);
        for (Registration<T> place : told) {
            Rotations.tell(reference, () -> place.listener.rotating(change));
        }
        return () -> {
            for (Registration<T> place : told) {
                if (all.contains(place)) {
                    Rotations.tell(reference, () -> place.listener.rotated(change));
                }
            }
        };
    }

    /** The newest old reading that has a value for this secret: one in between may have been without the field. */
    private @Nullable Reading newestReadable(@Nullable Reading before) {
        Bound<T> kept = bound;
        Reading handedOut = kept == null ? null : kept.reading;
        Reading newest = null;
        for (Reading old : new @Nullable Reading[] {before, handedOut, known}) {
            if (old != null && (newest == null || old.isNewerThan(newest)) && isReadable(old)) {
                newest = old;
            }
        }
        return newest;
    }

    private boolean isReadable(Reading reading) {
        try {
            valueOf(reading);
            return true;
        } catch (SecretFormatException e) {
            return false;
        }
    }

    /** Nothing is known across {@link #forget()}. */
    private synchronized void know(Reading reading, int begunIn) {
        if (readings.forgotten() == begunIn) {
            known = reading;
        }
    }

    private synchronized void comes(Reading reading, T value, int begunIn) {
        if (readings.forgotten() == begunIn && !binding.freshEachTime()) {
            coming = new Coming<>(reading, value);
        }
    }

    @Override
    public SecretReference reference() {
        return reference;
    }

    /** The reference; never the value. */
    @Override
    public String toString() {
        return "Secret[" + reference + "]";
    }
}
