package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One answer of Vault to the question for a secret, and how long it lives. When it is to be read again follows from that and from
 * what the secret's user wants ({@link SecretOptions}). All moments are wall-clock milliseconds since 1970. Immutable.
 */
final class Reading {
    static final long NEVER = Long.MAX_VALUE;
    /** A clock that stands this far before the reading has been set back: what it says of the reading's age is void. */
    private static final long LARGEST_STEP_BACK_MILLIS = 60_000;
    /** Kept back from the end of a leased value, because it is used after it was handed out. */
    private static final long LONGEST_MARGIN_MILLIS = 2_000;
    /** The answer around the data, with its ids, and what is kept with it. */
    private static final long FIXED_BYTES = 1_300;
    /** Between two reads of a static role whose rotation is due. */
    private static final long ROTATION_FLOOR_MILLIS = 1_000;

    /** The end of the year 9999, which certificates have that are to have no end. */
    private static final long LATEST_SECONDS = 253_402_300_799L;

    private final SecretAnswer answer;
    private final long readAtMillis;
    private final @Nullable Lease lease;
    /** From Vault's answer: a certificate's end, a static role's next rotation. */
    private final long ownEndMillis;
    /** How long Vault advises to keep it. */
    private final long advisedMillis;

    private final boolean rotates;
    /** 0 to 1, drawn once, so that what was read at the same moment is not due at the same moment. */
    private final double jitter;

    private final boolean refused;
    /** Counts the readings as they arrive: the clock may be set back. */
    private final long number;

    private Reading(
            SecretAnswer answer,
            long readAtMillis,
            @Nullable Lease lease,
            long ownEndMillis,
            long advisedMillis,
            boolean rotates,
            double jitter,
            boolean refused,
            long number) {
        this.answer = answer;
        this.readAtMillis = readAtMillis;
        this.lease = lease;
        this.ownEndMillis = ownEndMillis;
        this.advisedMillis = advisedMillis;
        this.rotates = rotates;
        this.jitter = jitter;
        this.refused = refused;
        this.number = number;
    }

    /**
     * What Vault answered just now.
     *
     * @param jitter 0 to 1
     * @param number above that of each earlier reading
     */
    static Reading of(SecretAnswer answer, double jitter, long number) {
        VaultResponse response = answer.response();
        long readAt = answer.requestedAt().toEpochMilli();
        Lease lease = Lease.of(answer);
        long ownEnd = NEVER;
        boolean rotates = false;
        if (lease == null && answer.version() == null) {
            SecretValue data = answer.data();
            long expiration = data.field("serial_number") == null ? 0 : data.number("expiration", 0);
            // An end that has passed already tells only that the clocks differ.
            if (expiration > readAt / 1000) {
                ownEnd = Math.min(expiration, LATEST_SECONDS) * 1000;
            } else if (data.field("last_vault_rotation") != null) {
                long ttl = data.number("ttl", -1);
                if (ttl >= 0 && ttl <= LATEST_SECONDS) {
                    ownEnd = readAt + ttl * 1000;
                    rotates = true;
                }
            }
        }
        long advised = lease == null ? response.leaseDuration().toMillis() : 0;
        return new Reading(
                answer, readAt, lease, ownEnd, advised == 0 ? NEVER : advised, rotates, jitter, false, number);
    }

    /** This with its lease in another state. */
    Reading with(Lease other) {
        return new Reading(answer, readAtMillis, other, ownEndMillis, advisedMillis, rotates, jitter, refused, number);
    }

    /** This, after Vault has refused to give it again: it is not used when it is too old. */
    Reading afterRefusal() {
        return new Reading(answer, readAtMillis, lease, ownEndMillis, advisedMillis, rotates, jitter, true, number);
    }

    SecretAnswer answer() {
        return answer;
    }

    SecretValue data() {
        return answer.data();
    }

    @Nullable
    Lease lease() {
        return lease;
    }

    /** When the request for it was sent. */
    long readAtMillis() {
        return readAtMillis;
    }

    /** Whether it arrived after the other one. */
    boolean isNewerThan(Reading other) {
        return number > other.number;
    }

    /** When Vault ends it; {@link #NEVER} when it has no end of its own. */
    long endsAtMillis() {
        return lease == null ? ownEndMillis : lease.endsAtMillis();
    }

    /** From here on the clock tells the age of it. */
    long judgedFromMillis() {
        return readAtMillis - LARGEST_STEP_BACK_MILLIS;
    }

