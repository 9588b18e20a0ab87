package io.github.vaultlambda.secrets;

import io.github.vaultlambda.auth.SessionListener;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.client.internal.SingleFlight;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.SecretReference.Source;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was read from Vault, shared by all secrets of one source: read when it is asked for and too old, once however many threads
 * ask. All is judged at use, by wall clock; what happens in the background is begun by a use and never needed. Vault is asked
 * outside of all locks. Thread-safe.
 */
final class SecretStore {
    private static final Log LOG = Log.of(SecretStore.class);
    /** Between two requests that a caller's {@link Secret#refresh()} makes for one source. */
    private static final long REFRESH_FLOOR_MILLIS = 1_000;
    /** While an old value could serve, nobody waits long for a new one. */
    private static final Duration PATIENCE_WITH_VALUE = Duration.ofSeconds(2);

    private static final int MOST_TROUBLES = 1_000;
    private static final long ALWAYS = Long.MIN_VALUE;

    private final VaultClient client;
    private final VaultSession session;
    private final SecretReader reader;
    private final InstantSource clock;
    private final long tokenGraceMillis;
    private final Executor executor;
    private final LeaseKeeper leases;
    private final Rotations rotations = new Rotations();
    private final @Nullable SecretsListener events;
    private final ReadingCache readings;
    private final ConcurrentMap<Source, Trouble> troubles = new ConcurrentHashMap<>();
    private final SingleFlight<Source, Reading> flights = new SingleFlight<>();
    /** What is being read ahead. */
    private final Set<Source> ahead = ConcurrentHashMap.newKeySet();

    private final Set<CachedSecret<?>> handles = Collections.newSetFromMap(new WeakHashMap<>());
    /** Grows when values that are already handed out must be looked at anew. */
    private volatile int epoch;
    /** Grows when what is being read must not be kept any more. */
    private volatile int forgotten;

    SecretStore(VaultSecrets.Builder builder) {
        this.session = builder.session;
        this.client = session.client();
        this.reader = new SecretReader(client, builder.mounts);
        this.clock = session.platform().clock();
        this.tokenGraceMillis = session.config().tokenGrace().toMillis();
        this.executor = builder.executor;
        this.leases = new LeaseKeeper(session);
        this.events = builder.listeners.isEmpty() ? null : new SecretsEvents(builder.listeners);
        this.readings = new ReadingCache(builder.maxBytes);
        session.addListener(new TokenWatch());
    }

    /**
     * A reading that may be handed out now.
     *
     * @param quietUntilMillis until when it may be handed out again without a look at the store
     * @param stale whether it is too old, but Vault cannot be asked
     */
    record Held(Reading reading, long quietUntilMillis, boolean stale, int epoch) {}

    long nowMillis() {
        return clock.millis();
    }

    int epoch() {
        return epoch;
    }

    @Nullable
    SecretsListener events() {
        return events;
    }

    void add(CachedSecret<?> handle) {
        synchronized (handles) {
            handles.add(handle);
        }
    }

    Rotations rotations() {
        return rotations;
    }

    LeaseKeeper leases() {
        return leases;
    }

    /**
     * What to hand out now; asks Vault when there is nothing fresh.
     *
     * @param deadline until when Vault may be waited for; null for the client's time-out
     * @throws VaultException when there is nothing that may be handed out
     */
    Held obtain(SecretReference reference, SecretOptions options, @Nullable Deadline deadline) {
        return obtain(reference, options, deadline, ALWAYS);
    }

    /** As {@link #obtain}, but what was read more than a second ago does not count as fresh. */
    Held refresh(SecretReference reference, SecretOptions options, @Nullable Deadline deadline) {
        return obtain(reference, options, deadline, clock.millis() - REFRESH_FLOOR_MILLIS);
    }

    private Held obtain(SecretReference reference, SecretOptions options, @Nullable Deadline deadline, long readAfter) {
        Source source = reference.source();
        int seen = epoch;
        long now = clock.millis();
        Reading kept = readings.get(source);
        if (kept != null && rotations.isTelling(source)) {
            return new Held(kept, ALWAYS, false, seen);
        }
        Trouble trouble = troubles.get(source);
        if (trouble != null && !trouble.holdsAt(now)) {
            trouble = null;
        }
        if (kept != null && kept.isFreshAt(now, options) && kept.readAtMillis() > readAfter) {
            Held held = fresh(reference, options, kept, now, trouble, seen);
            if (held != null) {
                return held;
            }
        } else if (trouble != null && trouble.sinceMillis() > readAfter) {
            if (trouble.refusal()) {
                throw trouble.failure();
            }
            if (kept != null && kept.isServableAt(now, options)) {
                return stale(reference, options, kept, now, trouble, seen);
            }
        }
        return asked(reference, options, deadline, readAfter, kept, seen);
    }

