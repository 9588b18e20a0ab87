package io.github.vaultlambda.http;

import io.github.vaultlambda.http.TransportException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection in the making, by a thread of its own: so it can be made ahead, and whoever waits for it waits no longer than
 * it wants, although the resolver of the JDK knows no time-out.
 */
final class Connecting extends Thread {
    private static final int FEW_MILLIS = 250;
    private static final Kind[] MOST_TELLING = {
        Kind.CONNECTION_REFUSED, Kind.CONNECT_TIMEOUT, Kind.RESET, Kind.UNREACHABLE
    };

    private final SocketTransport transport;
    final Origin origin;
    private final int generation;
    private final @Nullable ForwardProxy proxy;
    private final long connectDeadline;
    private final long deadline;
    private final CountDownLatch over = new CountDownLatch(1);

    private volatile boolean abandoned;
    private volatile boolean inTls;
    private volatile @Nullable TimedSocket socket;
    private volatile @Nullable Connection result;
    private volatile @Nullable TransportException failure;

    /**
     * @param connectDeadline until when TCP connections are tried
     * @param deadline until when all must be done
     */
    Connecting(
            SocketTransport transport,
            Origin origin,
            @Nullable ForwardProxy proxy,
            int generation,
            long connectDeadline,
            long deadline) {
        super(null, null, "vault-http-connect", 0, false);
        this.transport = transport;
        this.origin = origin;
        this.proxy = proxy;
        this.generation = generation;
        this.connectDeadline = connectDeadline;
        this.deadline = deadline;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            result = connect();
        } catch (TransportException e) {
            failure = e;
        } catch (IOException e) {
            failure = timedOutOr(e);
        } catch (RuntimeException e) {
            failure = new TransportException(Kind.TLS_FAILED, "no connection to " + origin + ": " + e, null, e);
        } finally {
            Connection made = result;
            TimedSocket open = socket;
            if (made == null && open != null) {
                open.drop();
            }
            transport.wasMade(this, made);
            over.countDown();
            if (abandoned && made != null) {
                made.drop();
            }
        }
    }

    /**
     * Waits for the connection.
     *
     * @throws TransportException when it failed, or was not there in time, in which case it is given up
     */
    Connection await(long until) throws TransportException {
        try {
            if (!over.await(Math.max(until - System.nanoTime(), 0), TimeUnit.NANOSECONDS)) {
                abandon();
                throw late(null);
            }
        } catch (InterruptedException e) {
            abandon();
            Thread.currentThread().interrupt();
            throw new TransportException(Kind.ABORTED, "interrupted while connecting to " + origin, null, e);
        }
        Connection made = result;
        if (made != null && !abandoned) {
            return made;
        }
        TransportException why = failure;
        throw why == null ? new TransportException(Kind.ABORTED, "connecting to " + origin + " was aborted") : why;
    }

    /** Gives it up: who waits wakes, and what comes of it is closed. */
    void abandon() {
        abandoned = true;
        over.countDown();
        TimedSocket open = socket;
        if (open != null) {
            open.drop();
        }
        Connection made = result;
        if (made != null) {
            made.drop();
        }
    }

    private Connection connect() throws IOException {
        TimedSocket tcp = proxy == null ? tcp(origin.host(), origin.port()) : tcpToProxy(proxy);
        Socket layered = tcp;
        inTls = true;
        if (proxy != null && proxy.tls()) {
            try {
                layered = transport.tls().secure(layered, proxy.host(), proxy.port(), false);
            } catch (IOException e) {
                TransportException known = timedOutOr(e);
                throw new TransportException(
                        Kind.PROXY, "the proxy failed: " + known.getMessage(), proxy.hint(), known);
            }
        }
        if (proxy != null && origin.tls()) {
            tunnel(tcp, layered, proxy);
        }
        if (origin.tls()) {
            layered = transport.tls().secure(layered, origin.host(), origin.port(), true);
        }
        return new Connection(tcp, layered, origin.tls() ? null : proxy, generation);
    }

    private TimedSocket tcpToProxy(ForwardProxy through) throws TransportException {
        try {
            return tcp(through.host(), through.port());
        } catch (TransportException e) {
            throw new TransportException(
                    Kind.PROXY, "the proxy cannot be reached: " + e.getMessage(), through.hint(), e);
        }
    }

    private TimedSocket tcp(String host, int port) throws TransportException {
        InetAddress[] addresses;
        try {
            addresses = transport.resolver().resolve(host);
        } catch (UnknownHostException e) {
            throw new TransportException(
                    Kind.UNKNOWN_HOST,
                    "the host " + host + " is unknown",
                    "check the address, and that the function's network resolves it",
                    e);
        }
        TransportException[] failures = new TransportException[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            TimedSocket candidate = new TimedSocket(deadline);
            socket = candidate;
            if (abandoned) {
                break;
            }
            // The last may use what time is left; the others leave the next ones some.
            int left = TimedSocket.millisUntil(connectDeadline);
            int share = Math.max(left / (addresses.length - i), Math.min(left, FEW_MILLIS));
            try {
                if (left == 0) {
                    throw new SocketTimeoutException("time is over");
                }
                candidate.setTcpNoDelay(true);
                candidate.connect(new InetSocketAddress(addresses[i], port), share);
                return candidate;
            } catch (IOException e) {
                candidate.drop();
                failures[i] = noConnection(host, port, e);
            }
        }
        throw mostTelling(failures, host);
    }

    private TransportException noConnection(String host, int port, IOException e) {
        String there = host + ":" + port;
        String hint = "check the address, and that the function's network can reach it";
        if (e instanceof SocketTimeoutException) {
            return new TransportException(
                    Kind.CONNECT_TIMEOUT,
                    "no connection to " + there + " came about in time",
                    "check the address, and that the function's network (subnet, security group) can reach it",
                    e);
        }
        if (e instanceof ConnectException && String.valueOf(e.getMessage()).contains("refused")) {
            return new TransportException(Kind.CONNECTION_REFUSED, there + " refused the connection", hint, e);
        }
        if (String.valueOf(e.getMessage()).contains("reset")) {
            return new TransportException(Kind.RESET, there + " broke the connection off (reset)", null, e);
        }
        return new TransportException(Kind.UNREACHABLE, "no way leads to " + there, hint, e);
    }

    private static TransportException mostTelling(TransportException[] failures, String host) {
        for (Kind kind : MOST_TELLING) {
            for (TransportException failure : failures) {
                if (failure != null && failure.kind() == kind) {
                    return failure;
                }
            }
        }
        return new TransportException(Kind.ABORTED, "connecting to " + host + " was aborted");
    }

    private void tunnel(TimedSocket tcp, Socket layered, ForwardProxy through) throws IOException {
        Connection connection = new Connection(tcp, layered, null, generation);
        try {
            connection.out().write(through.connectRequest(origin));
            AnswerHead answer = AnswerHead.read(connection, "HEAD", true);
            if (answer.status < 200 || answer.status >= 300 || connection.hasLeftOver()) {
                throw through.refused(origin, answer.status);
            }
        } catch (TransportException e) {
            throw e.kind() == Kind.PROXY
                    ? e
                    : new TransportException(
                            Kind.PROXY,
                            through + " did not connect us to " + origin + ": " + e.getMessage(),
                            through.hint(),
                            e);
        } catch (SocketTimeoutException e) {
            throw new TransportException(
                    Kind.PROXY, through + " did not connect us to " + origin + " in time", through.hint(), e);
        } catch (IOException e) {
            throw new TransportException(Kind.PROXY, through + " broke the connection off", through.hint(), e);
        }
    }

    private TransportException timedOutOr(IOException e) {
        return e instanceof SocketTimeoutException ? late(e) : Failures.of(e, origin);
    }

    private TransportException late(@Nullable IOException cause) {
        return inTls && (origin.tls() || (proxy != null && proxy.tls()))
                ? new TransportException(
                        Kind.TLS_TIMEOUT,
                        "the TLS handshake with " + origin + " did not end in time",
                        "check that the address leads to a server that speaks TLS",
                        cause)
                : new TransportException(
                        Kind.CONNECT_TIMEOUT,
                        "no connection to " + origin + " came about in time",
                        "check the address, and that the function's network (name server, subnet, security group) can"
                                + " reach it",
                        cause);
    }
}
