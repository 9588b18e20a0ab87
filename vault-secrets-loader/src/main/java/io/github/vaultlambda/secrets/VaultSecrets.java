package io.github.vaultlambda.secrets;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
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
public final class VaultSecrets implements AutoCloseable {
    private static final Log LOG = Log.of(VaultSecrets.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    /** Those of this process that are in use. */
    private static final Set<VaultSecrets> ALL = Collections.newSetFromMap(new WeakHashMap<>());

    private final VaultSession session;
    private final SecretOptions options;
    private final boolean revokesLeases;
    private final SecretStore store;
    private final Prefetch prefetch;

    private VaultSecrets(Builder builder) {
        this.session = builder.session;
        this.options = builder.options;
        this.revokesLeases = builder.revokesLeases;
        this.store = new SecretStore(builder);
        this.prefetch = new Prefetch(builder.executor);
        synchronized (ALL) {
            ALL.add(this);
        }
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
        EnvironmentSettings settings = EnvironmentSettings.of(environment);
        SecretOptions options = SecretSettings.options(settings);
        boolean revokesLeases = SecretSettings.revokesLeases(settings);
        return builder(VaultSession.fromEnvironment(settings))
                .options(options)
                .revokeLeasesOnClose(revokesLeases)
                .build();
    }

    /** Secrets of any session, with {@link SecretOptions#defaults()}. */
    public static VaultSecrets of(VaultSession session) {
        return builder(session).build();
    }

    /** Builds secrets of a session that have more to them than {@link #of}. */
    public static Builder builder(VaultSession session) {
        return new Builder(session);
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
     * A secret in a type of its own: see {@link #secret(SecretReference, Class, SecretOptions)}.
     *
     * @throws IllegalArgumentException when the reference is malformed
     */
    public <T> Secret<T> secret(String reference, Class<T> type) {
        return secret(SecretReference.parse(reference), type, options);
    }

    /** A secret in a type of its own: see {@link #secret(SecretReference, Class, SecretOptions)}. */
    public <T> Secret<T> secret(SecretReference reference, Class<T> type) {
        return secret(reference, type, options);
    }

    /**
     * A secret in a type of its own.
     *
     * @param type text, a number, a boolean, an enum, {@code byte[]} (from base64), {@code char[]}, {@link SecretValue}, a map, a
     *     list, a record, or any class that Jackson can read; {@link VaultResponse} is Vault's whole answer, for a reference
     *     without a field. What does not fit the type is a {@link SecretFormatException} when the secret is asked for
     */
    public <T> Secret<T> secret(SecretReference reference, Class<T> type, SecretOptions options) {
        return secret(reference, SecretType.of(type), options);
    }

    /**
     * A secret in a type with arguments: see {@link #secret(SecretReference, SecretType, SecretOptions)}.
     *
     * @throws IllegalArgumentException when the reference is malformed
     */
    public <T> Secret<T> secret(String reference, SecretType<T> type) {
        return secret(SecretReference.parse(reference), type, options);
    }

    /**
     * A secret in a type with arguments, such as {@code List<Integer>}. One in an {@link Optional} need not be there: it is empty
     * when Vault has no such secret or the secret no such field. Vault is asked again for what it does not have after
     * {@link SecretOptions#refusalTtl()}. That a secret comes into being or is deleted is no change that listeners are told of.
     */
    public <T> Secret<T> secret(SecretReference reference, SecretType<T> type, SecretOptions options) {
        SecretType<?> content = Objects.requireNonNull(type, "type").optional();
        return content == null
                ? cached(reference, SecretBinding.of(type), options)
                : optional(reference, content, options);
    }

    @SuppressWarnings("unchecked") // a T that is an Optional of a C
    private <T, C> Secret<T> optional(SecretReference reference, SecretType<C> content, SecretOptions options) {
        return (Secret<T>)
                new OptionalSecret<>(cached(reference, new OptionalBinding<>(SecretBinding.of(content)), options));
    }

    private <T> CachedSecret<T> cached(SecretReference reference, SecretBinding<T> binding, SecretOptions options) {
        return new CachedSecret<>(
                store,
                Objects.requireNonNull(reference, "reference"),
                binding,
                Objects.requireNonNull(options, "options"));
    }

    /**
     * A secret in whatever a function makes of it. The function is called once for each new value; what it throws becomes a
     * {@link SecretFormatException} without its message, which may quote the secret.
     */
    public <T> Secret<T> secret(SecretReference reference, Function<SecretValue, T> binding, SecretOptions options) {
        return cached(reference, SecretBinding.of(Objects.requireNonNull(binding, "binding")), options);
    }

    /**
     * Secrets that are asked for together: for the price of one, and as they are at one moment.
     *
     * @param secrets of this object, in the order in which the group hands them out
     * @throws IllegalArgumentException when one is of another object
     */
    public SecretGroup group(List<? extends Secret<?>> secrets) {
        return new SecretGroup(store, prefetch, secrets);
    }

    /**
     * Reads secrets side by side, so that later uses find them; those that are fresh are left alone. To be called while the
     * function is initialised. One login serves all.
     *
     * @param deadline until when to wait
     * @throws io.github.vaultlambda.client.VaultException the first failure, when all have ended; it carries the others as
     *     suppressed ones
     */
    public void prefetch(Deadline deadline, Collection<? extends Secret<?>> secrets) {
        prefetch.run(deadline, List.copyOf(secrets));
    }

    /** As {@link #prefetch(Deadline, Collection)}, with the configured time-out. */
    public void prefetch(Secret<?>... secrets) {
        prefetch.run(session.client().newDeadline(), List.of(secrets));
    }

    /**
     * Exchanges a wrapping token for the secret that was wrapped, which works once; nothing of it is kept.
     *
     * @throws io.github.vaultlambda.client.VaultRequestException when the token has been used already or has come to its end
     * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/response-wrapping">Vault: response wrapping</a>
     */
    public VaultResponse unwrap(SecretValue wrappingToken, Deadline deadline) {
        return session.client().unwrap(wrappingToken, deadline);
    }

    /** How fresh secrets are kept that have no options of their own. */
    public SecretOptions options() {
        return options;
    }

    /** The session that the secrets are read with. */
    public VaultSession session() {
        return session;
    }

    /**
     * Forgets everything that must not outlive a snapshot of the process: values, tokens, connections. Nothing is ended at Vault.
     * All secrets can be used afterwards, and are read anew.
     */
    public void forget() {
        store.forget();
        session.forget();
    }

    /** As {@link #forget()}, for all secrets of this process, however they were made. */
    public static void forgetAll() {
        List<VaultSecrets> all;
        synchronized (ALL) {
            all = new ArrayList<>(ALL);
        }
        for (VaultSecrets secrets : all) {
            secrets.forget();
        }
    }

    /**
     * Loads what the first login and the first read of these secrets need of the Java runtime and of their types, without asking
     * Vault and without anything secret: to be called before a snapshot of the process is taken, so that it is not done after each
     * restore. Takes up to a second in a fresh process. Constructors of classes that Jackson makes may be called, with no values.
     */
    public void loadAhead(Collection<? extends Secret<?>> secrets) {
        session.loadAhead();
        try {
            DryRun.run(SecretReference.parse("secret/data/nothing#nothing"));
        } catch (IOException | VaultException e) {
            LOG.debug("Not all could be loaded ahead: {}", e.toString());
        }
        for (Secret<?> secret : secrets) {
            CachedSecret<?> cached = CachedSecret.behind(secret);
            if (cached != null) {
                cached.loadAhead();
            }
        }
    }

    /** As {@link #close(Deadline)}, within a second. */
    @Override
    public void close() {
        close(session.endpoint().deadlineIn(CLOSE_TIMEOUT));
    }

    /**
     * Ends these secrets and their session: leases and token are revoked where that was asked for, as far as the time goes, and no
     * value is kept. Closing twice does nothing; a secret that is asked afterwards throws {@code IllegalStateException}.
     */
    public void close(Deadline deadline) {
        if (revokesLeases) {
            boolean more = session.config().revokeOnClose(); // which ends what is left of the leases too
            store.leases().revokeAll(more ? deadline.within(deadline.remaining().dividedBy(2)) : deadline);
        }
        store.forget();
        session.close(deadline);
    }

    /** Builds {@link VaultSecrets}. Not thread-safe. */
    public static final class Builder {
        private static final long DEFAULT_MAX_BYTES = 8L << 20;

        final VaultSession session;
        final Mounts mounts;
        final List<SecretsListener> listeners = new ArrayList<>();
        SecretOptions options = SecretOptions.defaults();
        Executor executor = new BackgroundThreads();
        long maxBytes = DEFAULT_MAX_BYTES;
        boolean revokesLeases;

        private Builder(VaultSession session) {
            this.session = Objects.requireNonNull(session, "session");
            this.mounts = new Mounts(session.platform().clock());
        }

        /** For secrets without options of their own; default {@link SecretOptions#defaults()}. */
        public Builder options(SecretOptions value) {
            this.options = Objects.requireNonNull(value, "options");
            return this;
        }

        /** Adds a listener; they are told in the order in which they were added. */
        public Builder listener(SecretsListener value) {
            listeners.add(Objects.requireNonNull(value, "listener"));
            return this;
        }

        /**
         * What reads ahead and side by side; default up to eight daemon threads, which end when there is nothing to do. What
         * it refuses is read by the callers themselves when they need it; one that works in the caller's thread makes them wait.
         */
        public Builder executor(Executor value) {
            this.executor = Objects.requireNonNull(value, "executor");
            return this;
        }

        /**
         * About how much memory values may take that are kept for further use, in bytes; default 8 MiB. Beyond it, those that are
         * used least are read again when they are needed. Values with a lease do not count and are never thrown out.
         */
        public Builder maxBytes(long value) {
            if (value <= 0) {
                throw new IllegalArgumentException("maxBytes is not above zero");
            }
            this.maxBytes = value;
            return this;
        }

        /** Whether {@link VaultSecrets#close} revokes the leases that are alive; default false: they run out by themselves. */
        public Builder revokeLeasesOnClose(boolean value) {
            this.revokesLeases = value;
            return this;
        }

        /**
         * Tells which version a KV engine has, so that it need not be found out.
         *
         * @param path where it is mounted, such as {@code team/kv}
         * @param version 1 or 2
         */
        public Builder mount(String path, int version) {
            mounts.tell(path, version);
            return this;
        }

        /** The secrets. Does not touch the network. */
        public VaultSecrets build() {
            return new VaultSecrets(this);
        }
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
