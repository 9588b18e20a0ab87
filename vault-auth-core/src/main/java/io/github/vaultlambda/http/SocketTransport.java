package io.github.vaultlambda.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over the JDK's sockets: the way to a first answer that costs a fresh process least. Keeps a few connections per host
 * for the next requests, judged by the wall clock when they are used, because Lambda freezes the process in between. Follows no
 * redirect, and repeats nothing but what {@link Exchange#send} says. Thread-safe.
 *
 * <p>Every failure is a {@link TransportException}. To connect takes at most 5 s of a request's time, so that there is some left
 * for another attempt. Interrupting a thread ends its wait for a connection; reading and writing end in time only, or by
 * {@link Exchange#abort}.
 */
public final class SocketTransport implements HttpTransport, AutoCloseable {
    /** The largest answer that {@link #send} takes, unless it is told otherwise: 32 MiB. */
    public static final int DEFAULT_MAX_ANSWER_BYTES = 32 * 1024 * 1024;

    private static final int MAX_IDLE_PER_ORIGIN = 8;
    private static final long MAX_IDLE_MILLIS = 30_000;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST_AHEAD = Duration.ofSeconds(10);

    private final TlsOptions tls;
    private final ProxyOptions proxies;
    private final InstantSource clock;
    private final HostResolver resolver;
    private final int maxAnswerBytes;

    /** The last one is the one used last. */
    private final List<Idle> idle = new ArrayList<>();

    private final List<Connecting> madeAhead = new ArrayList<>();
    private int generation;
    private boolean closed;

    /** Trusts whom the Java runtime trusts, and uses no proxy. */
    public SocketTransport() {
        this(TlsOptions.defaults(), ProxyOptions.none());
    }

    /** With these ways to secure connections and to lead them. */
    public SocketTransport(TlsOptions tls, ProxyOptions proxies) {
        this(tls, proxies, InstantSource.system(), DEFAULT_MAX_ANSWER_BYTES);
    }

    /**
     * As above.
     *
     * @param clock the wall clock
     * @param maxAnswerBytes the largest body of an answer that {@link #send} takes; streams have no limit
     */
    public SocketTransport(TlsOptions tls, ProxyOptions proxies, InstantSource clock, int maxAnswerBytes) {
        this(tls, proxies, clock, maxAnswerBytes, new HostResolver.OfTheJdk());
    }

    SocketTransport(
            TlsOptions tls, ProxyOptions proxies, InstantSource clock, int maxAnswerBytes, HostResolver resolver) {
        this.tls = Objects.requireNonNull(tls, "tls");
        this.proxies = Objects.requireNonNull(proxies, "proxies");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.maxAnswerBytes = maxAnswerBytes;
        this.resolver = resolver;
    }

    /** {@inheritDoc} */
    @Override
    public Reply send(Call call) throws TransportException {
        Headers headers = new Headers();
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            headers.add(header.getKey(), header.getValue());
        }
        try (Exchange exchange = new Exchange(this, call.method(), call.uri(), headers, call.timeout(), true)) {
            byte[] body = call.body();
            if (body != null) {
                exchange.body(body);
            }
            exchange.send();
            return new Reply(exchange.status(), content(exchange), map(exchange.headers()));
        }
    }

    /**
     * A request whose body and answer are streams. Nothing happens before {@link Exchange#send}.
     *
     * @param method any, such as LIST
     * @param headers in their order; Content-Length, Transfer-Encoding and Connection are written by the transport and left out
     *     here, Host is written when it is not among them
     * @param timeout see {@link Exchange}; above zero
     * @throws TransportException when the address is not that of an HTTP server
     */
    public Exchange exchange(String method, URI uri, Headers headers, Duration timeout) throws TransportException {
        return new Exchange(this, method, uri, headers, timeout, false);
    }

    /** {@inheritDoc} */
    @Override
    public void prepare(URI address) {
        Connecting connecting;
        try {
            Origin origin = Origin.of(address);
            synchronized (this) {
                if (closed || isPrepared(origin)) {
                    return;
                }
                connecting = connecting(origin, TimedSocket.deadlineIn(LONGEST_AHEAD));
                madeAhead.add(connecting);
            }
            connecting.start();
        } catch (IOException e) {
            // The request itself will say so.
        }
    }

    /**
     * Closes the connections that are idle or are being made ahead, and forgets TLS sessions; those in use are closed after
     * their exchange. For the moment before a checkpoint: no connection survives one.
     */
    @Override
    public void closeIdle() {
        List<Idle> ending;
        List<Connecting> pending;
        synchronized (this) {
            generation++;
            ending = new ArrayList<>(idle);
            pending = new ArrayList<>(madeAhead);
            idle.clear();
            madeAhead.clear();
        }
        for (Idle connection : ending) {
            connection.connection.drop();
        }
        for (Connecting connecting : pending) {
            connecting.abandon();
        }
        tls.forgetSessions();
    }

    /** As {@link #closeIdle}, and keeps no connection from now on. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        closeIdle();
    }

    // ------------------------------------------------------------------ for the parts of an exchange

    TlsOptions tls() {
        return tls;
    }

    HostResolver resolver() {
        return resolver;
    }

    /**
     * A connection to there: an idle one, one that is being made ahead, or a new one.
     *
     * @param isNew whether it must be a new one
     * @param isSure whether an idle one must be asked whether it still stands
     */
    Connection connection(Exchange exchange, Origin origin, long deadline, boolean isNew, boolean isSure)
            throws TransportException {
        if (!isNew) {
            for (Connection kept = takeIdle(origin); kept != null; kept = takeIdle(origin)) {
                if (kept.isAlive(isSure)) {
                    kept.reused = true;
                    return kept;
                }
                kept.drop();
            }
            Connecting ahead = takeAhead(origin);
            if (ahead != null) {
                try {
                    Connection made = await(exchange, ahead, deadline);
                    made.reused = true; // it may have been closed while nobody looked
                    return made;
                } catch (TransportException e) {
                    if (exchange.isAborted()
                            || Thread.currentThread().isInterrupted()
                            || TimedSocket.millisUntil(deadline) == 0) {
                        throw e;
                    }
                    // Now for real, whatever it was.
                }
            }
        }
        Connecting connecting;
        synchronized (this) {
            connecting = connecting(origin, deadline);
        }
        connecting.start();
        return await(exchange, connecting, deadline);
    }

    /** Keeps the connection for the next exchange. */
    void keep(Origin origin, Connection connection) {
        Connection surplus = connection;
        connection.idleSince = clock.millis();
        synchronized (this) {
            if (!closed && connection.generation == generation) {
                idle.add(new Idle(origin, connection));
                surplus = surplusOf(origin);
            }
        }
        if (surplus != null) {
            surplus.drop();
        }
    }

    /** Keeps a connection that was made ahead, unless somebody waits for it already. */
    void wasMade(Connecting connecting, @Nullable Connection connection) {
        synchronized (this) {
            if (!madeAhead.remove(connecting)) {
                return;
            }
        }
        if (connection != null) {
            keep(connecting.origin, connection);
        }
    }

    // ------------------------------------------------------------------ inside

    private static Connection await(Exchange exchange, Connecting connecting, long deadline) throws TransportException {
        exchange.waitsFor(connecting);
        if (exchange.isAborted()) {
            connecting.abandon();
        }
        return connecting.await(deadline);
    }

    private Connecting connecting(Origin origin, long deadline) {
        long connectDeadline = TimedSocket.deadlineIn(LONGEST_CONNECT);
        return new Connecting(
                this,
                origin,
                proxies.proxyFor(origin),
                generation,
                deadline - connectDeadline < 0 ? deadline : connectDeadline,
                deadline);
    }

    private boolean isPrepared(Origin origin) {
        long now = clock.millis();
        for (Idle kept : idle) {
            if (kept.origin.isSame(origin) && kept.isFresh(now)) {
                return true;
            }
        }
        for (Connecting pending : madeAhead) {
            if (pending.origin.isSame(origin)) {
                return true;
            }
        }
        return false;
    }

    private synchronized @Nullable Connecting takeAhead(Origin origin) {
        for (int i = 0; i < madeAhead.size(); i++) {
            if (madeAhead.get(i).origin.isSame(origin)) {
                return madeAhead.remove(i);
            }
        }
        return null;
    }

    private @Nullable Connection takeIdle(Origin origin) {
        long now = clock.millis();
        while (true) {
            Idle taken = takeLast(origin);
            if (taken == null || taken.isFresh(now)) {
                return taken == null ? null : taken.connection;
            }
            taken.connection.drop();
        }
    }

    private synchronized @Nullable Idle takeLast(Origin origin) {
        for (int i = idle.size() - 1; i >= 0; i--) {
            if (idle.get(i).origin.isSame(origin)) {
                return idle.remove(i);
            }
        }
        return null;
    }

    /** The connection that has waited longest when there are too many to this origin. */
    private @Nullable Connection surplusOf(Origin origin) {
        int count = 0;
        int oldest = -1;
        for (int i = idle.size() - 1; i >= 0; i--) {
            if (idle.get(i).origin.isSame(origin)) {
                count++;
                oldest = i;
            }
        }
        return count > MAX_IDLE_PER_ORIGIN ? idle.remove(oldest).connection : null;
    }

    private byte[] content(Exchange exchange) throws TransportException {
        long announced = exchange.contentLength();
        if (announced > maxAnswerBytes) {
            throw tooLarge(exchange);
        }
        byte[] bytes = new byte[announced >= 0 ? (int) announced : 8192];
        int size = 0;
        try {
            InputStream in = exchange.content();
            while (announced < 0 || size < announced) {
                if (size == bytes.length) {
                    if (size > maxAnswerBytes) {
                        throw tooLarge(exchange);
                    }
                    bytes = Arrays.copyOf(bytes, (int) Math.min(2L * size, maxAnswerBytes + 1L));
                }
                int count = in.read(bytes, size, bytes.length - size);
                if (count < 0) {
                    break;
                }
                size += count;
            }
        } catch (TransportException e) {
            throw e;
        } catch (IOException e) {
            throw exchange.failed(e);
        }
        if (size > maxAnswerBytes) {
            throw tooLarge(exchange);
        }
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private TransportException tooLarge(Exchange exchange) {
        return new TransportException(
                        TransportException.Kind.ANSWER_TOO_LARGE,
                        "the answer to " + exchange + " is larger than " + size(maxAnswerBytes))
                .afterSending();
    }

    private static String size(int bytes) {
        int mebibyte = 1024 * 1024;
        return bytes % mebibyte == 0 ? bytes / mebibyte + " MiB" : bytes + " bytes";
    }

    private static Map<String, String> map(Headers headers) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < headers.size(); i++) {
            map.put(headers.name(i).toLowerCase(Locale.ROOT), headers.value(i));
        }
        return map;
    }

    /** A connection that waits for its next exchange. */
    private static final class Idle {
        private final Origin origin;
        private final Connection connection;

        Idle(Origin origin, Connection connection) {
            this.origin = origin;
            this.connection = connection;
        }

        /** Also not when the clock was set back, for then nobody knows. */
        boolean isFresh(long now) {
            long age = now - connection.idleSince;
            return age >= 0 && age <= MAX_IDLE_MILLIS;
        }
    }
}
