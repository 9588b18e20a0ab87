package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.util.Objects;
import java.util.function.Function;

/** What a function of the user makes of the secret. */
final class FunctionBinding<T> implements SecretBinding<T> {
    private final Function<SecretValue, T> function;

    FunctionBinding(Function<SecretValue, T> function) {
        this.function = Objects.requireNonNull(function, "function");
    }

    @Override
    public T bind(SecretReference reference, SecretAnswer answer) {
        SecretValue value = SelectedField.of(reference, answer.data());
        T bound;
        try {
            bound = function.apply(value);
        } catch (SecretFormatException e) {
            throw e; // ours, so without a value
        } catch (RuntimeException e) {
            // Message and cause may quote the value.
            throw new SecretFormatException(
                    "was refused by the function that binds it: " + e.getClass().getName(), reference);
        }
        if (bound == null) {
            throw new SecretFormatException("became null in the function that binds it", reference);
        }
        return bound;
    }

    @Override
    public boolean freshEachTime() {
        return false;
    }
}
