package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.http.Exchange;
import io.github.vaultlambda.http.TransportException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client's wish on its way: the request, its body, and the time that it has. For the thread that made it; {@link #cancel} may
 * come from any.
 */
final class Call {
    /** A body up to this size is read before it is sent, so that the request can be sent more than once. */
    static final int MOST_BUFFERED = 64 * 1024;

    private final ClientRequest request;
    private final long begunAtMillis;
    private volatile Deadline deadline;
    private final byte @Nullable [] bytes;
    private final @Nullable RequestBody stream;
    private final Thread thread = Thread.currentThread();
    private volatile @Nullable Exchange exchange;
    private volatile boolean cancelled;

    private Call(
            ClientRequest request,
            long begunAtMillis,
            Deadline deadline,
            byte @Nullable [] bytes,
            @Nullable RequestBody stream) {
        this.request = request;
        this.begunAtMillis = begunAtMillis;
        this.deadline = deadline;
        this.bytes = bytes;
        this.stream = stream;
    }

    /**
     * A call without a body.
     *
     * @param begunAtMillis when the request was taken up, by the wall clock
     * @param deadline for the head of the answer, with the login if there must be one
     */
    static Call of(ClientRequest request, long begunAtMillis, Deadline deadline) {
        return new Call(request, begunAtMillis, deadline, null, null);
    }

    /** This with a body that was read. */
    Call with(byte[] body) {
        return new Call(request, begunAtMillis, deadline, body, null);
    }

    /** This with a body that is read while it is sent. */
    Call with(RequestBody body) {
        return new Call(request, begunAtMillis, deadline, null, body);
    }

    ClientRequest request() {
        return request;
    }

    long begunAtMillis() {
        return begunAtMillis;
    }

    Deadline deadline() {
        return deadline;
    }

    /** Shortens the time that it has to this. */
    void hurry(Duration time) {
        deadline = deadline.within(time);
    }

    /** As {@link ClientRequest#key}, with the body. */
    @Nullable
    CacheKey key() {
        CacheKey key = request.key();
        return key == null || bytes == null ? key : key.with(bytes);
    }

    /** Whether it can be sent more than once. */
    boolean isRepeatable() {
        return stream == null;
    }

    /** Whether nothing of the body is still to be read from the client. */
    boolean hasWholeBody() {
        return stream == null || stream.hasEnded();
    }

    /** Whether the client, or somebody for it, has given it up. */
    boolean isCancelled() {
        return cancelled;
    }

    /**
     * Sends it by this exchange, and waits for the head of the answer.
     *
     * @throws TransportException when none came
     */
    void send(Exchange by) throws TransportException {
        if (bytes != null) {
            by.body(bytes);
        } else if (stream != null) {
            by.body(stream, stream.length());
        } else if (request.head().first("Content-Length") != null) {
            by.body(new byte[0]); // the client says so as well, as POST should
        }
        exchange = by;
        if (cancelled) {
            by.abort();
        }
        by.send();
    }

    /** How long the next answer may take to begin: what is left, at least a moment. */
    Duration patience() {
        Duration left = deadline.remaining();
        return left.isZero() ? Duration.ofMillis(1) : left;
    }

    /** @throws IOException when the client has gone */
    void checkWanted() throws IOException {
        if (cancelled) {
            throw new IOException("the client has gone");
        }
    }

    /** Ends it, whatever its thread is doing. Its client's connection is of no use afterwards. */
    void cancel() {
        cancelled = true;
        Exchange current = exchange;
        if (current != null) {
            current.abort();
        }
        thread.interrupt();
    }
}
