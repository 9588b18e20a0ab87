package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Has requests answered: by the proxy itself, from the cache, or by Vault. Thread-safe. */
final class ProxyHandler {
    private static final Log LOG = Log.of(ProxyHandler.class);

    private final Forwarder forwarder;
    private final SharedReads reads;
    private final @Nullable AnswerCache cache;
    private final @Nullable RefreshAhead refreshAhead;
    private final Health health;
    private final InstantSource clock;
    private final ProxyCounters counters;

    ProxyHandler(
            Forwarder forwarder,
            SharedReads reads,
            @Nullable AnswerCache cache,
            @Nullable RefreshAhead refreshAhead,
            Health health,
            InstantSource clock,
            ProxyCounters counters) {
        this.forwarder = forwarder;
        this.reads = reads;
        this.cache = cache;
        this.refreshAhead = refreshAhead;
        this.health = health;
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * Answers a request.
     *
     * @param body of the request, or null
     * @return whether the connection can serve another request
     * @throws IOException when the client or Vault broke off after the answer had begun; the connection is closed then, which tells
     *     the client that the answer is not complete
     */
    boolean handle(ClientRequest request, @Nullable RequestBody body, ClientConnection connection) throws IOException {
        long start = System.nanoTime();
        int status = 0;
        try {
            WholeAnswer kept = body == null ? kept(request) : null;
            if (kept != null) {
                status = kept.status();
                Delivery delivery = new Delivery(connection, request.head(), null, null);
                delivery.give(kept);
                return delivery.keepsConnection();
            }
            Refusal refusal = request.refusal();
            if (refusal != null) {
                counters.countRefused();
                status = refusal.status();
                return refused(refusal, request.head(), body, connection);
            }
            if (request.asksForHealth()) {
                return tellHealth(request, body, connection);
            }
            Call call = call(request, body, connection);
            Delivery delivery = new Delivery(connection, request.head(), body, call);
            try {
                connection.waits(call);
                status = forward(call, delivery);
                return delivery.keepsConnection();
            } catch (Refusal e) {
                connection.resumes();
                status = e.status();
                delivery.refuse(e);
                return delivery.keepsConnection();
            } finally {
                connection.answered();
            }
        } catch (IOException e) {
            LOG.info("{} broke off: {}", request, OneLine.of(e));
            throw e;
        } finally {
            long took = System.nanoTime() - start;
            counters.countRequest(took);
            if (LOG.isDebugEnabled()) {
                LOG.debug("{} answered {} after {} ms", request, status, took / 1_000_000);
            }
        }
    }

    /** Sends the proxy's own answer to a request that could not be read. */
    void refuse(Refusal refusal, @Nullable RequestHead head, ClientConnection connection) throws IOException {
        counters.countRefused();
        counters.countRequest(0);
        LOG.info("A request is answered {}: {}", refusal.status(), refusal.text());
        refused(refusal, head, null, connection);
    }

    private @Nullable WholeAnswer kept(ClientRequest request) {
        CacheKey key = request.key();
        if (cache == null || key == null || !request.cacheControl().reads()) {
            return null;
        }
        long now = clock.millis();
        KeptAnswer fresh = cache.fresh(key, now);
        if (fresh == null) {
            return null;
        }
        counters.countHit();
        if (refreshAhead != null && fresh.claimRefreshAt(now)) {
            refreshAhead.begin(request, key, fresh);
        }
        return fresh.answer();
    }

    private Call call(ClientRequest request, @Nullable RequestBody body, ClientConnection connection)
            throws IOException {
        Call call = forwarder.call(request);
        if (body == null) {
            return call;
        }
        return body.length() >= 0 && body.length() <= Call.MOST_BUFFERED
                ? call.with(connection.readWhole(body))
                : call.with(body);
    }

    private int forward(Call call, Delivery client) throws Refusal, IOException {
        ClientRequest request = call.request();
        if (request.asksForNewToken()) {
            reads.distrust();
        }
        CacheKey key = call.key();
        if (key != null) {
            return reads.serve(call, key, client);
        }
        VaultAnswer answer = forwarder.answer(call);
        int status = answer.status();
        if (!request.isRead()) {
            reads.written(request.path());
        }
        long length = answer.contentLength();
        if (!request.head().isHead() && length >= 0 && length <= SharedReads.MOST_AT_ONCE && status != 304) {
            client.give(WholeAnswer.of(answer, SharedReads.wholeContent(answer, (int) length)));
        } else {
            client.pass(answer, null);
        }
        return status;
    }

    private boolean tellHealth(ClientRequest request, @Nullable RequestBody body, ClientConnection connection)
            throws IOException {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return refused(
                    Refusal.of(405, "refused: " + Health.PATH + " takes GET and HEAD"),
                    request.head(),
                    body,
                    connection);
        }
        Delivery delivery = new Delivery(connection, request.head(), body, null);
        delivery.give(health.answer());
        return delivery.keepsConnection();
    }

    private static boolean refused(
            Refusal refusal, @Nullable RequestHead head, @Nullable RequestBody body, ClientConnection connection)
            throws IOException {
        Delivery delivery = new Delivery(connection, head, body, null);
        delivery.refuse(refusal);
        return delivery.keepsConnection();
    }
}
