package io.github.vaultlambda.benchmarks.fleet;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Vault on virtual time: two queues, one for logins and one for all else, each of which takes the requests one after the other,
 * as many in a second as the capacity says. It can be out of order, revoke all tokens, and rotate its secret. Callers wait in
 * their own threads.
 */
final class VaultModel {
    /** On the way and back, and for what needs no queue. */
    static final long NETWORK_MICROS = 4_000;

    /** How Vault is. */
    enum Health {
        WELL,
        /** Sealed, or without a leader: 503 at once. */
        SEALED,
        /** 500 at once. */
        FAILING,
        /** It takes requests and never answers. */
        SILENT,
        /** Nobody listens. */
        GONE
    }

    /** What became of a request. */
    enum Outcome {
        ANSWERED,
        /** The token is not, or not any more, one of Vault's. */
        DENIED,
        /** 429. */
        LIMITED,
        /** 5xx, as the health says. */
        FAILED,
        TIMED_OUT,
        NO_CONNECTION
    }

    private static final class Queue {
        final long serviceMicros;
        final long perSecond;
        long freeMicros;
        long second;
        long inSecond;

        Queue(double perSecond) {
            this.serviceMicros = Math.round(1e6 / perSecond);
            this.perSecond = Math.round(perSecond);
        }

        /** Whether this second has room for one more. */
        boolean hasRoomAt(long micros) {
            if (micros / 1_000_000 != second) {
                second = micros / 1_000_000;
                inSecond = 0;
            }
            return ++inSecond <= perSecond;
        }
    }

    private static final class Token {
        long endMicros;
    }

    private final VirtualTime time;
    private final Capacity capacity;
    private final Queue logins;
    private final Queue others;
    private final Traffic traffic = new Traffic();
    private final Map<String, Token> tokens = new HashMap<>();
    private Health health = Health.WELL;
    private long issued;
    private int version = 1;
    private long rotatedMicros;

    VaultModel(VirtualTime time, Capacity capacity) {
        this.time = time;
        this.capacity = capacity;
        this.logins = new Queue(capacity.loginsPerSecond());
        this.others = new Queue(capacity.readsPerSecond());
    }

    Traffic traffic() {
        return traffic;
    }

    int tokenSeconds() {
        return capacity.tokenSeconds();
    }

    /** From now on it is like that; who waits in a queue learns it when it would have been its turn. */
    void become(Health next) {
        health = next;
        if (next == Health.WELL) {
            logins.freeMicros = time.micros();
            others.freeMicros = time.micros();
        }
    }

    Health health() {
        return health;
    }

    /** No token is good any more. */
    void revokeTokens() {
        tokens.clear();
    }

    /** From now on the secret has another value. */
    void rotate() {
        version++;
        rotatedMicros = time.micros();
    }

    int version() {
        return version;
    }

    /** For how long a version has not been the secret's any more: zero for the present one. Of older ones the last change counts. */
    long staleMicros(int handedOut) {
        return handedOut == version ? 0 : time.micros() - rotatedMicros;
    }

    /** Logs in; when it is answered, {@link #newToken} has the token. */
    Outcome login(long timeoutMicros) {
        return ask(logins, true, timeoutMicros);
    }

    /** The token of a login that was answered just now. */
    String newToken() {
        String name = "t" + issued++;
        Token token = new Token();
        token.endMicros = time.micros() + capacity.tokenSeconds() * 1_000_000L;
        tokens.put(name, token);
        return name;
    }

    /** Renews a token. */
    Outcome renew(String name, long timeoutMicros) {
        Outcome outcome = ask(logins, false, timeoutMicros);
        if (outcome != Outcome.ANSWERED) {
            return outcome;
        }
        Token token = living(name);
        if (token == null) {
            return Outcome.DENIED;
        }
        token.endMicros = time.micros() + capacity.tokenSeconds() * 1_000_000L;
        return outcome;
    }

    /** Reads the secret; when it is answered, it is the present {@link #version}. */
    Outcome read(String name, long timeoutMicros) {
        Outcome outcome = ask(others, false, timeoutMicros);
        return outcome == Outcome.ANSWERED && living(name) == null ? Outcome.DENIED : outcome;
    }

    private @Nullable Token living(String name) {
        Token token = tokens.get(name);
        if (token != null && token.endMicros <= time.micros()) {
            tokens.remove(name);
            return null;
        }
        return token;
    }

    private Outcome ask(Queue queue, boolean login, long timeoutMicros) {
        long now = time.micros();
        traffic.receive(now, login);
        if (health != Health.WELL) {
            return outOfOrder(timeoutMicros);
        }
        boolean quota = capacity.longestQueueSeconds() == 0;
        long begin = quota ? now : Math.max(now, queue.freeMicros);
        boolean tooMany = quota ? !queue.hasRoomAt(now) : begin - now > capacity.longestQueueSeconds() * 1_000_000;
        if (tooMany) {
            time.pauseUntil(now + NETWORK_MICROS);
            traffic.limit();
            return Outcome.LIMITED;
        }
        queue.freeMicros = begin + queue.serviceMicros;
        long done = queue.freeMicros + NETWORK_MICROS;
        if (done - now > timeoutMicros) {
            time.pauseUntil(now + timeoutMicros);
            traffic.drop();
            return Outcome.TIMED_OUT; // and Vault works for nobody
        }
        time.pauseUntil(done);
        if (health != Health.WELL) {
            traffic.fail();
            return Outcome.FAILED;
        }
        traffic.answer();
        return Outcome.ANSWERED;
    }

    private Outcome outOfOrder(long timeoutMicros) {
        if (health == Health.SILENT) {
            time.pauseUntil(time.micros() + timeoutMicros);
            traffic.drop();
            return Outcome.TIMED_OUT;
        }
        Outcome outcome = health == Health.GONE ? Outcome.NO_CONNECTION : Outcome.FAILED;
        time.pauseUntil(time.micros() + Math.min(NETWORK_MICROS, timeoutMicros));
        traffic.fail();
        return outcome;
    }
}
