package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What Vault answered to the question for a secret, taken apart. Immutable and thread-safe. */
final class SecretAnswer {
    private final VaultResponse response;
    private final SecretValue data;
    private final int version;
    private final Instant requestedAt;
    private final @Nullable VaultToken token;

    /**
     * Of this response.
     *
     * @param first the answer to the question itself, perhaps one that wraps the response
     */
    SecretAnswer(VaultResponse response, SecretValue data, int version, VaultResponse first) {
        this.response = response;
        this.data = data;
        this.version = version;
        this.requestedAt = first.requestedAt();
        this.token = first.token();
    }

    /** The answer as Vault gave it; of a wrapped one what was in it. */
    VaultResponse response() {
        return response;
    }

    /** The secret itself: of KV v2 the inner data. */
    SecretValue data() {
        return data;
    }

    /** The version of a KV v2 secret; null for everything else. */
    @Nullable
    Integer version() {
        return version == 0 ? null : Integer.valueOf(version);
    }

    /**
     * From when lease and time to live count: when the question was sent. Of a wrapped answer that is before it was unwrapped, and
     * so earlier than the response's own.
     */
    Instant requestedAt() {
        return requestedAt;
    }

    /** The token that a lease hangs on: the one of the question. */
    @Nullable
    VaultToken token() {
        return token;
    }

    /** The response's status; never the content. */
    @Override
    public String toString() {
        return "SecretAnswer[" + response.status() + "]";
    }
}
