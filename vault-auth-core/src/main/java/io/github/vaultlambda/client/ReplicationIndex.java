package io.github.vaultlambda.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The newest state of a Vault Enterprise cluster that one of our logins or writes has made. Requests carry it along, so that a
 * performance standby which has not come that far yet says so (412) instead of refusing the new token. Thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/docs/enterprise/consistency">Vault Enterprise: eventual consistency</a>
 */
final class ReplicationIndex {
    private final AtomicReference<@Nullable String> newest = new AtomicReference<>();

    /** The header's value for the next request, or null when no answer has named a state. */
    @Nullable
    String newest() {
        return newest.get();
    }

    /** Takes note of the state that an answer names. */
    void note(String index) {
        String known = newest.get();
        while ((known == null || !isOlder(index, known)) && !newest.compareAndSet(known, index)) {
            known = newest.get();
        }
    }

    /** Whether both are of one cluster and the first is behind the second. */
    private static boolean isOlder(String one, String other) {
        String[] left = parts(one);
        String[] right = parts(other);
        if (left == null || right == null || !left[1].equals(right[1])) {
            return false;
        }
        try {
            long local = Long.parseLong(left[2]) - Long.parseLong(right[2]);
            long replicated = Long.parseLong(left[3]) - Long.parseLong(right[3]);
            return local < 0 || (local == 0 && replicated < 0);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Version, cluster, local index, replicated index, signature; null for anything else. */
    private static String @Nullable [] parts(String index) {
        try {
            String[] parts = new String(Base64.getDecoder().decode(index), ISO_8859_1).split(":", -1);
            return parts.length >= 4 ? parts : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
