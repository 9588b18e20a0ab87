package io.github.vaultlambda.testkit.vault;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A token; mutable parts are guarded by Vault's lock. */
final class TokenEntry {
    /** How long a renewal may make the token live, asked anew at each renewal. */
    @FunctionalInterface
    interface Renewal {
        /**
         * Null when there is nothing left to renew by, which Vault answers with no content.
         *
         * @param peerCertificates what the client shows in TLS while it renews
         */
        @Nullable
        Lifetime lifetime(List<X509Certificate> peerCertificates) throws VaultFailure;
    }

    /** Seconds; zero means not set. */
    record Lifetime(long ttl, long maxTtl, long period, long explicitMaxTtl) {}

    final String id;
    final String accessor;
    final List<String> policies;
    final String displayName;
    final String path;
    final boolean batch;
    final boolean orphan;
    final boolean renewable;
    final String entityId;
    final @Nullable Map<String, String> meta;
    final Instant issued;
    final long creationTtl;
    final long explicitMaxTtl;
    final long period;
    final @Nullable Renewal renewal;
    final int usesAtFirst;
    /** What is left; 0 for no limit, -1 when the last use is under way. */
    int uses;

    boolean revoked;
    long lastTtl;

    /** The token that made this one and ends it with itself; null for an orphan. */
    @Nullable
    TokenEntry parent;

    @Nullable
    Instant expires;

    @Nullable
    Instant renewed;

    TokenEntry(TokenStore.Order order, String id, String accessor, Instant issued, long ttl) {
        this.id = id;
        this.accessor = accessor;
        this.policies = order.policies();
        this.displayName = order.displayName();
        this.path = order.path();
        this.batch = order.batch();
        this.orphan = order.orphan();
        this.renewable = order.renewable() && !order.batch() && ttl > 0;
        this.entityId = order.entityId();
        this.meta = order.meta();
        this.issued = issued;
        this.creationTtl = ttl;
        this.explicitMaxTtl = order.lifetime().explicitMaxTtl();
        this.period = order.lifetime().period();
        this.renewal = order.renewal();
        this.usesAtFirst = order.uses();
        this.uses = order.uses();
        this.lastTtl = ttl;
        this.expires = ttl == 0 ? null : issued.plusSeconds(ttl);
    }

    boolean root() {
        return policies.contains("root");
    }

    /** Whether it is the root token that came with Vault itself: unlike all others it has no lease. */
    boolean isLeaseless() {
        return path.equals("auth/token/root");
    }

    boolean aliveAt(Instant now) {
        Instant end = expires;
        TokenEntry maker = parent;
        return !revoked && (end == null || now.isBefore(end)) && (maker == null || maker.aliveAt(now));
    }
}
