package io.github.vaultlambda.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.vaultlambda.http.TransportException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer as streams, on a connection of their own: {@link #send}, then {@link #status}, {@link #headers}
 * and {@link #content}. The connection serves the next exchange when the content was read to its end, and is closed otherwise.
 *
 * <p>The time-out bounds everything up to the head of the answer, and begins anew with each piece of a streamed request body
 * that was sent; after the head it bounds each wait for a piece of the content.
 *
 * <p>For one thread, except {@link #abort}, which any may call.
 */
public final class Exchange implements AutoCloseable {
    /** What is sent at once: so little never waits for the other side to read. */
    private static final int SENT_AT_ONCE = 16 * 1024;

    private final SocketTransport transport;
    private final Origin origin;
    private final String method;
    private final URI uri;
    private final Headers headers;
    private final boolean oneBudget;
    private final long begun = System.nanoTime();

    private byte @Nullable [] body;
    private @Nullable InputStream bodySource;
    private long bodyLength;

    private volatile Duration timeout;
    private volatile long deadline;
    private volatile @Nullable Connection connection;
    private volatile boolean aborted;
    private boolean started;
    private @Nullable Connecting connecting;
    private @Nullable BodyPump pump;
    private @Nullable AnswerHead head;
    private @Nullable AnswerBody content;

    /** @param oneBudget whether the time-out is for everything together, the content included */
    Exchange(SocketTransport transport, String method, URI uri, Headers headers, Duration timeout, boolean oneBudget)
            throws TransportException {
        this.transport = transport;
        this.origin = Origin.of(uri);
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.timeout = timeout;
        this.oneBudget = oneBudget;
        this.deadline = TimedSocket.deadlineIn(timeout);
    }

    /**
     * Sets the body of the request.
     *
     * @param bytes never changed, and not to be changed until the answer is there
     * @return this
     */
    public Exchange body(byte[] bytes) {
        this.body = Objects.requireNonNull(bytes, "bytes");
        this.bodySource = null;
        return this;
    }

    /**
     * Sets the body of the request as a stream. Another thread reads it, until its end or until the exchange ends, which it
     * may outlive by one read; it does not close it.
     *
     * @param length how many bytes are taken, or -1 to send all of them in chunks
     * @return this
     */
    public Exchange body(InputStream source, long length) {
        this.bodySource = Objects.requireNonNull(source, "source");
        this.bodyLength = Math.max(length, -1);
        this.body = null;
        return this;
    }

    /**
     * Sets another time-out for what comes after this, for an answer that may pause longer than its head may take.
     *
     * @param longest above zero
     * @return this
     */
    public Exchange timeout(Duration longest) {
        this.timeout = Objects.requireNonNull(longest, "longest");
        return this;
    }

    /**
     * Sends the request and waits for the head of the answer, which may come before all of the body is sent. May be called
     * once.
     *
     * <p>When a connection kept from before turns out dead before anything of the answer came, the request is sent once more
     * on a new one, but only when its method allows that (GET, HEAD, PUT, DELETE, LIST, OPTIONS) and its body is no stream.
     *
     * @return this
     * @throws TransportException when no head came
     */
    public Exchange send() throws TransportException {
        if (started) {
            throw new IllegalStateException("an exchange is sent once");
        }
        started = true;
        checkRequest();
        boolean onNewConnection = false;
        while (true) {
            Connection candidate = transport.connection(this, origin, deadline, onNewConnection, !isRepeatable());
            attach(candidate);
            try {
                writeAndReadHead(candidate);
                return this;
            } catch (IOException e) {
                TransportException failure = failed(e);
                boolean sendAgain =
                        failure.kind() == Kind.RESET && candidate.reused && !candidate.hasReceived() && isRepeatable();
                if (!sendAgain || onNewConnection) {
                    throw failure;
                }
                onNewConnection = true;
            }
        }
    }

    /** The status of the answer. */
    public int status() {
        return sent().status;
    }

    /** The headers of the answer. */
    public Headers headers() {
        return sent().headers;
    }

    /**
     * The content of the answer, without its framing; each piece can be read as soon as it is there. Its failures are
     * {@link TransportException}s; closing it closes the exchange.
     */
    public InputStream content() {
        sent();
        return Objects.requireNonNull(content);
    }

    /** The length of the content as announced, or -1 when the server did not say. */
    public long contentLength() {
        return Math.max(sent().length, -1);
    }

    /** Ends the exchange at once, whatever it is doing, from any thread: who waits in it gets an {@code ABORTED}. */
    public void abort() {
        aborted = true;
        synchronized (this) {
            if (connecting != null) {
                connecting.abandon();
            }
            if (connection != null) {
                connection.drop();
            }
        }
    }

    /** Ends the exchange; when the content was not read to its end, so does the connection. */
    @Override
    public void close() {
        Connection current = connection;
        if (current != null) {
            aborted = true;
            current.drop();
        }
    }

    /** Method and host; path and headers may hold secrets. */
    @Override
    public String toString() {
        return method + " to " + origin;
    }

    // ------------------------------------------------------------------ for the parts of an exchange

    boolean isAborted() {
        return aborted;
    }

    /** Notes what this exchange waits for, so that it can be aborted. */
    synchronized void waitsFor(@Nullable Connecting attempt) {
        connecting = attempt;
    }

    /** A piece of the request body was sent. */
    void progress() {
        Connection current = connection;
        if (!oneBudget && current != null) {
            renew(current);
        }
    }

    /** A piece of the content is about to be read. */
    void beforeRead() {
        progress();
    }

    /** The content was read to its end; its connection can serve again, if it can. */
    void answerEnded(boolean reusable) {
        boolean sentAll = pump == null || pump.isDone();
        synchronized (this) { // not between the two lines of abort(), which would end somebody else's exchange
            Connection current = connection;
            connection = null;
            if (current != null && reusable && sentAll && sent().keepsConnection && !aborted) {
                transport.keep(origin, current);
            } else if (current != null) {
                current.drop();
            }
        }
    }

    /** Ends the connection and says what its failure means. */
    TransportException failed(IOException e) {
        Connection current = connection;
        if (current != null) {
            current.drop();
        }
        if (aborted) {
            return new TransportException(Kind.ABORTED, "the request to " + origin + " was aborted", null, e)
                    .afterSending();
        }
        BodyPump pumping = pump;
        if (pumping != null && pumping.sourceFailure() != null) {
            return new TransportException(
                            Kind.BODY_SOURCE,
                            "the body of the request to " + origin + " could not be read to its end",
                            null,
                            pumping.sourceFailure())
                    .afterSending();
        }
        if (e instanceof SocketTimeoutException) {
            return timeout(pumping, e).afterSending();
        }
        return Failures.of(e, origin).afterSending();
    }

    // ------------------------------------------------------------------ inside

    private TransportException timeout(@Nullable BodyPump pumping, IOException cause) {
        long millis = oneBudget ? timeout.toMillis() : Math.min(timeout.toMillis(), elapsedMillis());
        String what = head != null
                ? "did not complete its answer"
                : pumping != null && !pumping.isDone() ? "did not take the request" : "did not answer";
        return new TransportException(
                Kind.ANSWER_TIMEOUT, origin + " " + what + " within " + millis + " ms", null, cause);
    }

    private long elapsedMillis() {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    private AnswerHead sent() {
        AnswerHead present = head;
        if (present == null) {
            throw new IllegalStateException("nothing was answered yet");
        }
        return present;
    }

    private void attach(Connection candidate) throws TransportException {
        synchronized (this) {
            connecting = null;
            connection = candidate;
        }
        if (aborted) {
            throw failed(new IOException("aborted"));
        }
    }

    private void renew(Connection current) {
        deadline = TimedSocket.deadlineIn(timeout);
        current.endAt(deadline);
    }

    /** RFC 9110, section 9.2.2, and Vault's LIST, which reads. */
    private boolean isRepeatable() {
        if (bodySource != null) {
            return false;
        }
        return switch (method) {
            case "GET", "HEAD", "PUT", "DELETE", "LIST", "OPTIONS" -> true;
            default -> false;
        };
    }

    private void writeAndReadHead(Connection current) throws IOException {
        current.begin();
        current.endAt(deadline);
        byte[] requestHead = requestHead(current.forwarding);
        byte[] bytes = body;
        InputStream source = bodySource;
        if (source != null) {
            pump = new BodyPump(this, current, requestHead, source, bodyLength);
        } else if (bytes != null && requestHead.length + bytes.length > SENT_AT_ONCE) {
            pump = new BodyPump(this, current, requestHead, bytes);
        } else {
            pump = null;
        }
        if (pump != null) {
            pump.start();
        } else {
            current.out().write(bytes == null ? requestHead : joined(requestHead, bytes));
        }
        AnswerHead answer = AnswerHead.read(current, method, origin.tls());
        head = answer;
        content = new AnswerBody(this, current, answer.length);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private void checkRequest() throws TransportException {
        if (!Syntax.isToken(method, method.length()) || method.equals("CONNECT")) {
            throw illegal("the method has illegal characters, or is CONNECT");
        }
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!Headers.isName(name)) {
                throw illegal("the name of a header has illegal characters");
            }
            if (!Headers.isValue(headers.value(i))) {
                throw illegal("the value of the header " + name + " has illegal characters");
            }
        }
    }

    private byte[] requestHead(@Nullable ForwardProxy forwarding) throws TransportException {
        StringBuilder text = new StringBuilder(512).append(method).append(' ');
        if (forwarding != null) {
            text.append("http://").append(origin.hostHeader());
        }
        text.append(target()).append(" HTTP/1.1\r\n");
        if (headers.first("Host") == null) {
            text.append("Host: ").append(origin.hostHeader()).append("\r\n");
        }
        for (int i = 0; i < headers.size(); i++) {
            if (!isFraming(headers.name(i))) {
                text.append(headers.name(i))
                        .append(": ")
                        .append(headers.value(i))
                        .append("\r\n");
            }
        }
        if (forwarding != null && forwarding.authorization() != null) {
            text.append("Proxy-Authorization: ")
                    .append(forwarding.authorization())
                    .append("\r\n");
        }
        if (bodySource != null && bodyLength < 0) {
            text.append("Transfer-Encoding: chunked\r\n");
        } else if (bodySource != null || body != null) {
            text.append("Content-Length: ")
                    .append(body != null ? body.length : bodyLength)
                    .append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    private String target() throws TransportException {
        String path = uri.getRawPath();
        String query = uri.getRawQuery();
        String target = (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
        if (target.charAt(0) != '/' || !Syntax.isTarget(target)) {
            throw illegal("the path has illegal characters");
        }
        return target;
    }

    /** These say how the message is framed, which is decided here. */
    private static boolean isFraming(String name) {
        return name.equalsIgnoreCase("Content-Length")
                || name.equalsIgnoreCase("Transfer-Encoding")
                || name.equalsIgnoreCase("Connection");
    }

    private static TransportException illegal(String message) {
        return new TransportException(Kind.ILLEGAL_REQUEST, message);
    }
}
