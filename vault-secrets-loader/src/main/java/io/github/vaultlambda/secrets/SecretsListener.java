package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultException;
import java.time.Duration;

/**
 * Is told what happens to all secrets of one {@link VaultSecrets}, for metrics and the like; of changed values a {@link
 * SecretListener} is told. Told in the thread that caused it. What a listener throws is logged and otherwise ignored.
 * Implementations are thread-safe and quick: a hit costs nanoseconds without them. They ask for no secret: a failure is told while
 * others wait for it.
 */
public interface SecretsListener {
    /** A value that is fresh was handed out without asking Vault. */
    default void hit(SecretReference secret) {}

    /** No fresh value was there, so that the caller waits for Vault. */
    default void missed(SecretReference secret) {}

    /**
     * Vault gave a value.
     *
     * @param inVault the time that it took, a login included
     * @param changed whether it is another than before; false for the first one
     */
    default void refreshed(SecretReference secret, Duration inVault, boolean changed) {}

    /** Vault renewed the secret's lease, which now lives for {@code ttl}. */
    default void renewed(SecretReference secret, Duration inVault, Duration ttl) {}

    /** A value that is {@code age} old was handed out, which is too old: see {@link SecretState#stale()}. */
    default void servedStale(SecretReference secret, Duration age) {}

    /**
     * Vault could not be asked, refused, or gave something that is no secret. When a stale value serves instead, {@link
     * #servedStale} is called as well.
     */
    default void failed(SecretReference secret, Duration inVault, VaultException failure) {}
}
