package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads that have something in common: equal ones that come at the same time are sent to Vault once, and who waited gets the same
 * answer, failures included; answers are kept where that is wished, and an old one serves while Vault cannot be asked, if the
 * settings allow it. No lock is held over the network. Thread-safe.
 *
 * <p>What was asked for before a write through this proxy ended is neither shared with nor kept for who asks after it.
 */
final class SharedReads {
    private static final Log LOG = Log.of(SharedReads.class);
    /** Content up to this length is read as a whole, and passed on in one piece. */
    static final int MOST_AT_ONCE = 64 * 1024;

    /** How long Vault is waited for while an old answer could serve. */
    private static final Duration PATIENCE_WITH_OLD_ANSWER = Duration.ofSeconds(2);

    private static final long WARNING_PAUSE_MILLIS = 10_000;

    private final Forwarder forwarder;
    private final @Nullable AnswerCache cache;
    private final InstantSource clock;
    private final ProxyCounters counters;
    private final ConcurrentMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicLong writes = new AtomicLong();
    private volatile long warnedAtMillis;

    /** @param cache null when nothing is kept */
    SharedReads(Forwarder forwarder, @Nullable AnswerCache cache, InstantSource clock, ProxyCounters counters) {
        this.forwarder = forwarder;
        this.cache = cache;
        this.clock = clock;
        this.counters = counters;
    }

    /** Something was written to this path. */
    void written(String path) {
        writes.incrementAndGet();
        if (cache != null) {
            cache.drop(path);
        }
    }

    /** What was read so far, or is being read, is not to be answered from now on. */
    void distrust() {
        writes.incrementAndGet();
        if (cache != null) {
            cache.clear();
        }
    }

    /**
     * Answers a call.
     *
     * @return the status of the answer
     * @throws Refusal when there is none
     * @throws IOException when the call was cancelled, or either side broke off
     */
    int serve(Call call, CacheKey key, Passage client) throws Refusal, IOException {
        if (call.request().cacheControl().insists()) {
            return lead(call, key, client, new Flight(writes.get())); // one that nobody can join
        }
        while (true) {
            Flight mine = new Flight(writes.get());
            Flight other = flights.putIfAbsent(key, mine);
            if (other != null && other.generation() != mine.generation()) {
                if (!flights.replace(key, other, mine)) {
                    continue;
                }
                other = null;
            }
            if (other == null) {
                return lead(call, key, client, mine);
            }
            Flight.Outcome outcome = await(call, other);
            if (outcome.answer() != null) {
                counters.countCoalesced();
                client.give(outcome.answer());
                return outcome.answer().status();
            }
            if (outcome.refusal() != null) {
                counters.countCoalesced();
                throw outcome.refusal();
            }
            if (!outcome.left()) {
                return lead(call, key, client, new Flight(writes.get()));
            }
        }
    }

    /** As {@link #serve}, but asks Vault although there is a fresh answer. */
    void refresh(Call call, CacheKey key, Passage client) throws Refusal, IOException {
        Flight flight = new Flight(writes.get());
        try {
            taken(call, key, client, flight, forwarder.answer(call));
        } finally {
            end(key, flight, Flight.Outcome.LEFT);
        }
    }

    private static Flight.Outcome await(Call call, Flight flight) throws Refusal, IOException {
        try {
            Flight.Outcome outcome = flight.await(call.deadline().remaining().toNanos());
            if (outcome == null) {
                throw Refusal.unavailable(502, "failed to proxy request: " + call.request() + ": no answer in time");
            }
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the client has gone, or the proxy is stopping", e);
        }
    }

    private int lead(Call call, CacheKey key, Passage client, Flight flight) throws Refusal, IOException {
        try {
            return answered(call, key, client, flight);
        } catch (Refusal e) {
            end(key, flight, Flight.Outcome.of(e));
            throw e;
        } finally {
            end(key, flight, Flight.Outcome.LEFT);
        }
    }

    private void end(CacheKey key, Flight flight, Flight.Outcome outcome) {
        flights.remove(key, flight); // first, so that nobody joins a flight whose end is known
        flight.land(outcome);
    }

    private int give(WholeAnswer answer, CacheKey key, Passage client, Flight flight) throws IOException {
        end(key, flight, Flight.Outcome.of(answer)); // unless it is not to be shared, which was said before
        client.give(answer);
        return answer.status();
    }