    /** A fresh reading is handed out, and read ahead when it is due; null when its lease is to be renewed before. */
    private @Nullable Held fresh(
            SecretReference reference,
            SecretOptions options,
            Reading kept,
            long now,
            @Nullable Trouble trouble,
            int seen) {
        long quietUntil = kept.dueAt(options, tokenGraceMillis);
        if (now >= quietUntil) {
            if (trouble != null) {
                quietUntil = Math.min(trouble.untilMillis(), kept.freshUntil(options));
            } else if (options.refreshAhead()) {
                readAhead(reference, options);
            } else if (kept.lease() == null) {
                quietUntil = kept.freshUntil(options);
            } else {
                return null;
            }
        }
        if (events != null) {
            events.hit(reference);
        }
        return new Held(kept, quietUntil, false, seen);
    }

    private Held stale(
            SecretReference reference, SecretOptions options, Reading kept, long now, Trouble trouble, int seen) {
        if (events != null) {
            events.servedStale(reference, Duration.ofMillis(now - kept.readAtMillis()));
        }
        return new Held(kept, Math.min(trouble.untilMillis(), kept.servableUntil(options)), true, seen);
    }

    private Held asked(
            SecretReference reference,
            SecretOptions options,
            @Nullable Deadline deadline,
            long readAfter,
            @Nullable Reading kept,
            int seen) {
        if (events != null) {
            events.missed(reference);
        }
        long start = clock.millis();
        Deadline end = deadline == null ? client.newDeadline() : deadline;
        Deadline limit = kept != null && kept.isServableAt(start, options) ? end.within(PATIENCE_WITH_VALUE) : end;
        try {
            while (true) {
                Fetch mine = new Fetch(reference, options, limit, readAfter);
                Reading reading = flights.run(reference.source(), limit, mine);
                long now = clock.millis();
                // Another thread's reading may be too old for this one, who wants it fresher, or asked later.
                if (mine.ran || reading.readAtMillis() >= start || mine.suffices(reading, now)) {
                    return new Held(reading, Math.max(now, reading.dueAt(options, tokenGraceMillis)), false, seen);
                }
            }
        } catch (VaultUnavailableException e) {
            long now = clock.millis();
            Reading old = readings.get(reference.source());
            if (old == null || !old.isServableAt(now, options)) {
                throw e;
            }
            Trouble trouble = noteOutage(reference, e, now);
            if (old.isFreshAt(now, options)) {
                return new Held(old, Math.min(trouble.untilMillis(), old.freshUntil(options)), false, seen);
            }
            return stale(reference, options, old, now, trouble, seen);
        }
    }

    private Trouble noteOutage(SecretReference reference, VaultUnavailableException failure, long now) {
        Trouble known = troubles.get(reference.source());
        if (known != null && !known.refusal() && known.holdsAt(now)) {
            return known; // noted by another thread that waited for the same
        }
        Trouble trouble =
                Trouble.outage(failure, now, known, session.platform().random().nextDouble());
        note(reference.source(), trouble, now);
        if (trouble.failures() == 1) {
            LOG.warn("{} cannot be read anew, so its old value serves on: {}", reference, failure.getMessage());
        }
        return trouble;
    }

    private void note(Source source, Trouble trouble, long now) {
        if (troubles.size() >= MOST_TROUBLES) {
            troubles.values().removeIf(other -> !other.holdsAt(now));
            if (troubles.size() >= MOST_TROUBLES) {
                troubles.clear();
            }
        }
        troubles.put(source, trouble);
    }

    private void readAhead(SecretReference reference, SecretOptions options) {
        if (!ahead.add(reference.source())) {
            return;
        }
        try {
            executor.execute(new ReadAhead(reference, options));
        } catch (RejectedExecutionException e) {
            ahead.remove(reference.source());
        }
    }

    /** Reads a secret that is due, while its value is still fresh. */
    private final class ReadAhead implements Runnable {
        private final SecretReference reference;
        private final SecretOptions options;

        ReadAhead(SecretReference reference, SecretOptions options) {
            this.reference = reference;
            this.options = options;
        }

        @Override
        public void run() {
            Deadline deadline = client.newDeadline();
            try {
                flights.run(reference.source(), deadline, new Fetch(reference, options, deadline, ALWAYS));
            } catch (VaultUnavailableException e) {
                noteOutage(reference, e, clock.millis());
            } catch (VaultException e) {
                LOG.warn("{} is refused: {}", reference, e.getMessage());
            } catch (IllegalStateException e) {
                LOG.debug("{} is not read ahead: {}", reference, e.getMessage()); // the session is closed
            } finally {
                ahead.remove(reference.source());
            }
        }
    }

    /** One request to Vault. A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private final class Fetch implements Supplier<Reading> {
        private final SecretReference reference;
        private final SecretOptions options;
        private final Deadline deadline;
        private final long readAfter;
        /** Whether this thread asked Vault, rather than wait for another. */
        private boolean ran;

        Fetch(SecretReference reference, SecretOptions options, Deadline deadline, long readAfter) {
            this.reference = reference;
            this.options = options;
            this.deadline = deadline;
            this.readAfter = readAfter;
        }

