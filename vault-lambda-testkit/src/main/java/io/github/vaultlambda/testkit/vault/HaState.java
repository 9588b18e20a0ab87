package io.github.vaultlambda.testkit.vault;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** This Vault's place among others: active, a standby that redirects, or a node whose data lags behind. Thread-safe. */
public final class HaState {
    /** What a node is to its cluster. */
    public enum Role {
        /** Alone or the leader. */
        ACTIVE,
        /** Sends everything to the leader. */
        STANDBY,
        /** Answers reads itself, as Vault Enterprise can. */
        PERFORMANCE_STANDBY
    }

    private static final Set<String> OWN =
            Set.of("sys/health", "sys/leader", "sys/seal-status", "sys/init", "sys/unseal");

    private final String clusterId;
    private Role role = Role.ACTIVE;
    private @Nullable URI leader;
    private boolean indexed;
    private long written;
    private long applied;
    private int lag;
    private int refusals;

    HaState(String clusterId) {
        this.clusterId = clusterId;
    }

    /** Makes this node what {@code newRole} says; {@code newLeader} is null for a cluster without one. */
    public synchronized void become(Role newRole, @Nullable URI newLeader) {
        role = newRole;
        leader = newLeader;
    }

    /** From now on writes and logins are answered with an X-Vault-Index; each is visible after so many refused reads. */
    public synchronized void indexed(int refusedReads) {
        indexed = true;
        lag = refusedReads;
    }

    /** Every write so far is visible. */
    public synchronized void catchUp() {
        applied = written;
        refusals = 0;
    }

    synchronized Role role() {
        return role;
    }

    synchronized String leaderAddress() {
        return leader == null ? "" : leader.toString();
    }

    /** Where a request must go instead; null when it is answered here. */
    @Nullable
    String redirect(String path, String rawTarget) throws VaultFailure {
        URI active;
        synchronized (this) {
            if (role != Role.STANDBY || OWN.contains(path)) {
                return null;
            }
            active = leader;
        }
        if (active == null) {
            throw new VaultFailure(503, List.of("no active Vault instance found"));
        }
        return active + rawTarget;
    }

    /** The X-Vault-Index for a write that was just done; null when this node sends none. */
    synchronized @Nullable String afterWrite() {
        if (!indexed) {
            return null;
        }
        written++;
        if (lag == 0) {
            applied = written;
        } else {
            refusals = lag;
        }
        String state = "v1:" + clusterId + ":" + written + ":0";
        return Base64.getEncoder().encodeToString(state.getBytes(StandardCharsets.UTF_8));
    }

    /** Refuses a read that must see more than this node has. */
    synchronized void requireState(List<String> indexes) throws VaultFailure {
        long wanted = 0;
        for (String index : indexes) {
            wanted = Math.max(wanted, position(index));
        }
        if (!indexed || wanted <= applied) {
            return;
        }
        if (refusals > 0) {
            refusals--;
            throw new VaultFailure(412, List.of("required index state not present"));
        }
        applied = written;
    }

    private long position(String index) {
        try {
            String[] parts = new String(Base64.getDecoder().decode(index), StandardCharsets.UTF_8).split(":", -1);
            boolean ours = parts.length >= 3 && parts[0].equals("v1") && parts[1].equals(clusterId);
            return ours ? Long.parseLong(parts[2]) : 0;
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    /** Adds what sys/leader answers with. */
    synchronized void describe(Map<String, Object> body, String activeTime) {
        boolean active = role == Role.ACTIVE;
        boolean clustered = leader != null || !active;
        body.put("ha_enabled", clustered);
        body.put("is_self", clustered && active);
        body.put("active_time", clustered && active ? activeTime : "0001-01-01T00:00:00Z");
        body.put("leader_address", leaderAddress());
        body.put("leader_cluster_address", clusterAddress());
        body.put("performance_standby", role == Role.PERFORMANCE_STANDBY);
        body.put("performance_standby_last_remote_wal", 0);
    }

    // Vault's cluster port is the next one after its API's.
    private String clusterAddress() {
        URI known = leader;
        return known == null ? "" : "https://" + known.getHost() + ":" + (known.getPort() + 1);
    }
}
