package io.github.vaultlambda.secrets;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How fresh a secret is kept. Immutable and thread-safe.
 *
 * <pre>{@code
 * SecretOptions.defaults().withTtl(Duration.ofMinutes(5))
 * }</pre>
 */
public final class SecretOptions {
    private static final SecretOptions DEFAULTS =
            new SecretOptions(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofSeconds(5), null, true);

    private final Duration ttl;
    private final Duration maxStale;
    private final Duration refusalTtl;
    private final @Nullable Duration leaseIncrement;
    private final boolean refreshAhead;

    private SecretOptions(
            Duration ttl,
            Duration maxStale,
            Duration refusalTtl,
            @Nullable Duration leaseIncrement,
            boolean refreshAhead) {
        this.ttl = notNegative(ttl, "ttl");
        this.maxStale = notNegative(maxStale, "maxStale");
        this.refusalTtl = notNegative(refusalTtl, "refusalTtl");
        this.leaseIncrement = leaseIncrement == null ? null : notNegative(leaseIncrement, "leaseIncrement");
        this.refreshAhead = refreshAhead;
    }

    private static Duration notNegative(Duration time, String name) {
        if (Objects.requireNonNull(time, name).isNegative()) {
            throw new IllegalArgumentException(name + " is negative");
        }
        return time;
    }

    /** A TTL of one minute, stale for at most an hour, refusals kept for five seconds, refreshed ahead. */
    public static SecretOptions defaults() {
        return DEFAULTS;
    }

    /**
     * How old a value may be before Vault is asked again; default one minute. Zero asks Vault at each use. It holds for values
     * without an end of their own. Those with a lease, and certificates, are kept as long as they live: they are made for who asks,
     * and to ask again would make another. A static role's value is kept until its next rotation at
     * most; while that is overdue, which Vault lets happen for some seconds, it is asked once in a second.
     */
    public Duration ttl() {
        return ttl;
    }

    /** This with another {@link #ttl()}. */
    public SecretOptions withTtl(Duration value) {
        return new SecretOptions(value, maxStale, refusalTtl, leaseIncrement, refreshAhead);
    }

    /**
     * How much longer than it should be a value is used when Vault cannot be asked; default one hour, zero for never. Never beyond
     * the end of the value itself, and never after Vault has refused it or says that it is gone.
     */
    public Duration maxStale() {
        return maxStale;
    }

    /** This with another {@link #maxStale()}. */
    public SecretOptions withMaxStale(Duration value) {
        return new SecretOptions(ttl, value, refusalTtl, leaseIncrement, refreshAhead);
    }

    /**
     * How long Vault is not asked again for what it has refused (such as 403), does not have (404), or answered with something
     * that is no secret: the same failure is thrown at once. Default five seconds; zero asks each time. A refused login is not
     * kept here.
     */
    public Duration refusalTtl() {
        return refusalTtl;
    }

    /** This with another {@link #refusalTtl()}. */
    public SecretOptions withRefusalTtl(Duration value) {
        return new SecretOptions(ttl, maxStale, value, leaseIncrement, refreshAhead);
    }

    /**
     * For how long a lease is asked to live from each renewal on; null, the default, asks for as long as it was given at first.
     * Vault grants at most what is left to the lease's maximum TTL.
     */
    public @Nullable Duration leaseIncrement() {
        return leaseIncrement;
    }

    /** This with another {@link #leaseIncrement()}. */
    public SecretOptions withLeaseIncrement(@Nullable Duration value) {
        return new SecretOptions(ttl, maxStale, refusalTtl, value, refreshAhead);
    }

    /**
     * Whether a value that is used shortly before it is too old is read again in the background meanwhile, so that nobody waits;
     * default true. Nothing happens in the background unless a secret is used.
     */
    public boolean refreshAhead() {
        return refreshAhead;
    }

    /** This with another {@link #refreshAhead()}. */
    public SecretOptions withRefreshAhead(boolean value) {
        return new SecretOptions(ttl, maxStale, refusalTtl, leaseIncrement, value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretOptions that
                && ttl.equals(that.ttl)
                && maxStale.equals(that.maxStale)
                && refusalTtl.equals(that.refusalTtl)
                && Objects.equals(leaseIncrement, that.leaseIncrement)
                && refreshAhead == that.refreshAhead;
    }

    @Override
    public int hashCode() {
        return Objects.hash(ttl, maxStale, refusalTtl, leaseIncrement, refreshAhead);
    }

    @Override
    public String toString() {
        return "SecretOptions[ttl=" + ttl + ", maxStale=" + maxStale + ", refusalTtl=" + refusalTtl
                + ", leaseIncrement=" + leaseIncrement + ", refreshAhead=" + refreshAhead + "]";
    }
}
