package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.secrets.CachedSecret.Bound;
import io.github.vaultlambda.secrets.Gathering.Gathered;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Secrets that are asked for together: with one look at the clock instead of one for each, and as they are at one moment. From
 * {@link VaultSecrets#group}. Meant to be made once and asked at every use. Thread-safe.
 *
 * <pre>{@code
 * SecretGroup group = vault.group(List.of(user, password));
 * SecretValues values = group.get();
 * connect((String) values.get(0), (String) values.get(1));
 * }</pre>
 */
public final class SecretGroup {
    /** So often the values are gathered again when one of them changes meanwhile. */
    private static final int MOST_TRIES = 16;

    private final SecretStore store;
    private final KeptReadings readings;
    private final Prefetch prefetch;
    private final List<Secret<?>> secrets;
    private final CachedSecret<?>[] members;
    private final boolean forgiving;

    private volatile @Nullable Kept kept;

    SecretGroup(SecretStore store, Prefetch prefetch, List<? extends Secret<?>> secrets) {
        this(store, prefetch, List.copyOf(secrets), false);
    }

    private SecretGroup(SecretStore store, Prefetch prefetch, List<Secret<?>> secrets, boolean forgiving) {
        this.store = store;
        this.readings = store.readings();
        this.prefetch = prefetch;
        this.secrets = secrets;
        this.forgiving = forgiving;
        this.members = new CachedSecret<?>[secrets.size()];
        for (int i = 0; i < members.length; i++) {
            Secret<?> secret = secrets.get(i);
            CachedSecret<?> member = CachedSecret.behind(secret);
            if (member == null || !member.isOf(store)) {
                throw new IllegalArgumentException(secret + " is a secret of another VaultSecrets");
            }
            members[i] = member;
        }
        readings.add(this);
    }

    /** Values and until when they may be handed out without another look. */
    private static final class Kept {
        final SecretValues values;
        /** The same values, of the newest answers. */
        final SecretValues latest;

        final long judgedFromMillis;
        final long quietUntilMillis;
        final int epoch;

        Kept(SecretValues values, Gathered gathered, int epoch) {
            this.values = values;
            this.latest = gathered.values();
            this.judgedFromMillis = gathered.judgedFromMillis();
            this.quietUntilMillis = gathered.quietUntilMillis();
            this.epoch = epoch;
        }
    }

    /**
     * This group, but it goes on with what is there when a secret cannot be had: the last value that this object has handed out,
     * however old, or null; {@link SecretValues#failure()} then says why. Vault is left alone for half to a whole of a second
     * after a failure, and twice as long after each further one, up to a minute; those that can be had stay fresh meanwhile.
     */
    public SecretGroup forgiving() {
        return new SecretGroup(store, prefetch, secrets, true);
    }

    /** The secrets, in the order of their values. */
    public List<Secret<?>> secrets() {
        return secrets;
    }

    /**
     * The values, each not older than its freshness; what Vault must be waited for is read side by side, within the configured
     * time-out. The same object as before while no value has changed.
     *
     * @throws io.github.vaultlambda.client.VaultException the first failure, when all have ended; it carries the others as
     *     suppressed ones
     */
    public SecretValues get() {
        SecretValues values = atHand();
        return values == null ? look(store.newDeadline()) : values;
    }

    /** As {@link #get()}, but waits for Vault until this deadline at most. */
    public SecretValues get(Deadline deadline) {
        SecretValues values = atHand();
        return values == null ? look(deadline) : values;
    }

    /** What may be handed out at this moment without a further look; null when it is to be judged anew by {@link #get()}. */
    public @Nullable SecretValues atHand() {
        Kept here = kept;
        if (here == null || here.epoch != readings.epoch()) {
            return null;
        }
        long now = store.nowMillis();
        if (now >= here.quietUntilMillis || now < here.judgedFromMillis) {
            return null;
        }
        if (store.isWatched()) {
            tellServed(here.latest, now);
        }
        return here.values;
    }

    private void tellServed(SecretValues latest, long now) {
        for (int i = 0; i < members.length; i++) {
            Bound<?> bound = latest.part(i).bound;
            if (bound != null) {
                store.tellServed(members[i].reference(), bound.reading, now, bound.stale);
            }
        }
    }

    private SecretValues look(Deadline deadline) {
        for (int tries = 1; ; tries++) {
            Kept before = kept;
            int epoch = readings.epoch();
            Gathered gathered = new Gathering(store, members, secrets, forgiving, before == null ? null : before.latest)
                    .run(prefetch, deadline);
            SecretValues settled = keep(before, gathered, epoch);
            if (settled != null) {
                return settled;
            }
            if (tries == MOST_TRIES) {
                return gathered.values();
            }
        }
    }

    /** Null when something has changed meanwhile, or another thread knows something newer. */
    private synchronized @Nullable SecretValues keep(@Nullable Kept before, Gathered mine, int epoch) {
        Kept here = kept;
        if (epoch != readings.epoch()) {
            return null; // forgotten meanwhile, perhaps
        }
        if (here != before && here != null && here.latest.isNewerThan(mine.values())) {
            return null;
        }
        SecretValues values = here != null && here.values.isSame(mine.values()) ? here.values : mine.values();
        kept = new Kept(values, mine, epoch);
        return values;
    }

    synchronized void forget() {
        kept = null;
    }

    /** The references; never a value. */
    @Override
    public String toString() {
        return "SecretGroup" + secrets;
    }
}
