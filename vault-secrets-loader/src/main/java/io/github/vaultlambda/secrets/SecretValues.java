package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.secrets.CachedSecret.Bound;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of a {@link SecretGroup} as they were at one moment: what is read from one secret of Vault comes from one answer.
 * Immutable as far as the values are, and thread-safe.
 */
public final class SecretValues {
    private final Part<?>[] parts;
    private final @Nullable VaultException failure;

    SecretValues(Part<?>[] parts, @Nullable VaultException failure) {
        this.parts = parts;
        this.failure = failure;
    }

    /** The value of one secret. Immutable. */
    static final class Part<T> {
        final CachedSecret<T> secret;
        /** Null when there is none. */
        final @Nullable Bound<T> bound;
        /** What there is in its place. */
        private final @Nullable Object absent;
        /** Why it could not be had anew; only in a forgiving group. */
        final @Nullable Trouble trouble;

        Part(CachedSecret<T> secret, @Nullable Bound<T> bound, @Nullable Object absent, @Nullable Trouble trouble) {
            this.secret = secret;
            this.bound = bound;
            this.absent = absent;
            this.trouble = trouble;
        }

        /** This, in spite of what happened when it was to be had anew. */
        Part<T> despite(Trouble failed) {
            return new Part<>(secret, bound, absent, failed);
        }

        @Nullable
        Object value() {
            return bound == null ? absent : secret.value(bound);
        }

        boolean isNothing() {
            return bound == null && absent == null;
        }

        @SuppressWarnings("ReferenceEquality") // a look at the values is only needed where the objects differ
        boolean isSame(Part<?> other) {
            Bound<T> mine = bound;
            Bound<?> theirs = other.bound;
            if (mine == null || theirs == null) {
                return mine == theirs && Objects.equals(absent, other.absent);
            }
            return mine.value == theirs.value || secret.isSameValue(mine.reading, theirs.reading);
        }
    }

    /** How many there are. */
    public int size() {
        return parts.length;
    }

    /**
     * The value of the group's secret at this place, from 0; {@code byte[]} and {@code char[]} are new ones for each call. Null
     * only in a {@linkplain SecretGroup#forgiving() forgiving} group, of a secret that could never be had.
     */
    public @Nullable Object get(int index) {
        return parts[index].value();
    }

    /** Whether another set of the same group has the same value at this place. */
    public boolean isSame(int index, SecretValues other) {
        return parts[index].isSame(other.parts[index]);
    }

    /**
     * Why some of the values could not be had as fresh as they should be; the failures of others are suppressed ones of it. Null
     * when nothing is wrong, and always so in a group that is not {@linkplain SecretGroup#forgiving() forgiving}.
     */
    public @Nullable VaultException failure() {
        return failure;
    }

    Part<?> part(int index) {
        return parts[index];
    }

    /** Whether all of it is the same, so that this object can stand for the other. */
    boolean isSame(SecretValues other) {
        if (!Objects.equals(failure, other.failure)) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            if (!isSame(i, other)) {
                return false;
            }
        }
        return true;
    }

    /** Whether something of it was read after what another set of the same group has of it. */
    public boolean isNewerThan(SecretValues other) {
        for (int i = 0; i < parts.length; i++) {
            Bound<?> mine = parts[i].bound;
            Bound<?> theirs = other.parts[i].bound;
            if (mine != null && theirs != null && mine.reading.isNewerThan(theirs.reading)) {
                return true;
            }
        }
        return false;
    }

    /** How many there are; never a value. */
    @Override
    public String toString() {
        return "SecretValues[" + parts.length + "]";
    }
}
