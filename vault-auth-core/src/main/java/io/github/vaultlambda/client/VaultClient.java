package io.github.vaultlambda.client;

import io.github.vaultlambda.log.Log;
import java.time.Duration;

/**
 * Requests to Vault in the name of a session. A refusal (403) that may come from a token which died unnoticed heals once: the
 * token is dropped, a new login made and the request repeated; a second refusal is the caller's answer, and for that path it is
 * remembered. Thread-safe.
 */
public final class VaultClient {
    private static final Log LOG = Log.of(VaultClient.class);

    private final VaultEndpoint endpoint;
    private final TokenSource tokens;
    private final Duration requestTimeout;
    private final RefusedPaths refused = new RefusedPaths();

    /** A client of this endpoint; each operation without a deadline of its own has {@code requestTimeout} for everything. */
    public VaultClient(VaultEndpoint endpoint, TokenSource tokens, Duration requestTimeout) {
        this.endpoint = endpoint;
        this.tokens = tokens;
        this.requestTimeout = requestTimeout;
    }

    /**
     * Reads a path such as {@code secret/data/orders/db}, with the configured time-out.
     *
     * @throws VaultException one subclass per cause
     */
    public VaultResponse read(String path) {
        return send(VaultRequest.get(path), newDeadline());
    }

    /**
     * Sends a request and waits for the answer until the deadline.
     *
     * @throws VaultException one subclass per cause
     */
    public VaultResponse send(VaultRequest request, Deadline deadline) {
        long start = endpoint.nowMillis();
        VaultToken token = tokens.token(deadline);
        try {
            return endpoint.send(request, token, deadline);
        } catch (VaultPermissionException refusal) {
            if (!refused.mayHeal(request.toString(), token, start, endpoint.nowMillis())) {
                throw refusal;
            }
            tokens.reject(token);
            VaultToken next;
            try {
                next = tokens.token(deadline);
            } catch (VaultException loginFailed) {
                refusal.addSuppressed(loginFailed);
                throw refusal;
            }
            LOG.debug("{} was refused; asking once more with a new token", request);
            return sendAgain(request, next, deadline);
        }
    }

    /**
     * As {@link #send}, but a refusal is the caller's answer at once: for a question beside the way, whose refusal is usual and
     * shall not cost a login.
     *
     * @throws VaultException one subclass per cause
     */
    public VaultResponse sendUnhealed(VaultRequest request, Deadline deadline) {
        return endpoint.send(request, tokens.token(deadline), deadline);
    }

    private VaultResponse sendAgain(VaultRequest request, VaultToken token, Deadline deadline) {
        try {
            return endpoint.send(request, token, deadline);
        } catch (VaultPermissionException refusal) {
            refused.note(request.toString(), token, endpoint.nowMillis());
            throw refusal;
        }
    }

    /**
     * Exchanges a wrapping token for the answer that was wrapped, which works once.
     *
     * @throws VaultRequestException when the wrapping token has been used already or has come to its end
     * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/response-wrapping">Vault: response wrapping</a>
     */
    public VaultResponse unwrap(SecretValue wrappingToken, Deadline deadline) {
        return endpoint.unwrap(wrappingToken, deadline);
    }

    /** What this client remembers of refusals, for those that send requests of others with the same tokens. */
    public RefusedPaths refusedPaths() {
        return refused;
    }

    /** A deadline as far away as the configured time-out, or as the {@link TimeLimit} in force for the calling thread. */
    public Deadline newDeadline() {
        return TimeLimit.shorten(endpoint.deadlineIn(requestTimeout));
    }
}
