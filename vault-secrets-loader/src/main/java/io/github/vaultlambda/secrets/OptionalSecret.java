package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultNotFoundException;
import java.util.Optional;

/**
 * A secret that need not be there. That it is not is known for as long as other refusals are believed
 * ({@link SecretOptions#refusalTtl}). Thread-safe.
 */
final class OptionalSecret<T> implements Secret<Optional<T>> {
    private final CachedSecret<Optional<T>> secret;

    OptionalSecret(CachedSecret<Optional<T>> secret) {
        this.secret = secret;
    }

    /** What there is when there is something. */
    CachedSecret<Optional<T>> secret() {
        return secret;
    }

    @Override
    public Optional<T> get() {
        try {
            return secret.get();
        } catch (VaultNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<T> get(Deadline deadline) {
        try {
            return secret.get(deadline);
        } catch (VaultNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<T> refresh() {
        try {
            return secret.refresh();
        } catch (VaultNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<T> refresh(Deadline deadline) {
        try {
            return secret.refresh(deadline);
        } catch (VaultNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public SecretState<Optional<T>> state() {
        try {
            return secret.state();
        } catch (VaultNotFoundException e) {
            return absent();
        }
    }

    @Override
    public SecretState<Optional<T>> state(Deadline deadline) {
        try {
            return secret.state(deadline);
        } catch (VaultNotFoundException e) {
            return absent();
        }
    }

    private SecretState<Optional<T>> absent() {
        return new SecretState<>(Optional.empty(), null, secret.now(), null, false);
    }

    @Override
    public Subscription onChange(SecretListener<? super Optional<T>> listener) {
        return secret.onChange(listener);
    }

    @Override
    public SecretReference reference() {
        return secret.reference();
    }

    /** The reference; never the value. */
    @Override
    public String toString() {
        return secret.toString();
    }
}
