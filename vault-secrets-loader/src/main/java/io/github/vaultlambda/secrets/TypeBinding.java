package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what was read into a value of a class. Thread-safe. */
final class TypeBinding<T> implements SecretBinding<T> {
    private final Class<T> type;
    private volatile @Nullable Conversion conversion;

    @SuppressWarnings("unchecked") // int.class and Integer.class are both a Class<Integer>
    TypeBinding(Class<T> type) {
        this.type = type.isPrimitive() ? (Class<T>) Conversions.boxed(type) : type;
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
        return type == byte[].class || type == char[].class;
    }

    /** As {@link #bind(SecretReference, SecretAnswer)}, of the secret's data. */
    T bind(SecretReference reference, SecretValue data) {
        SecretValue value = SelectedField.of(reference, data);
        if (type == String.class && !value.isNull()) { // at once: what a cold start most often reads
            return type.cast(SelectedField.text(value));
        }
        try {
            return type.cast(conversion().from(value));
        } catch (Misfit e) {
            throw new SecretFormatException(e.of(type), reference);
        }
    }

    /** Made at first use: a type may be a matter of some milliseconds, and not every secret is read. */
    private Conversion conversion() {
        Conversion known = conversion;
        if (known == null) {
            known = Conversions.of(type);
            conversion = known;
        }
        return known;
    }
}
