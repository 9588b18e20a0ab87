package io.github.vaultlambda.auth;

import io.github.vaultlambda.client.VaultToken;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The tokens that were given up because Vault refused a request with them. A path that a policy denies is refused in the same way,
 * so they may be alive, and whoever revokes tokens at the end has to revoke these as well. Only the last few are kept. Thread-safe.
 */
final class RejectedTokens {
    private static final int MOST = 8;

    private final Deque<VaultToken> tokens = new ArrayDeque<>();

    synchronized void add(VaultToken token) {
        if (tokens.size() == MOST) {
            tokens.removeFirst();
        }
        tokens.addLast(token);
    }

    /** The latest first; none is kept any more. */
    synchronized List<VaultToken> takeAll() {
        Deque<VaultToken> latestFirst = new ArrayDeque<>();
        for (VaultToken token : tokens) {
            latestFirst.addFirst(token);
        }
        tokens.clear();
        return List.copyOf(latestFirst);
    }
}
