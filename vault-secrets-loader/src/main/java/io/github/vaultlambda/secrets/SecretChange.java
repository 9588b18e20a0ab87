package io.github.vaultlambda.secrets;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change of a secret's value. Immutable as far as its values are; thread-safe.
 *
 * @param <T> the type of the values
 */
public final class SecretChange<T> {
    private final Secret<? extends T> secret;
    private final T before;
    private final T after;
    private final @Nullable Instant beforeEndsAt;

    SecretChange(Secret<? extends T> secret, T before, T after, @Nullable Instant beforeEndsAt) {
        this.secret = secret;
        this.before = Objects.requireNonNull(before, "before");
        this.after = Objects.requireNonNull(after, "after");
        this.beforeEndsAt = beforeEndsAt;
    }

    /** The secret whose value changes. */
    public Secret<? extends T> secret() {
        return secret;
    }

    /** The old value. */
    public T before() {
        return before;
    }

    /** The new value. */
    public T after() {
        return after;
    }

    /**
     * When Vault ends the old value: with its lease. A moment in the past when it has been ended already; null when Vault does not
     * say, as for values of a KV engine.
     */
    public @Nullable Instant beforeEndsAt() {
        return beforeEndsAt;
    }

    /** The secret's name; never a value. */
    @Override
    public String toString() {
        return "SecretChange[" + secret.reference() + "]";
    }
}
