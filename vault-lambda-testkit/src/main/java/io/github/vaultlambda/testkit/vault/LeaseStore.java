package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The leases of secrets, by id. A lease ends with its time, with the token that it was issued to, or by revocation. Whether
 * it has ended is judged by the clock when the store is used, so the secret is taken back at the next use. Called with
 * Vault's lock held.
 */
final class LeaseStore {
    private static final class Lease {
        final TokenEntry token;
        final LeasedSecret secret;
        final Instant issued;
        Instant expires;

        @Nullable
        Instant renewed;

        Lease(TokenEntry token, LeasedSecret secret, Instant issued, Instant expires) {
            this.token = token;
            this.secret = secret;
            this.issued = issued;
            this.expires = expires;
        }

        boolean aliveAt(Instant now) {
            return now.isBefore(expires) && token.aliveAt(now);
        }

        boolean renewable() {
            return secret.renewable();
        }
    }

    private final InstantSource clock;
    private final TreeMap<String, Lease> leases = new TreeMap<>();

    LeaseStore(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes a lease on what {@code answer} gives out at {@code path}. */
    VaultAnswer issue(String path, TokenEntry token, VaultAnswer answer, LeasedSecret secret) throws VaultFailure {
        sweep();
        Instant now = clock.instant();
        List<String> warnings = new ArrayList<>(answer.warnings());
        long asked = EffectiveTtl.seconds(now, 0, secret.lifetime(), now, warnings);
        // Vault rounds here, and cuts at a renewal.
        long ttl = withinBatchToken(token, asked, now.minusMillis(500));
        String id = path + "/" + Mint.text(24);
        leases.put(id, new Lease(token, secret, now, now.plusSeconds(ttl)));
        return answer.withLease(new VaultAnswer.Lease(id, ttl, secret.renewable()))
                .withWarnings(warnings);
    }

    VaultAnswer renew(String id, long increment) throws VaultFailure {
        sweep();
        Lease lease = leases.get(id);
        if (lease == null) {
            throw VaultFailure.bad("lease not found");
        }
        if (!lease.renewable()) {
            throw VaultFailure.bad("lease is not renewable");
        }
        Instant now = clock.instant();
        List<String> warnings = new ArrayList<>();
        long ttl = EffectiveTtl.seconds(now, increment, lease.secret.lifetime(), lease.issued, warnings);
        if (ttl <= 0) {
            throw notRenewed("past the max TTL, cannot renew");
        }
        ttl = withinBatchToken(lease.token, ttl, now);
        lease.expires = now.plusSeconds(ttl);
        lease.renewed = now;
        return VaultAnswer.warnings(warnings).withLease(new VaultAnswer.Lease(id, ttl, true));
    }

    /** What a renewal answers when the engine refuses it. */
    static VaultFailure notRenewed(String text) {
        return VaultFailure.bad("failed to renew entry: resp: (*logical.Response)(nil) err: " + text);
    }

    // Batch tokens cannot take leases back, so that a lease is never longer than they are.
    private static long withinBatchToken(TokenEntry token, long ttl, Instant now) {
        Instant end = token.expires;
        return token.batch && end != null
                ? Math.min(ttl, Duration.between(now, end).toSeconds())
                : ttl;
    }

    Map<String, @Nullable Object> describe(String id) throws VaultFailure {
        sweep();
        Lease lease = leases.get(id);
        if (lease == null) {
            throw VaultFailure.bad("invalid lease");
        }
        Instant rounded = clock.instant().plusMillis(500).truncatedTo(ChronoUnit.SECONDS);
        Instant renewed = lease.renewed;
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("id", id);
        data.put("issue_time", lease.issued.toString());
        data.put("expire_time", lease.expires.toString());
        data.put("last_renewal", renewed == null ? null : renewed.toString());
        data.put("renewable", lease.renewable());
        data.put("ttl", Duration.between(rounded, lease.expires).toSeconds());
        return data;
    }

    /** Ends a lease; nothing happens when there is none of this id. */
    void revoke(String id) {
        Lease lease = leases.remove(id);
        if (lease != null) {
            lease.secret.end();
        }
    }

    /** Ends all leases below this path, or the one whose id it is. */
    void revokeBelow(String path) {
        revoke(path);
        for (String id : living(path)) {
            revoke(id);
        }
    }

    /** The ids of the living leases at this path and below. */
    List<String> living(String path) {
        sweep();
        String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        List<String> ids = new ArrayList<>();
        for (String id : leases.keySet()) {
            if (id.startsWith(prefix)) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** The names directly below {@code folder}, as a list of keys. */
    VaultAnswer list(String folder) throws VaultFailure {
        sweep();
        return KeyTree.answer(KeyTree.children(leases, folder));
    }

    /** Takes back the secrets of all leases that have ended. */
    void sweep() {
        Instant now = clock.instant();
        for (String id : List.copyOf(leases.keySet())) {
            Lease lease = leases.get(id);
            if (lease != null && !lease.aliveAt(now)) {
                revoke(id);
            }
        }
    }
}
