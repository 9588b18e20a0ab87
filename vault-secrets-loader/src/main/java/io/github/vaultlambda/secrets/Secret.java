package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.Deadline;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A secret in the type that its user wants, read from Vault when it is first asked for and again when the kept value is too old.
 * Meant to be made once and asked at every use: asking costs nanoseconds while the value is fresh. Thread-safe.
 *
 * <p>How fresh, and for how long an old value serves while Vault cannot be reached, is said by {@link SecretOptions}. A renewable
 * lease is renewed when the secret is used and 60 to 70 % of the lease are over; one that is not used ends.
 *
 * @param <T> the type that the secret is handed out as
 */
public interface Secret<T> extends Supplier<T> {
    /**
     * The secret's value, not older than the configured freshness; waits for Vault when there is none, with the configured
     * time-out. The same object as before while the value has not changed; {@code byte[]} and {@code char[]} are new ones for
     * each caller, who may wipe them.
     *
     * @throws io.github.vaultlambda.client.VaultException one subclass per cause
     */
    @Override
    T get();

    /** As {@link #get()}, but waits for Vault until this deadline at most. */
    T get(Deadline deadline);

    /**
     * Asks Vault now, however fresh the kept value is: for a caller who has seen the value refused. Vault is asked at most once in
     * a second for it; in between this is {@link #get()}. Never waits for that second to pass.
     *
     * @throws io.github.vaultlambda.client.VaultException one subclass per cause
     */
    T refresh();

    /** As {@link #refresh()}, but waits for Vault until this deadline at most. */
    T refresh(Deadline deadline);

    /**
     * The value with its version and its end, read under the same rules as {@link #get()}.
     *
     * @throws io.github.vaultlambda.client.VaultException one subclass per cause
     */
    SecretState<T> state();

    /** As {@link #state()}, but waits for Vault until this deadline at most. */
    SecretState<T> state(Deadline deadline);

    /** The version of the value that {@link #get()} would give now; null when its engine counts none. */
    default @Nullable Integer version() {
        return state().version();
    }

    /** When Vault ends the value that {@link #get()} would give now; null when it has no end of its own. */
    default @Nullable Instant expiresAt() {
        return state().expiresAt();
    }

    /**
     * Tells the listener of each change of the value from now on; the first value counts as no change. Until the subscription is
     * closed the secret is not garbage, even if nobody else holds it.
     */
    Subscription onChange(SecretListener<? super T> listener);

    /** What the secret is read from, such as {@code secret/data/orders/db#password}. */
    SecretReference reference();
}
