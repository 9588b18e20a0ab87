package io.github.vaultlambda.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A successful answer of Vault. Immutable and thread-safe.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs">Vault: HTTP API</a>
 */
public final class VaultResponse {
    private static final long LONGEST_LIFE_SECONDS = 36_500L * 86_400;

    private final int status;
    private final SecretValue body;
    private final Instant requestedAt;
    private final @Nullable VaultToken token;

    VaultResponse(int status, SecretValue body, Instant requestedAt, @Nullable VaultToken token) {
        this.status = status;
        this.body = body;
        this.requestedAt = requestedAt;
        this.token = token;
    }

    /** The HTTP status, 200 to 299. */
    public int status() {
        return status;
    }

    /** The whole answer; an empty object when Vault sent none (204). */
    public SecretValue body() {
        return body;
    }

    /** When the request was sent: the moment from which any time to live in the answer is counted. */
    public Instant requestedAt() {
        return requestedAt;
    }

    /**
     * The token that the request was made with; null when there was none. Leases in the answer hang on it, unless the request was
     * to unwrap: then they hang on the token of the request whose answer was wrapped.
     */
    public @Nullable VaultToken token() {
        return token;
    }

    /** The field {@code data}, or null. */
    public @Nullable SecretValue data() {
        return body.field("data");
    }

    /** The field {@code auth} of a login, or null. */
    public @Nullable SecretValue auth() {
        return body.field("auth");
    }

    /** The lease's id, or null when the answer has no lease. */
    public @Nullable String leaseId() {
        String id = body.text("lease_id");
        return id == null || id.isEmpty() ? null : id;
    }

    /** The time that the answer may be kept according to Vault; zero when it names none, a hundred years when it names more. */
    public Duration leaseDuration() {
        return life(body.number("lease_duration", 0));
    }

    /** A life of so many seconds; never below zero nor above a hundred years, so that no moment counted with it overflows. */
    static Duration life(long seconds) {
        return Duration.ofSeconds(Math.max(0, Math.min(seconds, LONGEST_LIFE_SECONDS)));
    }

    /** Vault's warnings; usually none. */
    public List<String> warnings() {
        return body.texts("warnings");
    }

    /** The status; never the content. */
    @Override
    public String toString() {
        return "VaultResponse[" + status + "]";
    }
}
