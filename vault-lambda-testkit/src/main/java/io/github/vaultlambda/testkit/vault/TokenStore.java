package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.Mint;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tokens: issue, look up, renew, revoke. A token's life is judged by the clock when it is used. */
final class TokenStore {
    /** The system's default and greatest TTL: 768 hours. */
    static final long SYSTEM_TTL = 2_764_800;

    /** What a new token shall be. */
    record Order(
            List<String> policies,
            String displayName,
            String path,
            boolean batch,
            boolean orphan,
            boolean renewable,
            String entityId,
            @Nullable Map<String, String> meta,
            TokenEntry.Lifetime lifetime,
            int uses,
            TokenEntry.@Nullable Renewal renewal) {}

    private final InstantSource clock;
    private final Map<String, TokenEntry> byId = new LinkedHashMap<>();

    TokenStore(InstantSource clock) {
        this.clock = clock;
    }

    /** Sorted, lower case, each once; with {@code default} if asked and not a root token. */
    static List<String> policies(List<String> names, boolean withDefault) {
        TreeSet<String> sorted = new TreeSet<>();
        for (String name : names) {
            if (!name.isBlank()) {
                sorted.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        if (sorted.contains("root")) {
            return List.of("root");
        }
        if (withDefault) {
            sorted.add("default");
        }
        return List.copyOf(sorted);
    }

    TokenEntry root(String id) {
        Order order = new Order(
                List.of("root"),
                "root",
                "auth/token/root",
                false,
                true,
                false,
                "",
                null,
                new TokenEntry.Lifetime(0, 0, 0, 0),
                0,
                null);
        TokenEntry entry = new TokenEntry(order, id, Mint.text(24), clock.instant(), 0);
        byId.put(id, entry);
        return entry;
    }

    TokenEntry issue(Order order, List<String> warnings) throws VaultFailure {
        // A batch token carries its time in whole seconds.
        Instant now = order.batch() ? clock.instant().truncatedTo(ChronoUnit.SECONDS) : clock.instant();
        boolean endless = order.policies().contains("root") && order.lifetime().ttl() == 0;
        long ttl = endless ? 0 : ttl(0, order.lifetime(), now, warnings);
        String id = Mint.secret(order.batch() ? "hvb.AAAAAQ" : "hvs.CAESI") + Mint.text(40);
        String accessor = order.batch() ? "" : Mint.text(24);
        TokenEntry entry = new TokenEntry(order, id, accessor, now, ttl);
        byId.put(id, entry);
        return entry;
    }

    /** The living token, or null. */
    @Nullable
    TokenEntry find(String id) {
        TokenEntry entry = byId.get(id);
        if (entry != null && !entry.aliveAt(clock.instant())) {
            byId.remove(id);
            return null;
        }
        return entry;
    }

    @Nullable
    TokenEntry findByAccessor(String accessor) {
        for (TokenEntry entry : byId.values()) {
            if (!accessor.isEmpty() && entry.accessor.equals(accessor)) {
                return find(entry.id);
            }
        }
        return null;
    }

    /** Counts one use; true if it was the last, so that the caller revokes the token when the request is done. */
    static boolean use(TokenEntry entry) {
        if (entry.uses == 0) {
            return false;
        }
        entry.uses = entry.uses == 1 ? -1 : entry.uses - 1;
        return entry.uses < 0;
    }

    void revoke(TokenEntry entry) {
        entry.revoked = true;
        byId.remove(entry.id);
    }

    void revokeAllButRoot() {
        for (TokenEntry entry : List.copyOf(byId.values())) {
            if (!entry.root()) {
                revoke(entry);
            }
        }
    }

    /** Gives the token a new end and answers with its auth part. */
    VaultAnswer renew(TokenEntry entry, long increment, List<X509Certificate> peerCertificates) throws VaultFailure {
        if (entry.batch) {
            throw VaultFailure.bad("batch tokens cannot be renewed");
        }
        if (entry.isLeaseless()) {
            throw VaultFailure.bad("invalid lease ID");
        }
        if (entry.expires == null || !entry.renewable) {
            throw VaultFailure.bad("lease is not renewable");
        }
        if (entry.uses < 0) {
            throw VaultFailure.bad("token not found"); // its last use is this request
        }
        TokenEntry.Renewal renewal = entry.renewal;
        TokenEntry.Lifetime now = renewal == null
                ? new TokenEntry.Lifetime(entry.lastTtl, 0, entry.period, entry.explicitMaxTtl)
                : renewal.lifetime(peerCertificates);
        if (now == null) {
            return VaultAnswer.none();
        }
        TokenEntry.Lifetime lifetime =
                new TokenEntry.Lifetime(now.ttl(), now.maxTtl(), now.period(), entry.explicitMaxTtl);
        List<String> warnings = new ArrayList<>();
        Instant renewed = clock.instant();
        long ttl = ttl(increment, lifetime, entry.issued, warnings);
        entry.expires = renewed.plusSeconds(ttl);
        entry.renewed = renewed;
        entry.lastTtl = ttl;
        return VaultAnswer.auth(auth(entry, ttl), warnings);
    }

    private long ttl(long increment, TokenEntry.Lifetime lifetime, Instant start, List<String> warnings)
            throws VaultFailure {
        long ttl = EffectiveTtl.seconds(clock.instant(), increment, lifetime, start, warnings);
        if (ttl <= 0) {
            throw VaultFailure.wrapped(500, "past the max TTL, cannot renew");
        }
        return ttl;
    }

    static Map<String, @Nullable Object> auth(TokenEntry entry, long ttl) {
        Map<String, @Nullable Object> auth = new LinkedHashMap<>();
        auth.put("client_token", entry.id);
        auth.put("accessor", entry.accessor);
        auth.put("policies", entry.policies);
        if (!entry.policies.isEmpty()) {
            auth.put("token_policies", entry.policies);
        }
        auth.put("metadata", entry.meta);
        auth.put("lease_duration", ttl);
        auth.put("renewable", entry.renewable);
        auth.put("entity_id", entry.entityId);
        auth.put("token_type", entry.batch ? "batch" : "service");
        auth.put("orphan", entry.orphan);
        auth.put("mfa_requirement", null);
        auth.put("num_uses", entry.usesAtFirst);
        return auth;
    }

    Map<String, @Nullable Object> describe(TokenEntry entry) {
        Instant end = entry.expires;
        Instant renewed = entry.renewed;
        Map<String, @Nullable Object> data = new TreeMap<>();
        data.put("id", entry.id);
        data.put("accessor", entry.accessor);
        data.put("policies", entry.policies);
        data.put("path", entry.path);
        data.put("meta", entry.meta);
        data.put("display_name", entry.displayName);
        data.put("num_uses", entry.uses);
        data.put("orphan", entry.orphan);
        data.put("creation_time", entry.issued.getEpochSecond());
        data.put("creation_ttl", entry.creationTtl);
        data.put("explicit_max_ttl", entry.explicitMaxTtl);
        data.put("entity_id", entry.entityId);
        data.put("type", entry.batch ? "batch" : "service");
        if (!entry.isLeaseless()) {
            data.put("renewable", entry.renewable && end != null);
            data.put("issue_time", entry.issued.toString());
        }
        data.put("expire_time", end == null ? null : end.toString());
        long ttl = end == null ? 0 : Duration.between(roundedNow(), end).toSeconds();
        data.put("ttl", Math.max(0, ttl));
        if (entry.period > 0) {
            data.put("period", entry.period);
        }
        if (renewed != null) {
            data.put("last_renewal", renewed.toString());
            data.put("last_renewal_time", renewed.getEpochSecond());
        }
        return data;
    }

    private Instant roundedNow() {
        return clock.instant().plusMillis(500).truncatedTo(ChronoUnit.SECONDS);
    }
}
