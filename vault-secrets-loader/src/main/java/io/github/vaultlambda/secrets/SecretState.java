package io.github.vaultlambda.secrets;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A secret's value and what is known of its life. Immutable as far as the value is; thread-safe.
 *
 * @param <T> the type of the value
 */
public final class SecretState<T> {
    private final T value;
    private final @Nullable Integer version;
    private final Instant readAt;
    private final @Nullable Instant expiresAt;
    private final boolean stale;

    SecretState(T value, @Nullable Integer version, Instant readAt, @Nullable Instant expiresAt, boolean stale) {
        this.value = Objects.requireNonNull(value, "value");
        this.version = version;
        this.readAt = readAt;
        this.expiresAt = expiresAt;
        this.stale = stale;
    }

    /** The value, as {@link Secret#get()} gives it. */
    public T value() {
        return value;
    }

    /** The version, which only a KV v2 engine counts; null for all other secrets. */
    public @Nullable Integer version() {
        return version;
    }

    /** When Vault was asked for it. */
    public Instant readAt() {
        return readAt;
    }

    /**
     * When Vault ends the value: the end of its lease, of its certificate, or of its static role's period. Null when it has no end
     * of its own, as in a KV engine.
     */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /**
     * Whether it is older than it should be, because Vault could not be asked, or because listeners are just being told of a newer
     * one; see {@link SecretOptions#maxStale()}.
     */
    public boolean stale() {
        return stale;
    }

    /** Version, ages and end; never the value. */
    @Override
    public String toString() {
        return "SecretState[version=" + version + ", readAt=" + readAt + ", expiresAt=" + expiresAt + ", stale=" + stale
                + "]";
    }
}
