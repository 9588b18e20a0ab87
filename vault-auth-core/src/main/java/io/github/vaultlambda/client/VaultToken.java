package io.github.vaultlambda.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A Vault token and what is known of its life. Thread-safe; compares by identity: two logins are two tokens.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/tokens">Vault: tokens</a>
 */
public final class VaultToken {
    /** A clock that stands this far before the token's birth has been set back: what it says of the token's age is void. */
    private static final long LARGEST_STEP_BACK_MILLIS = 60_000;

    private final SecretValue value;
    private final @Nullable String accessor;
    private final Instant issuedAt;
    private final Duration ttl;
    private final boolean renewable;
    private final @Nullable AtomicInteger usesLeft;
    private final long issuedAtMillis;
    private final long ttlMillis;

    /**
     * A token.
     *
     * @param value the token itself
     * @param accessor its accessor, which is no secret; null for batch tokens
     * @param issuedAt a moment not after its creation: when the request for it was sent
     * @param ttl its time to live; zero when it never expires
     * @param renewable whether Vault allows its renewal
     */
    public VaultToken(SecretValue value, @Nullable String accessor, Instant issuedAt, Duration ttl, boolean renewable) {
        this(value, accessor, issuedAt, ttl, renewable, null);
    }

    private VaultToken(
            SecretValue value,
            @Nullable String accessor,
            Instant issuedAt,
            Duration ttl,
            boolean renewable,
            @Nullable AtomicInteger usesLeft) {
        this.value = Objects.requireNonNull(value, "value");
        this.accessor = accessor;
        this.issuedAt = issuedAt;
        this.ttl = ttl;
        this.renewable = renewable;
        this.usesLeft = usesLeft;
        this.issuedAtMillis = issuedAt.toEpochMilli();
        this.ttlMillis = ttl.toMillis();
    }

    /** The token that an answer brought, with the life that the answer tells; null when it brought none. */
    public static @Nullable VaultToken issuedBy(VaultResponse response) {
        SecretValue auth = response.auth();
        String token = auth == null ? null : auth.text("client_token");
        if (auth == null || token == null || token.isEmpty()) {
            return null;
        }
        String accessor = auth.text("accessor");
        long uses = auth.number("num_uses", 0);
        return new VaultToken(
                SecretValue.of(token),
                accessor == null || accessor.isEmpty() ? null : accessor,
                response.requestedAt(),
                VaultResponse.life(auth.number("lease_duration", 0)),
                auth.isTrue("renewable"),
                uses <= 0 ? null : new AtomicInteger((int) Math.min(uses, Integer.MAX_VALUE)));
    }

    /**
     * A token that somebody else got, with the life that the answer to its {@code lookup-self} tells. The look-up itself is one
     * of the uses of a counted token, so there may be none left.
     */
    public static VaultToken lookedUp(SecretValue value, VaultResponse response) {
        SecretValue data = response.data();
        if (data == null) {
            return new VaultToken(value, null, response.requestedAt(), Duration.ZERO, false);
        }
        String accessor = data.text("accessor");
        long seconds = data.number("ttl", 0);
        if (data.field("expire_time") != null) {
            seconds = Math.max(1, seconds); // in its last second, and not without end
        }
        long uses = data.number("num_uses", 0);
        return new VaultToken(
                value,
                accessor == null || accessor.isEmpty() ? null : accessor,
                response.requestedAt(),
                VaultResponse.life(seconds),
                data.isTrue("renewable"),
                uses == 0 ? null : new AtomicInteger((int) Math.max(0, Math.min(uses, Integer.MAX_VALUE))));
    }

    /** This token with the life that the answer to its renewal tells. */
    public VaultToken renewedBy(VaultResponse response) {
        SecretValue auth = response.auth();
        if (auth == null) {
            return this;
        }
        return new VaultToken(
                value,
                accessor,
                response.requestedAt(),
                VaultResponse.life(auth.number("lease_duration", 0)),
                auth.isTrue("renewable"),
                usesLeft);
    }

    /** This token, counted as one that Vault does not renew. */
    public VaultToken notRenewable() {
        return new VaultToken(value, accessor, issuedAt, ttl, false, usesLeft);
    }

    /** The token itself. */
    public SecretValue value() {
        return value;
    }

    /** Whether both are the same token of Vault, perhaps before and after a renewal. */
    public boolean isSameAs(VaultToken other) {
        return value.equals(other.value);
    }

    /** Names the token in logs and in Vault's audit without being one; null for batch tokens. */
    public @Nullable String accessor() {
        return accessor;
    }

    /** A moment not after its creation or its last renewal: from here its time to live counts. */
    public Instant issuedAt() {
        return issuedAt;
    }

    /** When it ends, or null when it never does. */
    public @Nullable Instant expiresAt() {
        return ttl.isZero() ? null : issuedAt.plus(ttl);
    }

    /** The time to live that it was issued or renewed with; zero when it never expires. */
    public Duration ttl() {
        return ttl;
    }

    /** Whether Vault allows its renewal. */
    public boolean renewable() {
        return renewable;
    }

    /** Whether Vault ends it after a number of requests. */
    public boolean isCounted() {
        return usesLeft != null;
    }

    /** Whether no use of a {@linkplain #isCounted counted} token is left. */
    public boolean isUsedUp() {
        return usesLeft != null && usesLeft.get() <= 0;
    }

    /**
     * Takes one of the uses of a {@linkplain #isCounted counted} token; for others does nothing.
     *
     * @return whether there was one
     */
    public boolean takeUse() {
        return usesLeft == null || usesLeft.getAndDecrement() > 0;
    }

    /**
     * Whether at this moment more than the grace is left. A grace beyond half the TTL counts as half of it. By a clock that was
     * set back behind the token's birth nothing can be said, so then the answer is no.
     *
     * @param nowMillis wall-clock milliseconds since 1970
     * @param graceMillis milliseconds
     */
    public boolean isUsableAt(long nowMillis, long graceMillis) {
        if (ttlMillis == 0) {
            return true;
        }
        long age = nowMillis - issuedAtMillis;
        return age >= -LARGEST_STEP_BACK_MILLIS && ttlMillis - age > Math.min(graceMillis, ttlMillis / 2);
    }

    /** Whether it can be renewed and less than a fifth of its time to live is left. */
    public boolean isDueForRenewalAt(long nowMillis) {
        return renewable && ttlMillis != 0 && (ttlMillis - (nowMillis - issuedAtMillis)) * 5 < ttlMillis;
    }

    /** Whether it can be renewed, but the grace begins before less than a fifth of its time to live is left. */
    public boolean isRenewedInGrace(long graceMillis) {
        return renewable && ttlMillis != 0 && ttlMillis / 5 <= Math.min(graceMillis, ttlMillis / 2);
    }

    /** The accessor and the end; never the token. */
    @Override
    public String toString() {
        Instant end = expiresAt();
        return "VaultToken[accessor=" + accessor + ", expires=" + (end == null ? "never" : end) + "]";
    }
}
