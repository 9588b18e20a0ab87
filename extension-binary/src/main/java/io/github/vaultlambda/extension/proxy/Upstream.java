package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.http.Exchange;
import io.github.vaultlambda.http.TransportException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends proxied requests to Vault, over the connections of the session's own requests, and waits for the head of the answer; the
 * content comes as it arrives. Follows no redirect. Thread-safe.
 */
final class Upstream {
    private final VaultEndpoint endpoint;
    private final Duration timeout;
    private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** An upstream that waits at most this long for the head of an answer, or for the next piece of a body to be sent. */
    Upstream(VaultEndpoint endpoint, Duration timeout) {
        this.endpoint = endpoint;
        this.timeout = timeout;
    }

    /**
     * Sends a request. The time for the answer counts from now, or from the last piece that was sent of the body.
     *
     * @return the answer, which must be closed
     * @throws TransportException when no head of an answer came
     */
    VaultAnswer send(ClientRequest request, SecretValue token) throws TransportException {
        Exchange exchange = endpoint.exchange(request.method(), request.target(), request.headersWith(token), timeout);
        UploadStream body = request.body();
        if (body != null) {
            exchange.body(body, body.length());
        } else if (request.announcesNoBody()) {
            exchange.body(new byte[0]);
        }
        underWay.add(exchange);
        if (stopped) {
            exchange.abort();
        }
        try {
            exchange.send();
            return new VaultAnswer(exchange, () -> underWay.remove(exchange));
        } catch (TransportException e) {
            underWay.remove(exchange);
            throw e;
        }
    }

    /** Ends all requests under way, and those that still come. */
    void stop() {
        stopped = true;
        for (Exchange exchange : underWay) {
            exchange.abort();
        }
    }
}
