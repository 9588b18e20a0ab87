package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.RefusedPaths;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.http.Exchange;
import io.github.vaultlambda.http.TransportException;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Sends a client's request to Vault with the session's token, unless the client brought its own. What fails is treated as the
 * session's own requests are, as far as the request can be sent again: a refusal (403) that may come from a token which died
 * unnoticed heals once, with the same memory; a redirect to the cluster's active node is followed; reads are repeated while Vault
 * cannot answer, inside the deadline and the retry budget. Thread-safe.
 */
final class Forwarder {
    private static final Log LOG = Log.of(Forwarder.class);
    private static final int MOST_REDIRECTS = 3;

    private final VaultConfig config;
    private final Duration timeout;
    private final VaultSession session;
    private final VaultEndpoint endpoint;
    private final RefusedPaths refused;
    private final InstantSource clock;
    private final ProxyCounters counters;

    /** @param timeout how long an answer may take to begin */
    Forwarder(VaultSession session, Duration timeout, ProxyCounters counters) {
        this.config = session.config();
        this.timeout = timeout;
        this.session = session;
        this.endpoint = session.endpoint();
        this.refused = session.client().refusedPaths();
        this.clock = session.platform().clock();
        this.counters = counters;
    }

    /** A call that begins now. */
    Call call(ClientRequest request) {
        return Call.of(request, clock.millis(), endpoint.deadlineIn(timeout));
    }

    /**
     * Sends a call on and returns Vault's answer, which must be closed.
     *
     * @throws Refusal when there is no answer to pass on
     * @throws IOException when the call was cancelled, or the client has not sent its body in time
     */
    VaultAnswer answer(Call call) throws Refusal, IOException {
        ClientRequest request = call.request();
        if (request.asksForNewToken()) {
            replaceToken(call);
        }
        for (int retry = 1; ; retry++) {
            VaultAnswer answer = null;
            TransportException trouble = null;
            try {
                answer = healed(call);
            } catch (TransportException e) {
                trouble = e;
            }
            String retryAfter = answer == null ? null : answer.headers().first("Retry-After");
            boolean again = answer == null ? isWorthRetrying(call, trouble) : isWorthRetrying(request, answer.status());
            Duration wait = again ? endpoint.waitBeforeRetry(retry, retryAfter, call.deadline()) : null;
            if (wait == null) {
                if (answer != null) {
                    return noted(request, answer, retry == 1);
                }
                throw failure(call, trouble);
            }
            if (answer != null) {
                answer.discard();
            }
            counters.countRetry();
            LOG.debug("{} failed; trying again in {} ms", request, wait.toMillis());
            pause(call, wait);
        }
    }

    private VaultAnswer healed(Call call) throws Refusal, IOException {
        String own = call.request().ownToken();
        if (own != null) {
            return send(call, SecretValue.of(own), null);
        }
        ClientRequest request = call.request();
        VaultToken token = token(call);
        VaultAnswer answer = send(call, token.value(), token);
        if (answer.status() != 403 || !refused.mayHeal(request.asked(), token, call.begunAtMillis(), clock.millis())) {
            return answer;
        }
        session.reject(token);
        return call.isRepeatable() ? repeated(call, answer) : answer;
    }

    private VaultAnswer repeated(Call call, VaultAnswer refusal) throws IOException {
        ClientRequest request = call.request();
        VaultToken next;
        try {
            next = session.token(call.deadline());
        } catch (VaultException | IllegalStateException e) {
            LOG.warn("{} was refused, and no new login succeeded: {}", request, OneLine.of(e));
            return refusal;
        }
        LOG.debug("{} was refused; asking once more with a new token", request);
        refusal.discard();
        VaultAnswer answer = send(call, next.value(), next);
        if (answer.status() == 403) {
            refused.note(request.asked(), next, clock.millis());
        }
        return answer;
    }

    private VaultToken token(Call call) throws Refusal, IOException {
        try {
            return session.token(loginDeadline(call));
        } catch (VaultException e) {
            call.checkWanted();
            LOG.warn("{} failed for want of a token: {}", call.request(), OneLine.of(e));
            String text = "failed to get valid Vault token: " + LoginFailure.inShort(e);
            throw e instanceof VaultUnavailableException ? Refusal.unavailable(500, text) : Refusal.of(500, text);
        } catch (IllegalStateException e) {
            throw new IOException("the proxy is stopping", e); // the session is closed
        }
    }

    /** A login has the time of operations, which may be less. */
    private Deadline loginDeadline(Call call) {
        return call.deadline().within(config.requestTimeout());
    }

