package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultResponse;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was read into what the user asked for. Thread-safe.
 *
 * @param <T> what the user asked for
 */
interface SecretBinding<T> {
    /**
     * The value of the referenced field, or of the whole secret.
     *
     * @throws SecretFormatException when there is no such field or it does not fit; the message holds no value
     */
    T bind(SecretReference reference, SecretAnswer answer);

    /** Loads what binding needs of the Java runtime, with nothing to bind; does nothing when that would call a user's function. */
    default void loadAhead() {}

    /**
     * What of the secret the value is made of: when it is the same, so is the value. Null for what need not be there and is not.
     *
     * @throws SecretFormatException when there is no such field
     */
    default @Nullable SecretValue selected(SecretReference reference, SecretValue data) {
        return SelectedField.of(reference, data);
    }

    /** Whether each use gets a value of its own: arrays, which their users may wipe. */
    boolean freshEachTime();

    /** The binding to a type. */
    @SuppressWarnings("unchecked") // ResponseBinding is for that very class
    static <T> SecretBinding<T> of(SecretType<T> type) {
        return type.raw() == VaultResponse.class ? (SecretBinding<T>) new ResponseBinding() : new TypeBinding<>(type);
    }

    /** The binding by a function of the user, which gets the field or the whole secret. */
    static <T> SecretBinding<T> of(Function<SecretValue, T> function) {
        return new FunctionBinding<>(function);
    }
}
