package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The lease that a dynamic secret lives by, and the token that the lease hangs on: with the token Vault ends the lease. Immutable.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/lease">Vault: lease, renew, and revoke</a>
 */
final class Lease {
    private static final long NEVER = Long.MAX_VALUE;

    private final String id;
    private final long begunAtMillis;
    private final long millis;
    private final long firstMillis;
    private final boolean renewable;
    private final @Nullable VaultToken token;
    private final long tokenEndMillis;

    private Lease(
            String id,
            long begunAtMillis,
            long millis,
            long firstMillis,
            boolean renewable,
            @Nullable VaultToken token,
            long tokenEndMillis) {
        this.id = id;
        this.begunAtMillis = begunAtMillis;
        this.millis = millis;
        this.firstMillis = firstMillis;
        this.renewable = renewable;
        this.token = token;
        this.tokenEndMillis = tokenEndMillis;
    }

    /** The lease in an answer that gave a secret, counted from this moment; null when there is none. */
    static @Nullable Lease of(VaultResponse response, long requestedAtMillis) {
        String id = response.leaseId();
        if (id == null) {
            return null;
        }
        long millis = response.leaseDuration().toMillis();
        VaultToken token = response.token();
        return new Lease(
                id,
                requestedAtMillis,
                millis,
                millis,
                response.body().isTrue("renewable"),
                token,
                token == null ? NEVER : endOf(token));
    }

    /**
     * This lease with the life that the answer to its renewal tells. One that was granted less than half of its first life, and of
     * what was wished, is near its maximum TTL, and another renewal would give still less.
     */
    Lease renewedBy(VaultResponse response, Duration wished) {
        long granted = response.leaseDuration().toMillis();
        boolean again =
                response.body().isTrue("renewable") && granted >= Math.min(firstMillis, Reading.millis(wished)) / 2;
        return new Lease(id, response.requestedAt().toEpochMilli(), granted, firstMillis, again, token, tokenEndMillis);
    }

    /** This lease, counted as one that Vault does not renew. */
    Lease notRenewable() {
        return new Lease(id, begunAtMillis, millis, firstMillis, false, token, tokenEndMillis);
    }

    /** This lease, hanging on the same token in its renewed life. */
    Lease hangingOn(VaultToken renewed) {
        return new Lease(id, begunAtMillis, millis, firstMillis, renewable, renewed, endOf(renewed));
    }

    /** This lease in the life that a renewal gave it, hanging on the token as it is known here. */
    Lease livingAs(Lease renewed) {
        return new Lease(
                id, renewed.begunAtMillis, renewed.millis, firstMillis, renewed.renewable, token, tokenEndMillis);
    }

    /** This lease when Vault has ended it before its time. */
    Lease endedAt(long nowMillis) {
        return new Lease(id, begunAtMillis, millis, firstMillis, false, token, Math.min(tokenEndMillis, nowMillis));
    }

    private static long endOf(VaultToken token) {
        Instant end = token.expiresAt();
        return end == null ? NEVER : end.toEpochMilli();
    }

    String id() {
        return id;
    }

    boolean renewable() {
        return renewable;
    }

    /** When it began or was last renewed, in wall-clock milliseconds since 1970. */
    long begunAtMillis() {
        return begunAtMillis;
    }

    /** How long it was granted at first. */
    Duration firstDuration() {
        return Duration.ofMillis(firstMillis);
    }

    /** Its own end, or that of its token, whichever comes first. */
    long endsAtMillis() {
        return Math.min(ownEndMillis(), tokenEndMillis);
    }

    private long ownEndMillis() {
        return begunAtMillis + millis;
    }

    /** Whether the token ends it before its own time is over; then its renewal gains nothing, but the token's would. */
    boolean isCutByToken() {
        return tokenEndMillis < ownEndMillis();
    }

    /** Whether it hangs on this token. */
    boolean hangsOn(VaultToken other) {
        return token != null && token.isSameAs(other);
    }

    /** The token that it hangs on, or null when that is not known. */
    @Nullable
    VaultToken token() {
        return token;
    }

    /** The id, which is no secret. */
    @Override
    public String toString() {
        return id;
    }
}