        /** Whether this reading needs no request now. */
        boolean suffices(Reading reading, long now) {
            return reading.readAtMillis() > readAfter
                    && reading.isFreshAt(now, options)
                    && now < reading.dueAt(options, tokenGraceMillis);
        }

        @Override
        public Reading get() {
            Reading latest = readings.get(reference.source());
            if (latest != null && suffices(latest, clock.millis())) {
                return latest; // another thread was quicker
            }
            ran = true;
            int begunIn = forgotten;
            long start = System.nanoTime();
            try {
                if (latest != null && latest.lease() != null && latest.readAtMillis() > readAfter) {
                    Reading tended = tended(start);
                    if (tended != null) {
                        return tended;
                    }
                }
                SecretAnswer answer = reader.read(reference, deadline);
                Reading next = Reading.of(answer, session.platform().random().nextDouble());
                LOG.debug("Read {}", reference);
                arrived(latest, next, begunIn, System.nanoTime() - start);
                return next;
            } catch (VaultException e) {
                failed(e, System.nanoTime() - start);
                throw e;
            }
        }

        /** The reading with its lease renewed, or null when the secret is to be read anew. */
        private @Nullable Reading tended(long start) {
            session.token(deadline); // which may renew the token that the lease hangs on
            Reading latest = readings.get(reference.source());
            long now = clock.millis();
            if (latest == null || latest.lease() == null || now >= latest.freshUntil(options)) {
                return null;
            }
            if (suffices(latest, now)) {
                return latest;
            }
            Lease lease = latest.lease();
            if (!lease.renewable() || lease.isCutByToken()) {
                return null;
            }
            Reading renewed = latest.with(leases.renew(lease, options, deadline));
            if (!replaced(latest, renewed)) {
                return null; // the token was dropped meanwhile, and the lease with it
            }
            troubles.remove(reference.source());
            if (!suffices(renewed, clock.millis())) {
                return null; // refused, or its maximum TTL is near
            }
            if (events != null) {
                events.renewed(
                        reference,
                        Duration.ofNanos(System.nanoTime() - start),
                        Duration.ofMillis(renewed.endsAtMillis() - clock.millis()));
            }
            return renewed;
        }

        private void arrived(@Nullable Reading before, Reading next, int begunIn, long nanos) {
            Source source = reference.source();
            Lease lease = next.lease();
            if (lease != null) {
                leases.keep(lease, clock.millis());
            }
            if (begunIn == forgotten) {
                rotations.rotate(source, before, next, new Put(source, next));
            } // else what was read before a snapshot or the like is not kept
            troubles.remove(source);
            if (events != null) {
                events.refreshed(
                        reference,
                        Duration.ofNanos(nanos),
                        before != null && !before.data().equals(next.data()));
            }
        }

        private void failed(VaultException failure, long nanos) {
            long now = clock.millis();
            if (!(failure instanceof VaultUnavailableException)) {
                Reading latest = readings.get(reference.source());
                if (latest != null) {
                    replaced(latest, latest.afterRefusal());
                }
                long pause = options.refusalTtl().toMillis();
                if (pause > 0 && !(failure instanceof VaultLoginException)) {
                    note(reference.source(), Trouble.refusal(failure, now, pause), now);
                }
            }
            if (events != null) {
                events.failed(reference, Duration.ofNanos(nanos), failure);
            }
        }

        private boolean replaced(Reading old, Reading other) {
            return readings.replace(reference.source(), old, other);
        }
    }

    private final class Put implements Runnable {
        private final Source source;
        private final Reading reading;

        Put(Source source, Reading reading) {
            this.source = source;
            this.reading = reading;
        }

        @Override
        public void run() {
            readings.put(source, reading);
        }
    }

    /** Keeps nothing that was read, and ends nothing at Vault: as after the start of the process. */
    void forget() {
        synchronized (handles) {
            forgotten++;
            epoch++;
            for (CachedSecret<?> handle : handles) {
                handle.forget();
            }
        }
        readings.clear();
        troubles.clear();
        leases.forget();
    }

    /** Leases end with the token that they hang on. */
    private final class TokenWatch implements SessionListener {
        @Override
        public void renewed(VaultToken token) {
            for (Map.Entry<Source, Reading> entry : readings.leased()) {
                Reading reading = entry.getValue();
                Lease lease = reading.lease();
                if (lease != null && lease.hangsOn(token)) {
                    readings.replace(entry.getKey(), reading, reading.with(lease.hangingOn(token)));
                }
            }
        }

        @Override
        public void dropped(VaultToken token, Reason reason) {
            if (reason == Reason.EXPIRED || reason == Reason.INVALIDATED) {
                return; // it lives to its end, which its leases know
            }
            boolean any = false;
            long now = clock.millis();
            for (Map.Entry<Source, Reading> entry : readings.leased()) {
                Reading reading = entry.getValue();
                Lease lease = reading.lease();
                if (lease != null && lease.hangsOn(token)) {
                    any |= readings.replace(entry.getKey(), reading, reading.with(lease.endedAt(now)));
                }
            }
            if (any) {
                synchronized (handles) {
                    epoch++;
                }
            }
        }
    }
}
