package io.github.vaultlambda.secrets;

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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
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

    /** So long one reading ahead is waited for before another is begun: an executor may lose its work. */
    private static final long LONGEST_AHEAD_MILLIS = 60_000;

    /** Who has not even so long for Vault learns nothing about it. */
    private static final long SHORTEST_TRIAL_MILLIS = 200;

    /** Who got no answer in this time need not try it with other secrets at once. */
    private static final long LONG_WAIT_MILLIS = 1_000;

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
    private final KeptReadings readings;
    private final Troubles troubles;
    private final SingleFlight<Source, Reading> flights = new SingleFlight<>();
    /** What is being read ahead, and since when. */
    private final ConcurrentMap<Source, Long> ahead = new ConcurrentHashMap<>();

    private final AtomicLong arrivals = new AtomicLong();

    SecretStore(VaultSecrets.Builder builder) {
        this.session = builder.session;
        this.client = session.client();
        this.reader = new SecretReader(client, builder.mounts);
        this.clock = session.platform().clock();
        this.tokenGraceMillis = session.config().tokenGrace().toMillis();
        this.executor = builder.executor;
        this.leases = new LeaseKeeper(session);
        this.events = builder.listeners.isEmpty() ? null : new SecretsEvents(builder.listeners);
        this.readings = new KeptReadings(clock, leases, builder.maxBytes);
        this.troubles = new Troubles(session.platform().random());
        session.addListener(readings);
    }

    /**
     * A reading that may be handed out now.
     *
     * @param quietUntilMillis until when it may be handed out again without a look at the store
     * @param judgedFromMillis before that moment the clock has been set back, and it is looked at anew
     * @param stale whether it is too old, but Vault cannot be asked
     */
    record Held(Reading reading, long quietUntilMillis, long judgedFromMillis, boolean stale, int epoch) {
        Held(Reading reading, long quietUntilMillis, int epoch) {
            this(reading, quietUntilMillis, reading.judgedFromMillis(), false, epoch);
        }
    }

    long nowMillis() {
        return clock.millis();
    }

    KeptReadings readings() {
        return readings;
    }

    Rotations rotations() {
        return rotations;
    }

    LeaseKeeper leases() {
        return leases;
    }

    /** A reading that may be handed out once, and is looked at anew after that. */
    Held undated(Reading reading) {
        return new Held(reading, ALWAYS, readings.epoch());
    }

    /** Whether who asks for it now has to wait for Vault, as far as can be told before. */
    boolean mustWait(SecretReference reference, SecretOptions options) {
        Reading kept = readings.get(reference.source());
        long now = clock.millis();
        return kept == null
                || !kept.isFreshAt(now, options)
                || (!options.refreshAhead() && now >= kept.dueAt(options, tokenGraceMillis));
    }

    /** Whether anybody wants to know what is handed out. */
    boolean isWatched() {
        return events != null;
    }

    RandomGenerator random() {
        return session.platform().random();
    }

    /** The deadline of who gave none. */
    Deadline newDeadline() {
        return client.newDeadline();
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
        int begunIn = readings.forgotten();
        int seen = readings.epoch();
        long now = clock.millis();
        Reading told = rotations.toldOf(source);
        if (told != null) {
            return new Held(told, ALWAYS, seen);
        }
        Reading kept = readings.get(source);
        Trouble trouble = readAfter == ALWAYS
                ? troubles.holdingOrSilent(source, now, options)
                : troubles.holding(source, now, options);
        if (kept != null && kept.isFreshAt(now, options) && isReadAfter(readAfter, kept, now)) {
            Held held = fresh(reference, options, kept, now, trouble, seen);
            if (held != null) {
                return held;
            }
        } else if (trouble != null && trouble.sinceMillis() > readAfter) {
            if (trouble.refusal()) {
                throw trouble.failure();
            }
            if (kept != null && kept.isServableAt(now, options)) {
                if (kept.isFreshAt(now, options)) {
                    tellServed(reference, kept, now, false);
                }
                return untroubled(reference, options, kept, now, trouble, seen);
            }
        }
        if (kept != null && readAfter == ALWAYS && kept.isServableAt(now, options) && rotations.isTelling(source)) {
            boolean stale = !kept.isFreshAt(now, options);
            tellServed(reference, kept, now, stale);
            return new Held(kept, ALWAYS, kept.judgedFromMillis(), stale, seen); // until the listeners are back
        }
        return asked(reference, options, deadline, readAfter, kept, seen, begunIn);
    }

    /** Tells the listener, if there is one, that this was handed out without asking Vault. */
    void tellServed(SecretReference reference, Reading reading, long now, boolean stale) {
        if (events == null) {
            return;
        }
        if (stale) {
            events.servedStale(reference, Duration.ofMillis(now - reading.readAtMillis()));
        } else {
            events.hit(reference);
        }
    }

    /** Whether a reading is as new as was asked for; one by a clock that has since been set back is not. */
    private static boolean isReadAfter(long readAfter, Reading reading, long now) {
        return readAfter == ALWAYS || (reading.readAtMillis() > readAfter && reading.readAtMillis() <= now);
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
                quietUntil = Math.min(trouble.untilMillis(options), kept.freshUntil(options));
            } else if (options.refreshAhead()) {
                readAhead(reference, options);
            } else {
                return null;
            }
        }
        tellServed(reference, kept, now, false);
        return trouble == null
                ? new Held(kept, quietUntil, seen)
                : new Held(kept, quietUntil, Math.max(trouble.sinceMillis(), kept.judgedFromMillis()), false, seen);
    }

    /** What there is serves while Vault is left alone. */
    private Held untroubled(
            SecretReference reference, SecretOptions options, Reading kept, long now, Trouble trouble, int seen) {
        long judgedFrom = Math.max(trouble.sinceMillis(), kept.judgedFromMillis());
        if (kept.isFreshAt(now, options)) {
            return new Held(kept, Math.min(trouble.untilMillis(), kept.freshUntil(options)), judgedFrom, false, seen);
        }
        tellServed(reference, kept, now, true);
        return new Held(kept, Math.min(trouble.untilMillis(), kept.servableUntil(options)), judgedFrom, true, seen);
    }

    private Held asked(
            SecretReference reference,
            SecretOptions options,
            @Nullable Deadline deadline,
            long readAfter,
            @Nullable Reading kept,
            int seen,
            int begunIn) {
        if (events != null) {
            events.missed(reference);
        }
        long start = clock.millis();
        Deadline end = deadline == null ? client.newDeadline() : deadline;
        Deadline limit = kept != null && kept.isServableAt(start, options) ? end.within(PATIENCE_WITH_VALUE) : end;
        boolean again = false;
        Fetch mine = new Fetch(reference, options, limit, readAfter);
        try {
            while (true) {
                mine.ran = false;
                Reading reading = flights.run(reference.source(), limit, mine);
                long now = clock.millis();
                // Another thread's reading may be too old for this one, who wants it fresher, or asked later.
                if (!mine.ran && reading.readAtMillis() < start && !mine.suffices(reading, now)) {
                    continue;
                }
                if (!again && reading.isDeadAt(now)) {
                    again = true;
                    continue;
                }
                long quietUntil = Math.max(now, reading.dueAt(options, tokenGraceMillis));
                return new Held(reading, quietUntil, epochOf(reference.source(), reading, seen, begunIn));
            }
        } catch (VaultUnavailableException e) {
            long now = clock.millis();
            Reading old = readings.get(reference.source());
            if (old == null || !old.isServableAt(now, options)) {
                throw e;
            }
            boolean onlyMine = Thread.currentThread().isInterrupted()
                    || (limit.isOver() && now >= start && now - start < SHORTEST_TRIAL_MILLIS);
            if (!onlyMine && mine.ran && e.status() == 0 && now - start >= LONG_WAIT_MILLIS) {
                troubles.noteSilence(e, now);
            }
            Trouble trouble =
                    onlyMine ? Trouble.outage(e, now, null, 0).until(now) : troubles.noteOutage(reference, e, now);
            return untroubled(reference, options, old, now, trouble, seen);
        } catch (VaultException e) {
            long now = clock.millis();
            Reading old = readings.get(reference.source());
            if (readAfter != ALWAYS || old == null || !old.isFreshAt(now, options)) {
                throw e;
            }
            // It was only due: as when it is read ahead, it serves until its end is near.
            return new Held(old, Math.min(now + REFRESH_FLOOR_MILLIS, old.freshUntil(options)), now, false, seen);
        }
    }

    /** From when on a reading that has just arrived is current; not from now on when it is not what is kept. */
    private int epochOf(Source source, Reading reading, int seen, int begunIn) {
        int current = readings.epoch();
        Reading kept = readings.get(source);
        return kept == reading || (kept == null && begunIn == readings.forgotten()) ? current : seen;
    }

    private void readAhead(SecretReference reference, SecretOptions options) {
        Source source = reference.source();
        Long now = clock.millis();
        Long before = ahead.putIfAbsent(source, now);
        if (before != null) {
            long age = now - before;
            if ((age >= 0 && age < LONGEST_AHEAD_MILLIS) || !ahead.replace(source, before, now)) {
                return;
            }
        }
        boolean taken = false;
        try {
            executor.execute(new ReadAhead(reference, options, now));
            taken = true;
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is not read ahead: {}", reference, e.getMessage());
        } finally {
            if (!taken) {
                ahead.remove(source, now);
            }
        }
    }

    /** Reads a secret that is due, while its value is still fresh. */
    private final class ReadAhead implements Runnable {
        private final SecretReference reference;
        private final SecretOptions options;
        private final Long since;

        ReadAhead(SecretReference reference, SecretOptions options, Long since) {
            this.reference = reference;
            this.options = options;
            this.since = since;
        }

        @Override
        public void run() {
            Deadline deadline = client.newDeadline();
            try {
                flights.run(reference.source(), deadline, new Fetch(reference, options, deadline, ALWAYS));
            } catch (VaultUnavailableException e) {
                troubles.noteOutage(reference, e, clock.millis());
            } catch (VaultException e) {
                LOG.warn("{} is refused: {}", reference, e.getMessage());
            } catch (IllegalStateException e) {
                LOG.debug("{} is not read ahead: {}", reference, e.getMessage()); // the session is closed
            } catch (RuntimeException e) { // of a login method of somebody's own, whose message may say anything
                LOG.warn("{} is not read ahead: {}", reference, e.getClass().getName());
            } finally {
                ahead.remove(reference.source(), since);
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
            return isReadAfter(readAfter, reading, now)
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
            int begunIn = readings.forgotten();
            long start = System.nanoTime();
            try {
                if (latest != null && latest.lease() != null && isReadAfter(readAfter, latest, clock.millis())) {
                    Reading tended = tended(start);
                    if (tended != null) {
                        return tended;
                    }
                }
                SecretAnswer answer = reader.read(reference, deadline);
                Reading next = Reading.of(answer, session.platform().random().nextDouble(), arrivals.incrementAndGet());
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
            VaultToken token = session.token(deadline); // which may renew the token that the lease hangs on
            Reading latest = readings.get(reference.source());
            long now = clock.millis();
            if (latest == null || latest.lease() == null || now >= latest.freshUntil(options)) {
                return null;
            }
            Lease lease = latest.lease();
            if (lease.isDoubted()) {
                latest = readings.living(reference.source(), lease, leases.lookUp(lease, token, deadline));
                lease = latest == null ? null : latest.lease();
                now = clock.millis();
                if (latest == null || lease == null || now >= latest.freshUntil(options)) {
                    return null;
                }
            }
            if (suffices(latest, now)) {
                return latest;
            }
            if (lease.isCutByToken()) {
                // As long as the session keeps this token, a new lease would end no later: another thread may be
                // renewing it.
                return lease.hangsOn(token) ? readings.hanging(reference.source(), latest, lease, token) : null;
            }
            if (!lease.renewable()) {
                return null;
            }
            Lease next = leases.renew(lease, options, deadline);
            Reading renewed = readings.living(reference.source(), lease, next);
            troubles.end(reference.source());
            if (renewed == null || !suffices(renewed, clock.millis())) {
                return null; // gone, its maximum TTL is near, or its token was dropped meanwhile
            }
            if (events != null && next.begunAtMillis() != lease.begunAtMillis()) {
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
            if (begunIn == readings.forgotten()) {
                rotations.rotate(source, before, next, new Put(source, before, next, begunIn));
            } // else what was read before a snapshot or the like is not kept
            troubles.end(source);
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
                readings.refuse(reference.source());
                long pause = Reading.millis(options.refusalTtl());
                if (pause > 0 && !(failure instanceof VaultLoginException)) {
                    troubles.noteRefusal(reference.source(), failure, now, pause);
                }
            }
            if (events != null) {
                events.failed(reference, Duration.ofNanos(nanos), failure);
            }
        }
    }

    private final class Put implements Rotations.Arrival {
        private final Source source;
        private final @Nullable Reading before;
        private final Reading reading;
        private final int begunIn;

        Put(Source source, @Nullable Reading before, Reading reading, int begunIn) {
            this.source = source;
            this.before = before;
            this.reading = reading;
            this.begunIn = begunIn;
        }

        @Override
        public void put(boolean told) {
            readings.put(source, before, reading, told, begunIn);
        }
    }

    /** Keeps nothing that was read, and ends nothing at Vault: as after the start of the process. */
    void forget() {
        readings.forget();
        troubles.clear();
        leases.forget();
    }
}
