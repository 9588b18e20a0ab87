package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.log.Log;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Several listeners as one, none of which can disturb the others or the reading of secrets. Thread-safe. */
final class SecretsEvents implements SecretsListener {
    private static final Log LOG = Log.of(SecretsEvents.class);

    private final SecretsListener[] listeners;

    SecretsEvents(List<SecretsListener> listeners) {
        this.listeners = listeners.toArray(new SecretsListener[0]);
    }

    @Override
    public void hit(SecretReference secret) {
        tell(listener -> listener.hit(secret));
    }

    @Override
    public void missed(SecretReference secret) {
        tell(listener -> listener.missed(secret));
    }

    @Override
    public void refreshed(SecretReference secret, Duration inVault, boolean changed) {
        tell(listener -> listener.refreshed(secret, inVault, changed));
    }

    @Override
    public void renewed(SecretReference secret, Duration inVault, Duration ttl) {
        tell(listener -> listener.renewed(secret, inVault, ttl));
    }

    @Override
    public void servedStale(SecretReference secret, Duration age) {
        tell(listener -> listener.servedStale(secret, age));
    }

    @Override
    public void failed(SecretReference secret, Duration inVault, VaultException failure) {
        tell(listener -> listener.failed(secret, inVault, failure));
    }

    private void tell(Consumer<SecretsListener> event) {
        for (SecretsListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("A listener failed: {}", listener.getClass().getName(), e);
            }
        }
    }
}
