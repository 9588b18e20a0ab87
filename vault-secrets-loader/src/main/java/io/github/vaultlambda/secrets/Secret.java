package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.Deadline;
import java.util.function.Supplier;

/**
 * A secret in the type that its user wants, read from Vault when it is first asked for and again when the kept value is too
 * old. Meant to be made once and asked at every use: asking costs nanoseconds while the value is fresh. Thread-safe.
 *
 * @param <T> the type that the secret is handed out as
 */
public interface Secret<T> extends Supplier<T> {
    /**
     * The secret's value, not older than the configured freshness; waits for Vault when there is none, with the configured
     * time-out.
     *
     * @throws io.github.vaultlambda.client.VaultException one subclass per cause
     */
    @Override
    T get();

    /** As {@link #get()}, but waits for Vault until this deadline at most. */
    T get(Deadline deadline);

    /** What the secret is read from, such as {@code secret/data/orders/db#password}. */
    SecretReference reference();
}