    private void replaceToken(Call call) throws Refusal, IOException {
        VaultToken token = token(call);
        if (token.issuedAt().toEpochMilli() < call.begunAtMillis()) {
            session.reject(token);
            token(call);
        }
    }

    /** Sends it, and again to where Vault redirects it. */
    private VaultAnswer send(Call call, SecretValue token, @Nullable VaultToken ours) throws IOException {
        ClientRequest request = call.request();
        URI uri = null;
        for (int hops = 0; ; hops++) {
            call.checkWanted();
            long sentAt = clock.millis();
            VaultAnswer answer = new VaultAnswer(sent(call, token, uri), sentAt, ours);
            if (hops == MOST_REDIRECTS || !isFollowed(call, answer.status())) {
                return answer;
            }
            uri = redirect(call, uri == null ? URI.create(endpoint.address() + request.target()) : uri, answer);
            if (uri == null) {
                return answer;
            }
            answer.discard();
        }
    }

    private Exchange sent(Call call, SecretValue token, @Nullable URI uri) throws IOException {
        ClientRequest request = call.request();
        var headers = request.headersWith(token, endpoint.replicationState());
        Duration patience = call.isRepeatable() ? call.patience() : timeout; // a stream's begins anew with each piece
        Exchange exchange = uri == null
                ? endpoint.exchange(request.method(), request.target(), headers, patience)
                : endpoint.exchange(request.method(), uri, headers, patience);
        call.send(exchange);
        return exchange;
    }

    private static boolean isFollowed(Call call, int status) {
        boolean sameMethod = status == 307 || status == 308;
        return (sameMethod
                        || ((status == 301 || status == 302) && call.request().isRead()))
                && call.isRepeatable();
    }

    private @Nullable URI redirect(Call call, URI from, VaultAnswer answer) {
        try {
            String location = answer.headers().first("Location");
            return endpoint.redirect(call.request().toString(), from, answer.status(), location, call.deadline());
        } catch (VaultException e) {
            LOG.info("A redirect is passed on: {}", OneLine.of(e));
            return null;
        }
    }

    private VaultAnswer noted(ClientRequest request, VaultAnswer answer, boolean first) {
        int status = answer.status();
        if (status >= 500) {
            counters.countFailure();
        } else if (status < 300) {
            String state = answer.headers().first("X-Vault-Index");
            if (state != null && !request.isRead()) {
                endpoint.noteReplicationState(state);
            }
            if (first) {
                session.platform().retryBudget().giveBack();
            }
        }
        return answer;
    }

    /** Those by which Vault says how it is are what the client wants to know. */
    private static boolean isWorthRetrying(ClientRequest request, int status) {
        return request.isRead() && isUnavailable(status) && !request.path().startsWith("/v1/sys/health");
    }

    /** Whether the same request may succeed a little later. */
    static boolean isUnavailable(int status) {
        return status == 412 || status == 429 || status == 473 || (status >= 500 && status != 501);
    }

    private static boolean isWorthRetrying(Call call, @Nullable TransportException e) {
        return e != null
                && !e.kind().isPermanent()
                && call.isRepeatable()
                && (call.request().isRead() || !e.mayHaveArrived());
    }

    private void pause(Call call, Duration wait) throws IOException {
        try {
            session.platform().sleeper().sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call.checkWanted();
    }

    /** What to tell the client. */
    private Refusal failure(Call call, @Nullable TransportException e) throws IOException {
        ClientRequest request = call.request();
        if (e == null) {
            throw new IOException("no answer");
        }
        switch (e.kind()) {
            case ILLEGAL_REQUEST -> {
                return Refusal.of(400, "refused: the method, the path or a header cannot be sent on as it is");
            }
            case BODY_SOURCE -> throw new IOException("the client did not send its body to the end", e);
            case ABORTED -> throw new IOException("the client has gone, or the proxy is stopping", e);
            default ->
                LOG.warn(
                        "{} to Vault at {} failed: {}",
                        request,
                        config.address(),
                        OneLine.of(UpstreamFailure.inFull(e)));
        }
        counters.countFailure();
        if (e.kind() == TransportException.Kind.ANSWER_TIMEOUT && !call.hasWholeBody()) {
            throw e; // an answer would have to wait for the rest of the body
        }
        String why = UpstreamFailure.inShort(e, "no answer within " + timeout.toMillis() + " ms");
        String text = "failed to proxy request: " + request + ": " + why;
        return e.kind().isPermanent() ? Refusal.of(502, text) : Refusal.unavailable(502, text);
    }
}
