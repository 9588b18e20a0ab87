package io.github.vaultlambda.extension.proxy;

import com.sun.net.httpserver.HttpExchange;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.RefusedPaths;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.http.TransportException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a client's request to Vault with the session's token, unless the client brought its own. A refusal (403) that may come
 * from a token which died unnoticed heals once, as in {@link io.github.vaultlambda.client.VaultClient} and with the same memory;
 * only that a request with a body is not repeated, because the body is gone. Thread-safe.
 */
final class Forwarder {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    private final VaultConfig config;
    private final Duration timeout;
    private final VaultSession session;
    private final RefusedPaths refused;
    private final InstantSource clock;
    private final Upstream upstream;

    Forwarder(VaultSession session) {
        this.config = session.config();
        this.timeout = config.requestTimeout();
        this.session = session;
        this.refused = session.client().refusedPaths();
        this.clock = session.platform().clock();
        this.upstream = new Upstream(session.endpoint(), timeout);
    }

    /**
     * Sends a request on and returns Vault's answer, which must be closed.
     *
     * @param target path and query, not decoded
     * @throws Refusal when there is no answer to pass on
     * @throws IOException when the client has not sent its body in time, or the proxy is stopping
     */
    VaultAnswer answer(HttpExchange exchange, String target) throws Refusal, IOException {
        ClientRequest request = new ClientRequest(exchange, target, config);
        try {
            return answer(request);
        } finally {
            UploadStream body = request.body();
            if (body != null && !body.hasEnded()) {
                // Answered early: what still comes of the body must not be taken for the next request.
                exchange.getResponseHeaders().set("Connection", "close");
            }
        }
    }

    /** Ends all requests under way, and those that still come. */
    void stop() {
        upstream.stop();
    }

    private VaultAnswer answer(ClientRequest request) throws Refusal, IOException {
        Deadline deadline = session.endpoint().deadlineIn(timeout);
        long start = clock.millis();
        String own = request.ownToken();
        if (own != null && !request.asksForNewToken()) {
            return send(request, SecretValue.of(own));
        }
        VaultToken token = token(request, start, deadline);
        if (own != null) {
            return send(request, SecretValue.of(own));
        }
        VaultAnswer answer = send(request, token.value());
        if (answer.status() != 403 || !refused.mayHeal(request.asked(), token, start, clock.millis())) {
            return answer;
        }
        session.reject(token);
        return request.body() == null ? repeated(request, answer, deadline) : answer;
    }

    private VaultToken token(ClientRequest request, long start, Deadline deadline) throws Refusal, IOException {
        try {
            VaultToken token = session.token(deadline);
            if (request.asksForNewToken() && token.issuedAt().toEpochMilli() < start) {
                session.reject(token);
                token = session.token(deadline);
            }
            return token;
        } catch (VaultException e) {
            LOG.warn("{} failed for want of a token: {}", request, OneLine.of(e));
            throw Refusal.of(500, "failed to get valid Vault token: " + e.getMessage());
        } catch (IllegalStateException e) {
            throw new IOException("the proxy is stopping", e); // the session is closed
        }
    }

    private VaultAnswer repeated(ClientRequest request, VaultAnswer refusal, Deadline deadline)
            throws Refusal, IOException {
        VaultToken next;
        try {
            next = session.token(deadline);
        } catch (VaultException | IllegalStateException e) {
            LOG.warn("{} was refused, and no new login succeeded: {}", request, OneLine.of(e));
            return refusal;
        }
        LOG.debug("{} was refused; asking once more with a new token", request);
        refusal.discard();
        VaultAnswer answer = send(request, next.value());
        if (answer.status() == 403) {
            refused.note(request.asked(), next, clock.millis());
        }
        return answer;
    }

    private VaultAnswer send(ClientRequest request, SecretValue token) throws Refusal, IOException {
        try {
            return upstream.send(request, token);
        } catch (TransportException e) {
            switch (e.kind()) {
                case ILLEGAL_REQUEST ->
                    throw Refusal.of(400, "refused: the method, the path or a header cannot be sent on as it is");
                case BODY_SOURCE -> throw new IOException("the client did not send its body to the end", e);
                case ABORTED -> throw new IOException("the proxy is stopping", e);
                default -> LOG.warn("{} to Vault at {} failed: {}", request, config.address(), OneLine.of(inFull(e)));
            }
            UploadStream body = request.body();
            if (e.kind() == TransportException.Kind.ANSWER_TIMEOUT && body != null && !body.hasEnded()) {
                throw e; // an answer would have to wait for the rest of the body
            }
            throw Refusal.of(502, "failed to proxy request: " + request + ": " + inShort(e));
        }
    }

    private static String inFull(TransportException e) {
        return e.getMessage() + (e.hint() == null ? "" : ". Hint: " + e.hint());
    }

    /** For the client, without hosts and addresses; these are for the log. */
    private String inShort(TransportException e) {
        return switch (e.kind()) {
            case CONNECTION_REFUSED -> "connection refused";
            case UNKNOWN_HOST -> "unknown host";
            case UNREACHABLE -> "no way leads to the host";
            case CONNECT_TIMEOUT, TLS_TIMEOUT -> "no connection in time";
            case ANSWER_TIMEOUT -> "no answer within " + timeout.toMillis() + " ms";
            case RESET -> "the connection broke off";
            case MALFORMED_ANSWER -> "the answer is no valid HTTP";
            case PROXY -> "the forward proxy did not connect to the host";
            case UNKNOWN_AUTHORITY ->
                "TLS failed: the server's certificate comes from an authority that is not trusted";
            case CERTIFICATE_EXPIRED -> "TLS failed: the server's certificate has expired";
            case CERTIFICATE_NOT_YET_VALID -> "TLS failed: the server's certificate is not valid yet";
            case HOST_NAME_MISMATCH -> "TLS failed: the server's certificate is for another host";
            case CLIENT_CERTIFICATE -> "TLS failed: the server wants a client certificate, or another one";
            case NOT_TLS -> "TLS failed: one side speaks TLS, the other does not";
            case TLS_OPTIONS -> "TLS failed: the certificate files cannot be used";
            default -> e.kind().isTls() ? "TLS failed" : "no answer";
        };
    }
}
