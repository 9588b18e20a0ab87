package io.github.vaultlambda.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Vault token and what is known of its life. Immutable and thread-safe; compares by identity: two logins are two tokens.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/tokens">Vault: tokens</a>
 */
public final class VaultToken {
    private final SecretValue value;
    private final @Nullable String accessor;
    private final Instant issuedAt;
    private final @Nullable Instant expiresAt;
    private final Duration ttl;
    private final boolean renewable;

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
        this.value = Objects.requireNonNull(value, "value");
        this.accessor = accessor;
        this.issuedAt = issuedAt;
        this.ttl = ttl;
        this.expiresAt = ttl.isZero() ? null : issuedAt.plus(ttl);
        this.renewable = renewable;
    }

    /** The token itself. */
    public SecretValue value() {
        return value;
    }

    /** Names the token in logs and in Vault's audit without being one; null for batch tokens. */
    public @Nullable String accessor() {
        return accessor;
    }

    /** A moment not after its creation. */
    public Instant issuedAt() {
        return issuedAt;
    }

    /** When it ends, or null when it never does. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** The time to live that it was issued with; zero when it never expires. */
    public Duration ttl() {
        return ttl;
    }

    /** Whether Vault allows its renewal. */
    public boolean renewable() {
        return renewable;
    }

    /** Whether at this moment more than the grace is left; a grace beyond half the TTL counts as half of it. */
    public boolean isUsableAt(Instant now, Duration grace) {
        if (expiresAt == null) {
            return true;
        }
        Duration half = ttl.dividedBy(2);
        return now.isBefore(expiresAt.minus(grace.compareTo(half) > 0 ? half : grace));
    }

    /** The accessor and the end; never the token. */
    @Override
    public String toString() {
        return "VaultToken[accessor=" + accessor + ", expires=" + (expiresAt == null ? "never" : expiresAt) + "]";
    }
}
