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
    private final String id;
    private final long begunAtMillis;
    private final long millis;
    private final long firstMillis;
    private final boolean renewable;
    private final @Nullable VaultToken token;
    private final long tokenEndMillis;
    private final boolean doubted;

    private Lease(
            String id,
            long begunAtMillis,
            long millis,
            long firstMillis,
            boolean renewable,
            @Nullable VaultToken token,
            long tokenEndMillis,
            boolean doubted) {
        this.id = id;
        this.begunAtMillis = begunAtMillis;
        this.millis = millis;
        this.firstMillis = firstMillis;
        this.renewable = renewable;
        this.token = token;
        this.tokenEndMillis = tokenEndMillis;
        this.doubted = doubted;
    }

    /** The lease in an answer that gave a secret; null when there is none, or one of which no life is told. */
    static @Nullable Lease of(SecretAnswer answer) {
        VaultResponse response = answer.response();
        String id = response.leaseId();
        long millis = response.leaseDuration().toMillis();
        if (id == null || millis == 0) {
            return null;
        }
        VaultToken token = answer.token();
        return new Lease(
                id,
                answer.requestedAt().toEpochMilli(),
                millis,
                millis,
                response.body().isTrue("renewable"),
                token,
                token == null ? Reading.NEVER : endOf(token),
                false);
    }

    /**
     * This lease with the life that the answer to its renewal tells. One that was granted less than half of its first life, and of
     * what was wished, is near its maximum TTL, and another renewal would give still less.
     */
    Lease renewedBy(VaultResponse response, Duration wished) {
        long granted = response.leaseDuration().toMillis();
        boolean again =
                response.body().isTrue("renewable") && granted >= Math.min(firstMillis, Reading.millis(wished)) / 2;
        return new Lease(
                id, response.requestedAt().toEpochMilli(), granted, firstMillis, again, token, tokenEndMillis, doubted);
    }

    /** This lease, counted as one that Vault does not renew. */
    Lease notRenewable() {
        return new Lease(id, begunAtMillis, millis, firstMillis, false, token, tokenEndMillis, doubted);
    }

    /** This lease, hanging on the same token in its renewed life. */
    Lease hangingOn(VaultToken renewed) {
        return new Lease(id, begunAtMillis, millis, firstMillis, renewable, renewed, endOf(renewed), doubted);
    }

    /** This lease in the life that a renewal gave it, hanging on the token as it is known here. */
    Lease livingAs(Lease renewed) {
        return new Lease(
                id,
                renewed.begunAtMillis,
                renewed.millis,
                firstMillis,
                renewed.renewable,
                token,
                tokenEndMillis,
                doubted);
    }

    /** This lease when Vault has ended it before its time. */
    Lease endedAt(long nowMillis) {
        return new Lease(
                id, begunAtMillis, millis, firstMillis, false, token, Math.min(tokenEndMillis, nowMillis), false);
    }

    /** This lease after its token was refused: that may have been revoked, and the lease with it, or only lack a policy. */
    Lease doubted() {
        return new Lease(id, begunAtMillis, millis, firstMillis, renewable, token, tokenEndMillis, true);
    }

    /** This lease when Vault says that it is alive. */
    Lease assured() {
        return new Lease(id, begunAtMillis, millis, firstMillis, renewable, token, tokenEndMillis, false);
    }

    private static long endOf(VaultToken token) {
        Instant end = token.expiresAt();
        return end == null ? Reading.NEVER : end.toEpochMilli();
    }

    String id() {
        return id;
    }

    boolean renewable() {
        return renewable;
    }

    /** Whether Vault may have ended it before its time. */
    boolean isDoubted() {
        return doubted;
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
