package io.github.vaultlambda.secrets;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.config.VaultConfig;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of one Vault, as one role.
 *
 * <pre>{@code
 * VaultSecrets vault = VaultSecrets.fromEnvironment();
 * Secret<String> password = vault.secret("secret/data/orders/db#password");
 * connect(password.get());
 * }</pre>
 *
 * <p>Nothing is read, and no login made, before the first secret is asked for its value. Thread-safe.
 */
public final class VaultSecrets {
    /** How old a value may be where {@code VAULT_DEFAULT_CACHE_TTL} says nothing: one minute. */
    public static final Duration DEFAULT_TTL = Duration.ofMinutes(1);

    private final VaultSession session;
    private final SecretStore store;

    private VaultSecrets(VaultSession session, @Nullable Duration ttl) {
        this.session = session;
        this.store = new SecretStore(session.client(), session.platform().clock(), ttl == null ? DEFAULT_TTL : ttl);
    }

    /**
     * The secrets of the role of this function, configured by the variables of this process; the same object for all callers,
     * so that a process logs in once.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException with every fault in one message
     */
    public static VaultSecrets fromEnvironment() {
        return OfThisProcess.get();
    }

    /** As {@link #fromEnvironment()}, with variables from the caller and a new object for each call. */
    public static VaultSecrets fromEnvironment(Map<String, String> environment) {
        return of(VaultSession.fromEnvironment(environment));
    }

    /** Secrets of any session, as fresh as its configuration asks ({@link VaultConfig#cacheTtl()}). */
    public static VaultSecrets of(VaultSession session) {
        return of(session, session.config().cacheTtl());
    }

    /**
     * Secrets of any session.
     *
     * @param ttl how old a value may be before it is read again, or null for {@link #DEFAULT_TTL}; a secret with a shorter
     *     lease is read again at the lease's end
     */
    public static VaultSecrets of(VaultSession session, @Nullable Duration ttl) {
        return new VaultSecrets(session, ttl);
    }

    /**
     * A secret as text: a field such as {@code secret/data/orders/db#password}, or without a field the whole secret as JSON.
     *
     * @throws IllegalArgumentException when the reference is malformed
     */
    public Secret<String> secret(String reference) {
        return secret(reference, String.class);
    }

    /**
     * A secret in a type of its own: text, number, boolean, {@link io.github.vaultlambda.client.SecretValue}, a map, a record
     * or any class that Jackson can read.
     *
     * @throws IllegalArgumentException when the reference is malformed
     */
    public <T> Secret<T> secret(String reference, Class<T> type) {
        return new CachedSecret<>(store, SecretReference.parse(reference), new TypeBinding<>(type));
    }

    /** The session that the secrets are read with. */
    public VaultSession session() {
        return session;
    }

    /** Not an eager static field: a faulty configuration must be reported each time it is asked for, not once. */
    private static final class OfThisProcess {
        private static @Nullable VaultSecrets instance;

        static synchronized VaultSecrets get() {
            VaultSecrets known = instance;
            if (known == null) {
                known = fromEnvironment(System.getenv());
                instance = known;
            }
            return known;
        }
    }
}
