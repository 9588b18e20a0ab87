package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.log.Log;
import java.time.Duration;
import java.util.List;

/** Several listeners as one, none of which can disturb the others or the reading of secrets. Thread-safe. */
final class SecretsEvents implements SecretsListener {
    private static final Log LOG = Log.of(SecretsEvents.class);

    private final SecretsListener[] listeners;

    SecretsEvents(List<SecretsListener> listeners) {
        this.listeners = listeners.toArray(new SecretsListener[0]);
    }

    @Override
    public void hit(SecretReference secret) {
        for (SecretsListener listener : listeners) {
            try {
                listener.hit(secret);
            } catch (RuntimeException e) {
                logBroken(listener, e);
            }
        }
    }

    @Override
    public void missed(SecretReference secret) {
        for (SecretsListener listener : listeners) {
            try {
                listener.missed(secret);
            } catch (RuntimeException e) {
                logBroken(listener, e);
            }
        }
    }

    @Override
    public void refreshed(SecretReference secret, Duration inVault, boolean changed) {
        for (SecretsListener listener : listeners) {
            try {
                listener.refreshed(secret, inVault, changed);
            } catch (RuntimeException e) {
                logBroken(listener, e);
            }
        }
    }

    @Override
    public void renewed(SecretReference secret, Duration inVault, Duration ttl) {
        for (SecretsListener listener : listeners) {
            try {
                listener.renewed(secret, inVault, ttl);
            } catch (RuntimeException e) {
                logBroken(listener, e);
            }
        }
    }

    @Override
    public void servedStale(SecretReference secret, Duration age) {
        for (SecretsListener listener : listeners) {
            try {
                listener.servedStale(secret, age);
            } catch (RuntimeException e) {
                logBroken(listener, e);
            }
        }
    }

    @Override
    public void failed(SecretReference secret, Duration inVault, VaultException failure) {
        for (SecretsListener listener : listeners) {
            try {
                listener.failed(secret, inVault, failure);
            } catch (RuntimeException e) {
                logBroken(listener, e);
            }
        }
    }

    private static void logBroken(SecretsListener listener, RuntimeException e) {
        LOG.warn("A listener failed: {}", listener.getClass().getName(), e);
    }
}
