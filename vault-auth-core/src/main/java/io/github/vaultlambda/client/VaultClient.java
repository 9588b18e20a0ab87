package io.github.vaultlambda.client;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to Vault in the name of a session. A refusal (403) that may come from a token which died unnoticed heals once: the
 * token is dropped, a new login made and the request repeated; a second refusal is the caller's answer. Thread-safe.
 */
public final class VaultClient {
    private static final Logger LOG = LoggerFactory.getLogger(VaultClient.class);

    private final VaultEndpoint endpoint;
    private final TokenSource tokens;
    private final Duration requestTimeout;

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
        Instant start = endpoint.now();
        VaultToken token = tokens.token(deadline);
        try {
            return endpoint.send(request, token, deadline);
        } catch (VaultPermissionException refused) {
            if (!token.issuedAt().isBefore(start)) {
                throw refused; // made for this very request: a newer one would be refused as well
            }
            tokens.reject(token);
            VaultToken next;
            try {
                next = tokens.token(deadline);
            } catch (VaultException loginFailed) {
                refused.addSuppressed(loginFailed);
                throw refused;
            }
            LOG.debug("{} was refused; asking once more with a new token", request);
            return endpoint.send(request, next, deadline);
        }
    }

    /** A deadline as far away as the configured time-out. */
    public Deadline newDeadline() {
        return endpoint.deadlineIn(requestTimeout);
    }
}
