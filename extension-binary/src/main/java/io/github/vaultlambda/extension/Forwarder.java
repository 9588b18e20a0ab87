package io.github.vaultlambda.extension;

import com.sun.net.httpserver.HttpExchange;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Flow.Publisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a client's request to Vault with the session's token, unless the client brought its own. A refusal (403) that may come
 * from a token which died unnoticed heals once, as in {@link io.github.vaultlambda.client.VaultClient}; only that a request
 * with a body is not repeated, because the body is gone. Thread-safe.
 */
final class Forwarder {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final Duration DISCARD_IDLE = Duration.ofSeconds(1);

    private final URI address;
    private final @Nullable String namespace;
    private final Duration timeout;
    private final VaultSession session;
    private final Upstream upstream;

    Forwarder(VaultConfig config, VaultSession session) {
        this.address = config.address();
        this.namespace = config.namespace();
        this.timeout = config.requestTimeout();
        this.session = session;
        this.upstream = new Upstream(config.requestTimeout());
    }

    /**
     * Sends a request on and returns Vault's answer, whose body must be taken.
     *
     * @param target path and query, not decoded
     * @throws Refusal when there is no answer to pass on
     * @throws IOException when the client has not sent its body in time
     */
    HttpResponse<Publisher<List<ByteBuffer>>> answer(HttpExchange exchange, String target) throws Refusal, IOException {
        ClientRequest request = ClientRequest.of(exchange, URI.create(address + target), namespace);
        Deadline deadline = session.endpoint().deadlineIn(timeout);
        Instant start = session.platform().clock().instant();
        String own = request.ownToken();
        if (own != null && !request.asksForNewToken()) {
            return send(request, SecretValue.of(own));
        }
        VaultToken token = token(request, start, deadline);
        if (own != null) {
            return send(request, SecretValue.of(own));
        }
        HttpResponse<Publisher<List<ByteBuffer>>> answer = send(request, token.value());
        if (answer.statusCode() != 403 || !token.issuedAt().isBefore(start)) {
            return answer; // a token made for this very request is not refused because it died
        }
        session.reject(token);
        return request.body() == null ? repeated(request, answer, deadline) : answer;
    }

    private VaultToken token(ClientRequest request, Instant start, Deadline deadline) throws Refusal {
        try {
            VaultToken token = session.token(deadline);
            if (request.asksForNewToken() && token.issuedAt().isBefore(start)) {
                session.reject(token);
                token = session.token(deadline);
            }
            return token;
        } catch (VaultException e) {
            LOG.warn("{} failed for want of a token: {}", request, OneLine.of(e));
            throw Refusal.of(500, "failed to get valid Vault token: " + e.getMessage());
        }
    }

    private HttpResponse<Publisher<List<ByteBuffer>>> repeated(
            ClientRequest request, HttpResponse<Publisher<List<ByteBuffer>>> refused, Deadline deadline)
            throws Refusal, IOException {
        VaultToken next;
        try {
            next = session.token(deadline);
        } catch (VaultException e) {
            LOG.warn("{} was refused, and no new login succeeded: {}", request, OneLine.of(e));
            return refused;
        }
        LOG.debug("{} was refused; asking once more with a new token", request);
        discard(refused);
        return send(request, next.value());
    }

    private HttpResponse<Publisher<List<ByteBuffer>>> send(ClientRequest request, SecretValue token)
            throws Refusal, IOException {
        UploadStream body = request.body();
        try {
            return upstream.send(request.with(token), body);
        } catch (IllegalArgumentException e) {
            // A client's own token that is no header value; the exception quotes it.
            throw Refusal.of(400, "refused: the token cannot be sent on as it is");
        } catch (HttpTimeoutException e) {
            LOG.warn("{}: Vault at {} gave {}", request, address, e.getMessage());
            if (body != null && !body.hasEnded()) {
                throw e; // an answer would have to wait for the rest of the body
            }
            throw Refusal.of(502, "failed to proxy request: " + request + ": " + e.getMessage());
        } catch (IOException e) {
            LOG.warn("{} to Vault at {} failed: {}", request, address, OneLine.of(e));
            throw Refusal.of(502, "failed to proxy request: " + request + ": " + e.getMessage());
        }
    }

    /** Takes the body of an answer that nobody wants, so that its connection is free again. */
    static void discard(HttpResponse<Publisher<List<ByteBuffer>>> answer) {
        try (AnswerBody body = AnswerBody.of(answer)) {
            body.copyTo(OutputStream.nullOutputStream(), DISCARD_IDLE);
        } catch (IOException e) {
            LOG.debug("The rest of an answer did not come: {}", OneLine.of(e));
        }
    }
}
