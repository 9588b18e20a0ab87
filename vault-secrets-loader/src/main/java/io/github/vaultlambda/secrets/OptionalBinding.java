package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What need not be there: a field that is missing or null is empty. */
final class OptionalBinding<T> implements SecretBinding<Optional<T>> {
    private final SecretBinding<T> content;

    OptionalBinding(SecretBinding<T> content) {
        this.content = content;
    }

    @Override
    public Optional<T> bind(SecretReference reference, SecretAnswer answer) {
        return selected(reference, answer.data()) == null
                ? Optional.empty()
                : Optional.of(content.bind(reference, answer));
    }

    @Override
    public @Nullable SecretValue selected(SecretReference reference, SecretValue data) {
        SecretValue value = SelectedField.orNull(reference, data);
        return value == null || value.isNull() ? null : value;
    }

    @Override
    public void loadAhead() {
        content.loadAhead();
    }

    @Override
    public boolean freshEachTime() {
        return content.freshEachTime();
    }
}
