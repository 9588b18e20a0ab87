package io.github.vaultlambda.testkit.vault;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a backend answers, before it is put into Vault's envelope. Immutable. */
record VaultAnswer(
        int status,
        @Nullable Map<String, @Nullable Object> data,
        @Nullable Map<String, @Nullable Object> auth,
        List<String> warnings,
        Lease lease,
        @Nullable LeasedSecret leased,
        boolean dataOnTop,
        boolean bare,
        @Nullable String json) {
    /** What the envelope says about a lease; the id is empty for a secret that has none. */
    record Lease(String id, long seconds, boolean renewable) {
        static final Lease NONE = new Lease("", 0, false);
    }

    /** No content. */
    static VaultAnswer none() {
        return new VaultAnswer(204, null, null, List.of(), Lease.NONE, null, false, false, null);
    }

    static VaultAnswer data(Map<String, ?> data) {
        // Go writes the names of a map in order.
        return new VaultAnswer(200, new TreeMap<>(data), null, List.of(), Lease.NONE, null, false, false, null);
    }

    static VaultAnswer auth(Map<String, ?> auth, List<String> warnings) {
        return new VaultAnswer(
                200, null, new LinkedHashMap<>(auth), List.copyOf(warnings), Lease.NONE, null, false, false, null);
    }

    static VaultAnswer warning(String warning) {
        return warnings(List.of(warning));
    }

    /** No data, with or without warnings. */
    static VaultAnswer warnings(List<String> warnings) {
        return new VaultAnswer(200, null, null, List.copyOf(warnings), Lease.NONE, null, false, false, null);
    }

    /** The body is {@code data} alone, without envelope. */
    static VaultAnswer bare(int status, Map<String, ?> data) {
        return new VaultAnswer(status, new LinkedHashMap<>(data), null, List.of(), Lease.NONE, null, false, true, null);
    }

    /** The body is this text, which an answer had before it was wrapped. */
    static VaultAnswer unwrapped(String json) {
        return new VaultAnswer(200, null, null, List.of(), Lease.NONE, null, false, false, json);
    }

    VaultAnswer withWarnings(List<String> more) {
        return new VaultAnswer(status, data, auth, List.copyOf(more), lease, leased, dataOnTop, bare, json);
    }

    /** A time to live without a lease, as KV version 1 has it. */
    VaultAnswer withTtl(long seconds) {
        return withLease(new Lease("", seconds, false));
    }

    VaultAnswer withLease(Lease given) {
        return new VaultAnswer(status, data, auth, warnings, given, null, dataOnTop, bare, json);
    }

    /** Asks for a lease on this secret. */
    VaultAnswer leasedAs(LeasedSecret secret) {
        return new VaultAnswer(status, data, auth, warnings, lease, secret, dataOnTop, bare, json);
    }

    VaultAnswer withStatus(int other) {
        return new VaultAnswer(other, data, auth, warnings, lease, leased, dataOnTop, bare, json);
    }

    /** The fields of {@code data} also stand beside it, as the older sys/ answers have them. */
    VaultAnswer alsoOnTop() {
        return new VaultAnswer(status, data, auth, warnings, lease, leased, true, bare, json);
    }

    /** Vault's envelope around this answer. */
    Map<String, @Nullable Object> envelope(
            String requestId, @Nullable Map<String, @Nullable Object> wrapInfo, String mountType) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("request_id", requestId);
        body.put("lease_id", lease.id());
        body.put("renewable", lease.renewable());
        body.put("lease_duration", lease.seconds());
        body.put("data", data);
        body.put("wrap_info", wrapInfo);
        body.put("warnings", warnings.isEmpty() ? null : warnings);
        body.put("auth", auth);
        body.put("mount_type", mountType);
        return body;
    }
}
