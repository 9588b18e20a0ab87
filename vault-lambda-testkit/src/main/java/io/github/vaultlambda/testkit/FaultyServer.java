package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.tls.ServerHandshake;
import io.github.vaultlambda.testkit.wire.ConnectionServer;
import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpCall;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.RequestHead;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A server on 127.0.0.1, with or without TLS, that does to its clients what networks and sick servers do. The test lays down
 * what happens to the next connections and the next requests; then every connection is accepted and every request answered
 * with 200 and {@code {}}, unless {@link #otherwise} or {@link #forwardTo} says something else.
 *
 * <p>Thread-safe. {@link #close()} ends the server and all that hangs.
 */
public final class FaultyServer implements AutoCloseable {
    private enum Greeting {
        RESET,
        CLOSE,
        SILENCE,
        GARBAGE
    }

    /** What a connection is at; those that wait for a request are idle. */
    private enum State {
        IDLE,
        BUSY,
        HANGING
    }

    /** What happens to one request: a fixed answer, or a change of the usual one. */
    private record Step(@Nullable WireAnswer answer, UnaryOperator<WireAnswer> change) {}

    private static final class Connection {
        final Socket plain;
        final Socket session;
        State state = State.IDLE;

        Connection(Socket plain, Socket session) {
            this.plain = plain;
            this.session = session;
        }

        void reset() throws IOException {
            plain.setSoLinger(true, 0);
            plain.close();
        }
    }

    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection", "keep-alive", "content-length", "transfer-encoding", "proxy-connection", "te", "upgrade");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Object lock = new Object();
    /** By the number of the connection: each has a thread of its own, and these may come here in another order. */
    private final Map<Integer, Greeting> greetings = new HashMap<>();

    private int lastGreeted;
    private final Deque<Step> script = new ArrayDeque<>();
    private final List<SeenRequest> requests = new ArrayList<>();
    private final Set<Connection> open = new HashSet<>();
    private final AtomicLong sent = new AtomicLong();
    private final @Nullable ServerHandshake tls;
    private final ConnectionServer server;
    private WireAnswer fallback = WireAnswer.of(200, "{}");
    private @Nullable URI upstream;

    private FaultyServer(@Nullable ServerHandshake tls) {
        this.tls = tls;
        this.server = ConnectionServer.start("faulty-server", 0, this::serve);
    }

    /** A server over plain HTTP on a free port. */
    public static FaultyServer start() {
        return new FaultyServer(null);
    }

    /** A server over HTTPS on a free port. */
    public static FaultyServer start(ServerTls tls) {
        return new FaultyServer(tls.handshake());
    }

    /** {@code http://127.0.0.1:port} where nobody listens, so that every connection is refused. */
    public static URI refusing() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    /** {@code http://127.0.0.1:port}, or {@code https}. */
    public URI address() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + server.port());
    }

    /** The next connection is reset (RST) as soon as it is there, before any TLS. */
    public FaultyServer resetNextConnection() {
        return greet(Greeting.RESET);
    }

    /** The next connection is closed as soon as it is there, before any TLS. */
    public FaultyServer closeNextConnection() {
        return greet(Greeting.CLOSE);
    }

    /** The next connection gets no byte, nor a TLS handshake, until the client or {@link #close()} ends it. */
    public FaultyServer silenceNextConnection() {
        return greet(Greeting.SILENCE);
    }

    /** The next connection gets bytes that are neither TLS nor HTTP, and is closed. */
    public FaultyServer garbleNextConnection() {
        return greet(Greeting.GARBAGE);
    }

    private FaultyServer greet(Greeting greeting) {
        synchronized (lock) {
            lastGreeted = Math.max(lastGreeted, server.connections()) + 1;
            greetings.put(lastGreeted, greeting);
        }
        return this;
    }

    /** The next requests get these answers, one each, after those laid down before. */
    public FaultyServer next(WireAnswer... answers) {
        synchronized (lock) {
            for (WireAnswer answer : answers) {
                script.add(new Step(Objects.requireNonNull(answer, "answer"), UnaryOperator.identity()));
            }
        }
        return this;
    }

    /**
     * The next request is answered as usual, but not quite: {@code answer -> answer.resetAfter(20)}. With {@link #forwardTo}
     * the request has been carried out then.
     */
    public FaultyServer change(UnaryOperator<WireAnswer> change) {
        synchronized (lock) {
            script.add(new Step(null, Objects.requireNonNull(change, "change")));
        }
        return this;
    }

    /** What every request gets for which nothing is laid down. */
    public FaultyServer otherwise(WireAnswer answer) {
        synchronized (lock) {
            fallback = Objects.requireNonNull(answer, "answer");
            upstream = null;
        }
        return this;
    }

    /**
     * Requests for which nothing is laid down are sent on to this server, such as a {@link VaultStandIn}. It is reached over
     * plain HTTP, or over HTTPS with a certificate that the JVM trusts. If it cannot be reached, the answer is 502.
     */
    public FaultyServer forwardTo(URI server) {
        synchronized (lock) {
            upstream = Objects.requireNonNull(server, "server");
        }
        return this;
    }

    /** How many connections were accepted, whatever became of them. */
    public int connections() {
        return server.connections();
    }

    /** All requests so far, in the order in which they came. */
    public List<SeenRequest> requests() {
        synchronized (lock) {
            return List.copyOf(requests);
        }
    }

    /** How many bytes of answers were written so far, before TLS. */
    public long bytesSent() {
        return sent.get();
    }

    /** Waits until so many requests have come; {@link IllegalStateException} when they have not after ten seconds. */
    public void awaitRequests(int count) throws InterruptedException {
        await(() -> requests.size() >= count, "fewer than " + count + " requests came");
    }

    /**
     * Closes the connections on which no request is being answered; waits for answers that are on their way, but not for those
     * that hang.
     *
     * @return how many were closed
     */
    public int closeIdleConnections() throws InterruptedException {
        return endIdle(false);
    }

    /** As {@link #closeIdleConnections()}, but resets them. */
    public int resetIdleConnections() throws InterruptedException {
        return endIdle(true);
    }

    private int endIdle(boolean reset) throws InterruptedException {
        List<Connection> idle = new ArrayList<>();
        synchronized (lock) {
            await(() -> open.stream().noneMatch(one -> one.state == State.BUSY), "an answer does not end");
            open.stream().filter(one -> one.state == State.IDLE).forEach(idle::add);
        }
        for (Connection connection : idle) {
            try {
                if (reset) {
                    connection.reset();
                } else {
                    connection.session.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close a connection", e);
            }
        }
        // The JDK ends a connection only when the thread that reads from it has left.
        await(() -> idle.stream().noneMatch(open::contains), "a connection does not end");
        return idle.size();
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }

    private void await(Condition condition, String problem) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        synchronized (lock) {
            while (!condition.holds()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new IllegalStateException(problem);
                }
                lock.wait(left);
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }

    static boolean hopByHop(String header) {
        return HOP_BY_HOP.contains(header.toLowerCase(Locale.ROOT));
    }

    private void serve(Socket plain, int number) throws IOException {
        Greeting greeting;
        synchronized (lock) {
            greeting = greetings.remove(number);
        }
        if (greeting != null) {
            greet(plain, greeting);
            return;
        }
        try (Socket session = tls == null ? plain : tls.over(plain)) {
            serve(new Connection(plain, session), number);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Connection connection, int number) throws IOException, InterruptedException {
        try {
            InputStream in = new BufferedInputStream(connection.session.getInputStream());
            mark(connection, State.IDLE);
            for (RequestHead head = RequestHead.read(in); head != null; head = RequestHead.read(in)) {
                mark(connection, State.BUSY);
                if (!exchange(connection, in, head, number)) {
                    return;
                }
                mark(connection, State.IDLE);
            }
        } finally {
            synchronized (lock) {
                open.remove(connection);
                lock.notifyAll();
            }
        }
    }

    private void mark(Connection connection, State state) {
        synchronized (lock) {
            connection.state = state;
            open.add(connection);
            lock.notifyAll();
        }
    }

    private static void greet(Socket socket, Greeting greeting) throws IOException {
        switch (greeting) {
            case RESET -> socket.setSoLinger(true, 0);
            case CLOSE -> {
                // Bytes left unread would make it a reset.
                socket.shutdownOutput();
                drain(socket.getInputStream());
            }
            case SILENCE -> drain(socket.getInputStream());
            case GARBAGE -> {
                socket.getOutputStream().write("\u0000garbage\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                drain(socket.getInputStream());
            }
        }
    }

    private static void drain(InputStream in) throws IOException {
        byte[] rest = new byte[8192];
        while (in.read(rest) >= 0) {
            // Until the client leaves or the server is closed.
        }
    }

    /** Whether the connection goes on. */
    private boolean exchange(Connection connection, InputStream in, RequestHead head, int number)
            throws IOException, InterruptedException {
        Step step;
        synchronized (lock) {
            step = script.poll();
        }
        OutputStream out = connection.session.getOutputStream();
        WireAnswer fixed = step == null ? null : step.answer();
        if (fixed != null && fixed.isBeforeBody()) {
            see(new SeenRequest(number, head, new byte[0]));
            send(out, fixed);
            if (fixed.end() == WireAnswer.End.KEEP) {
                head.body(in);
            }
            return goesOn(connection, in, fixed) && head.keepAlive();
        }
        if (head.expectsContinue()) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        byte[] body = head.body(in);
        see(new SeenRequest(number, head, body));
        WireAnswer answer = fixed;
        if (answer == null) {
            WireAnswer usual = usual(head, body);
            answer = step == null ? usual : step.change().apply(usual);
        }
        send(out, answer);
        return goesOn(connection, in, answer) && head.keepAlive();
    }

    private void see(SeenRequest request) {
        synchronized (lock) {
            requests.add(request);
            lock.notifyAll();
        }
    }

    private WireAnswer usual(RequestHead head, byte[] body) {
        URI server;
        synchronized (lock) {
            server = upstream;
            if (server == null) {
                return fallback;
            }
        }
        HeaderList headers = new HeaderList();
        for (HeaderList.Line line : head.headers().lines()) {
            if (!hopByHop(line.name()) && !line.name().equalsIgnoreCase("Expect")) {
                headers.add(line.name(), line.value());
            }
        }
        String host = head.headers().first("Host");
        HttpRequest request = new HttpRequest(head.method(), head.path(), head.query(), headers, body);
        try {
            return WireAnswer.of(HttpCall.send(server, host == null ? "" : host, request));
        } catch (IOException e) {
            return WireAnswer.of(502, "{}");
        }
    }

    private void send(OutputStream out, WireAnswer answer) throws IOException, InterruptedException {
        byte[] bytes = answer.bytes();
        Semaphore pace = answer.pace();
        if (pace == null) {
            out.write(bytes);
            out.flush();
            sent.addAndGet(bytes.length);
        } else {
            for (byte one : bytes) {
                pace.acquire();
                out.write(one);
                out.flush();
                sent.incrementAndGet();
            }
        }
        WireAnswer.Filler filler = answer.filler();
        if (filler != null) {
            byte[] block = filler.bytes();
            for (long i = 0; i != filler.count(); i++) {
                out.write(block);
                sent.addAndGet(block.length);
            }
            out.flush();
        }
    }

    private boolean goesOn(Connection connection, InputStream in, WireAnswer answer) throws IOException {
        switch (answer.end()) {
            case KEEP -> {
                return true;
            }
            case CLOSE -> {
                if (answer.isBeforeBody()) {
                    // Bytes left unread would make it a reset.
                    connection.session.shutdownOutput();
                    drain(in);
                }
                return false;
            }
            case RESET -> {
                connection.reset();
                return false;
            }
            case HANG -> {
                mark(connection, State.HANGING);
                drain(in);
                return false;
            }
        }
        throw new AssertionError(answer.end());
    }
}