    private int answered(Call call, CacheKey key, Passage client, Flight flight) throws Refusal, IOException {
        boolean reads = cache != null && call.request().cacheControl().reads();
        KeptAnswer old = null;
        if (reads && cache != null) {
            long now = clock.millis();
            KeptAnswer fresh = cache.fresh(key, now); // of a flight that ended since this call looked
            if (fresh != null) {
                counters.countHit();
                return give(fresh.answer(), key, client, flight);
            }
            old = cache.bearable(key, now);
            if (old != null && old.restsAt(now)) {
                return give(stale(call, old, now, "it could not answer a moment ago"), key, client, flight);
            }
            if (old != null) {
                call.hurry(PATIENCE_WITH_OLD_ANSWER);
            }
        }
        VaultAnswer answer;
        try {
            answer = forwarder.answer(call);
        } catch (Refusal e) {
            WholeAnswer instead = e.isUnavailable() ? staleNow(call, key, old, e.text()) : null;
            if (instead == null) {
                throw e;
            }
            return give(instead, key, client, flight);
        }
        if (old != null && Forwarder.isUnavailable(answer.status())) {
            WholeAnswer instead = staleNow(call, key, old, "status " + answer.status());
            if (instead != null) {
                answer.discard();
                return give(instead, key, client, flight);
            }
        }
        return taken(call, key, client, flight, answer);
    }

    private int taken(Call call, CacheKey key, Passage client, Flight flight, VaultAnswer answer)
            throws Refusal, IOException {
        long length = answer.contentLength();
        if (length >= 0 && length <= MOST_AT_ONCE) {
            byte[] content = wholeContent(answer, (int) length);
            WholeAnswer whole = WholeAnswer.of(answer, content);
            settle(call, key, flight, answer, whole, content);
            return give(whole, key, client, flight);
        }
        int most = cache == null ? MOST_AT_ONCE : Math.max(MOST_AT_ONCE, cache.mostContent());
        if (length > most) {
            end(key, flight, Flight.Outcome.NOT_SHARED);
            client.pass(answer, null);
            return answer.status();
        }
        flight.streams();
        ContentCopy copy = new ContentCopy(most);
        client.pass(answer, copy);
        byte[] content = copy.content();
        if (content != null) {
            WholeAnswer whole = WholeAnswer.of(answer, content);
            settle(call, key, flight, answer, whole, content);
            end(key, flight, Flight.Outcome.of(whole));
        } else {
            end(key, flight, Flight.Outcome.NOT_SHARED);
        }
        return answer.status();
    }

    static byte[] wholeContent(VaultAnswer answer, int length) throws Refusal {
        try {
            return answer.readWhole(length);
        } catch (IOException e) {
            throw Refusal.unavailable(500, "failed to read response body: Vault broke its answer off");
        }
    }

    /** Keeps the answer if that is wished, and decides whether those who wait may have it. */
    private void settle(Call call, CacheKey key, Flight flight, VaultAnswer answer, WholeAnswer whole, byte[] content) {
        boolean keeps = cache != null
                && call.request().cacheControl().writes()
                && answer.status() < 300
                && content.length <= cache.mostContent();
        if (!keeps && !flight.isWaitedFor()) {
            end(key, flight, Flight.Outcome.NOT_SHARED); // to look into it would be for nobody
            return;
        }
        AnswerTerms terms = AnswerTerms.of(content, answer.sentAtMillis());
        if (keeps && cache != null && flight.generation() == writes.get()) {
            cache.put(key, whole, answer, terms, clock.millis());
        }
        if (terms.personal() || (terms.leased() && !keeps)) {
            end(key, flight, Flight.Outcome.NOT_SHARED);
        }
    }

    private @Nullable WholeAnswer staleNow(Call call, CacheKey key, @Nullable KeptAnswer old, String why) {
        long now = clock.millis();
        KeptAnswer still = old == null || cache == null ? null : cache.bearable(key, now); // its bound may have come
        if (still == null) {
            return null;
        }
        still.rest(now);
        return stale(call, still, now, why);
    }

    private WholeAnswer stale(Call call, KeptAnswer old, long now, String why) {
        counters.countStale();
        if (now - warnedAtMillis >= WARNING_PAUSE_MILLIS || now < warnedAtMillis) {
            warnedAtMillis = now;
            LOG.warn(
                    "{} is answered with what Vault said {} s ago, because it cannot be asked: {}",
                    call.request(),
                    old.ageSeconds(now),
                    OneLine.of(why));
        }
        return old.answer()
                .with("Warning: 110 - \"Response is Stale\"\r\nX-Vault-Lambda-Stale: true\r\nAge: "
                        + old.ageSeconds(now) + "\r\n");
    }
}
