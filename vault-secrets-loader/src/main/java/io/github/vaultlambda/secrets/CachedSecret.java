package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.Deadline;
import org.jspecify.annotations.Nullable;

/** A secret that keeps the value it last handed out, already in its type, for as long as its reading is fresh. */
final class CachedSecret<T> implements Secret<T> {
    private final SecretStore store;
    private final SecretReference reference;
    private final TypeBinding<T> binding;
    private volatile @Nullable Bound<T> bound;

    CachedSecret(SecretStore store, SecretReference reference, TypeBinding<T> binding) {
        this.store = store;
        this.reference = reference;
        this.binding = binding;
    }

    private record Bound<T>(Reading reading, T value) {}

    @Override
    public T get() {
        return value(null);
    }

    @Override
    public T get(Deadline deadline) {
        return value(deadline);
    }

    private T value(@Nullable Deadline deadline) {
        Bound<T> kept = bound;
        if (kept != null && kept.reading.isFreshAt(store.nowMillis())) {
            return kept.value;
        }
        Reading reading = store.reading(reference, deadline);
        T value = kept != null && kept.reading.data().equals(reading.data())
                ? kept.value
                : binding.bind(reference, reading.data());
        bound = new Bound<>(reading, value);
        return value;
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
