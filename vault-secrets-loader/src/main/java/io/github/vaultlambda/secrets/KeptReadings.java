package io.github.vaultlambda.secrets;

import io.github.vaultlambda.auth.SessionListener;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.secrets.SecretReference.Source;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The readings that are kept, the secrets that hand them out, and what ends them: the loss of the token that their leases hang on,
 * and {@link #forget}. Each change is made under one lock, and never while Vault or a listener is waited for. Thread-safe.
 */
final class KeptReadings implements SessionListener {
    private final InstantSource clock;
    private final LeaseKeeper leases;
    private final ReadingCache cache;

    /** Its lock guards each change of what is kept, and of what follows here. */
    private final Set<CachedSecret<?>> handles = Collections.newSetFromMap(new WeakHashMap<>());

    private final Set<SecretGroup> groups = Collections.newSetFromMap(new WeakHashMap<>());

    private volatile int epoch;
    private volatile int forgotten;
    /** The last token that was given up before its time; what is still being read with it may arrive dead. */
    private @Nullable VaultToken ended;
    /** Whether Vault has ended that token for sure. */
    private boolean endedForSure;

    KeptReadings(InstantSource clock, LeaseKeeper leases, long maxBytes) {
        this.clock = clock;
        this.leases = leases;
        this.cache = new ReadingCache(maxBytes);
    }

    /** Grows when values that are already handed out must be looked at anew. */
    int epoch() {
        return epoch;
    }

    /** Grows when what is being read must not be kept any more. */
    int forgotten() {
        return forgotten;
    }

    void add(CachedSecret<?> handle) {
        synchronized (handles) {
            handles.add(handle);
        }
    }

    void add(SecretGroup group) {
        synchronized (handles) {
            groups.add(group);
        }
    }

    @Nullable
    Reading get(Source source) {
        return cache.get(source);
    }

    /**
     * Puts what has arrived in its place, unless all was forgotten since it was asked for.
     *
     * @param told whether listeners were told that it comes
     * @param begunIn what {@link #forgotten} was when it was asked for
     */
    void put(Source source, @Nullable Reading before, Reading reading, boolean told, int begunIn) {
        synchronized (handles) {
            if (begunIn != forgotten) {
                return;
            }
            Lease lease = reading.lease();
            boolean dead = lease != null && ended != null && lease.hangsOn(ended);
            cache.put(source, lease != null && dead ? reading.with(afterItsToken(lease)) : reading);
            // Who asks after this gets the new value, and two fields of one secret are of one reading.
            if (dead || told || (before != null && !before.data().equals(reading.data()))) {
                epoch++;
            }
        }
    }

    /** Vault has refused to give it again: what is kept is not used when it is too old. */
    void refuse(Source source) {
        synchronized (handles) {
            Reading latest = cache.get(source);
            if (latest != null) {
                cache.replace(source, latest, latest.afterRefusal());
            }
        }
    }

    /** What is kept, with its lease in its next life; null when it is not there any more. */
    @Nullable
    Reading living(Source source, Lease lease, Lease next) {
        synchronized (handles) {
            Reading latest = cache.get(source);
            Lease here = latest == null ? null : latest.lease();
            if (latest == null || here == null || !here.id().equals(lease.id())) {
                return null;
            }
            boolean gone = next.endsAtMillis() <= clock.millis();
            Lease lives = gone ? next : here.livingAs(next); // the token may have been renewed
            boolean doubtedMeanwhile = here.isDoubted() && !lease.isDoubted();
            Reading living = latest.with(next.isDoubted() || doubtedMeanwhile ? lives : lives.assured());
            cache.replace(source, latest, living);
            return living;
        }
    }

    /** What is kept, with its lease on this token in its present life; null when it is not there any more. */
    @Nullable
    Reading hanging(Source source, Reading latest, Lease lease, VaultToken token) {
        synchronized (handles) {
            Reading next = latest.with(lease.hangingOn(token));
            return cache.replace(source, latest, next) ? next : null;
        }
    }

    /** Keeps nothing, and ends nothing at Vault: as after the start of the process. */
    void forget() {
        List<CachedSecret<?>> all;
        synchronized (handles) {
            forgotten++;
            epoch++;
            all = new ArrayList<>(handles);
            for (SecretGroup group : groups) {
                group.forget();
            }
            cache.clear();
            ended = null;
        }
        // Outside of the lock: one of them may be calling a function of its user, who makes another secret in it.
        for (CachedSecret<?> handle : all) {
            handle.forget();
        }
    }

    @Override
    public void renewed(VaultToken token) {
        leases.tokenRenewed(token);
        synchronized (handles) {
            for (Map.Entry<Source, Reading> entry : cache.leased()) {
                Reading reading = entry.getValue();
                Lease lease = reading.lease();
                if (lease != null && lease.hangsOn(token)) {
                    cache.replace(entry.getKey(), reading, reading.with(lease.hangingOn(token)));
                }
            }
        }
    }

    @Override
    public void dropped(VaultToken token, Reason reason) {
        if (reason == Reason.EXPIRED || reason == Reason.INVALIDATED) {
            return; // it lives to its end, which its leases know
        }
        synchronized (handles) {
            ended = reason == Reason.CLOSED ? null : token;
            // A token that lacks a policy is refused in the same way as one that Vault has ended.
            endedForSure = reason != Reason.REJECTED;
            for (Map.Entry<Source, Reading> entry : cache.leased()) {
                Reading reading = entry.getValue();
                Lease lease = reading.lease();
                if (lease != null && lease.hangsOn(token)) {
                    cache.replace(entry.getKey(), reading, reading.with(afterItsToken(lease)));
                    epoch++;
                }
            }
        }
    }

    /** A lease whose token was given up just now. */
    private Lease afterItsToken(Lease lease) {
        return endedForSure ? lease.endedAt(clock.millis()) : lease.doubted();
    }
}