    /** Leased values and certificates are made for who asks, so they are kept for as long as they live. */
    private boolean isMadeForUs() {
        return lease != null || (ownEndMillis != NEVER && !rotates);
    }

    private long lifeMillis() {
        return Math.max(0, endsAtMillis() - bornAtMillis());
    }

    private long bornAtMillis() {
        return lease == null ? readAtMillis : lease.begunAtMillis();
    }

    /** Until then nobody needs to ask Vault. */
    long freshUntil(SecretOptions options) {
        if (isMadeForUs()) {
            return endsAtMillis() - Math.min(LONGEST_MARGIN_MILLIS, lifeMillis() / 10);
        }
        long until = later(readAtMillis, Math.min(millis(options.ttl()), advisedMillis));
        return rotates ? Math.min(until, Math.max(ownEndMillis, readAtMillis + ROTATION_FLOOR_MILLIS)) : until;
    }

    /**
     * From then on a use of it is the occasion to renew or read it, though it is still fresh. For what has no lease and is not read
     * ahead that is never.
     *
     * @param tokenGraceMillis how long before its end a session replaces its token
     */
    long dueAt(SecretOptions options, long tokenGraceMillis) {
        long freshUntil = freshUntil(options);
        if (lease != null) {
            return Math.min(freshUntil, leaseDueAt(lease, tokenGraceMillis));
        }
        if (!options.refreshAhead()) {
            return freshUntil;
        }
        if (isMadeForUs()) {
            return Math.min(freshUntil, bornAtMillis() + part(lifeMillis(), 0.8, 0.9));
        }
        long ttl = freshUntil - readAtMillis;
        return rotates && freshUntil >= ownEndMillis ? freshUntil : readAtMillis + part(ttl, 0.75, 0.95);
    }

    private long leaseDueAt(Lease lease, long tokenGraceMillis) {
        VaultToken token = lease.token();
        if (lease.isCutByToken() && token != null) {
            long tokenEnd = lease.endsAtMillis();
            long ttl = token.ttl().toMillis();
            return token.renewable()
                    ? tokenEnd
                            - Math.max(
                                    ttl * 19 / 100, Math.min(tokenGraceMillis, ttl / 2)) // when the session renews it
                    : tokenEnd - Math.min(tokenGraceMillis, ttl / 2); // when it logs in
        }
        return lease.begunAtMillis()
                + (lease.renewable() ? part(lifeMillis(), 0.6, 0.7) : part(lifeMillis(), 0.8, 0.9));
    }

    /** Until then it may be used when Vault cannot be asked. */
    long servableUntil(SecretOptions options) {
        long freshUntil = freshUntil(options);
        return refused
                ? freshUntil
                : Math.max(freshUntil, Math.min(endsAtMillis(), later(freshUntil, millis(options.maxStale()))));
    }

    /** Whether it was made for who asks and has come to its end already: a freeze may be longer than a lease. */
    boolean isDeadAt(long nowMillis) {
        return isMadeForUs() && lifeMillis() > 0 && nowMillis >= endsAtMillis();
    }

    /** Whether Vault may have ended it already, so that it is to be asked first. */
    private boolean isDoubted() {
        return lease != null && lease.isDoubted();
    }

    boolean isFreshAt(long nowMillis, SecretOptions options) {
        return nowMillis >= judgedFromMillis() && nowMillis < freshUntil(options) && !isDoubted();
    }

    boolean isServableAt(long nowMillis, SecretOptions options) {
        return nowMillis >= judgedFromMillis() && nowMillis < servableUntil(options) && !isDoubted();
    }

    /** A part of a time, between these two, by the jitter. */
    private long part(long millis, double least, double most) {
        return (long) (millis * (least + (most - least) * jitter));
    }

    /** In milliseconds, where what is too long for that is for ever. */
    static long millis(Duration time) {
        return time.toSeconds() > NEVER / 4_000 ? NEVER / 2 : time.toMillis();
    }

    static long later(long moment, long millis) {
        return millis >= NEVER / 2 ? NEVER / 2 : moment + millis;
    }

    /** About how many bytes of memory it takes. */
    long footprint() {
        return FIXED_BYTES + answer.data().footprint();
    }

    /** When it was read; never the data. */
    @Override
    public String toString() {
        return "Reading[at " + readAtMillis + "]";
    }
}
