package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what was read into a value of a type. Thread-safe. */
final class TypeBinding<T> implements SecretBinding<T> {
    private final SecretType<T> type;
    private final Class<? super T> raw;
    private volatile @Nullable Conversion conversion;

    TypeBinding(SecretType<T> type) {
        this.type = type;
        this.raw = type.raw();
    }

    @Override
    public T bind(SecretReference reference, SecretAnswer answer) {
        return bind(reference, answer.data());
    }

    @Override
    public void loadAhead() {
        try {
            conversion().from(SecretValue.of(Map.of()));
        } catch (Misfit e) {
            // As was to be expected: there was nothing to convert.
        }
    }

    @Override
    public boolean freshEachTime() {
        return raw == byte[].class || raw == char[].class;
    }

    /** As {@link #bind(SecretReference, SecretAnswer)}, of the secret's data. */
    @SuppressWarnings("unchecked") // a conversion gives what it was made for; of its arguments the type is all there is
    T bind(SecretReference reference, SecretValue data) {
        SecretValue value = SelectedField.of(reference, data);
        if (raw == String.class && !value.isNull()) { // at once: what a cold start most often reads
            return (T) raw.cast(SelectedField.text(value));
        }
        try {
            return (T) raw.cast(conversion().from(value));
        } catch (Misfit e) {
            throw new SecretFormatException(e.of(raw), reference);
        }
    }

    /** Made at first use: a type may be a matter of some milliseconds, and not every secret is read. */
    private Conversion conversion() {
        Conversion known = conversion;
        if (known == null) {
            known = Conversions.of(type.type());
            conversion = known;
        }
        return known;
    }
}
