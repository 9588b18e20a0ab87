package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.config.VaultConfig;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests of their heads, and remembers some: a function asks for the same secrets in the same words, and then nothing has
 * to be taken apart again. What carries a token or another secret of the client's own is not remembered. Thread-safe.
 */
final class KnownRequests {
    private static final int SLOTS = 64;
    private static final int MOST_BYTES = 1024;

    /** A head and what it means. */
    private static final class Known {
        private final byte[] head;
        private final ClientRequest request;

        Known(byte[] head, ClientRequest request) {
            this.head = head;
            this.request = request;
        }
    }

    private final boolean overTcp;
    private final Gate gate;
    private final ProxySettings settings;
    private final VaultConfig config;
    /** Null when no answer is kept: what has to go to Vault costs so much more that this would not show. */
    private final @Nullable AtomicReferenceArray<@Nullable Known> known;

    KnownRequests(boolean overTcp, ProxySettings settings, VaultConfig config) {
        this.overTcp = overTcp;
        this.gate = new Gate(settings, config.namespace());
        this.settings = settings;
        this.config = config;
        this.known = settings.cacheTtl().isZero() ? null : new AtomicReferenceArray<>(SLOTS);
    }

    /**
     * The request with this head.
     *
     * @throws Refusal when it is no valid HTTP
     */
    ClientRequest read(byte[] bytes, int start, int length) throws Refusal {
        AtomicReferenceArray<@Nullable Known> slots = known;
        if (slots == null || length > MOST_BYTES) {
            return parsed(bytes, start, length);
        }
        int slot = slot(bytes, start, length);
        Known candidate = slots.get(slot);
        if (candidate != null
                && Arrays.equals(candidate.head, 0, candidate.head.length, bytes, start, start + length)) {
            return candidate.request;
        }
        ClientRequest request = parsed(bytes, start, length);
        if (request.cacheControl().reads() && !isSecret(request)) {
            slots.set(slot, new Known(Arrays.copyOfRange(bytes, start, start + length), request));
        }
        return request;
    }

    private ClientRequest parsed(byte[] bytes, int start, int length) throws Refusal {
        return new ClientRequest(HeadParser.parse(bytes, start, start + length), overTcp, gate, settings, config);
    }

    private static boolean isSecret(ClientRequest request) {
        RequestHead head = request.head();
        return request.ownToken() != null || head.first("Authorization") != null || head.first("Cookie") != null;
    }

    private static int slot(byte[] bytes, int start, int length) {
        int hash = length;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ (hash >>> 16)) & (SLOTS - 1);
    }
}
