package io.github.vaultlambda.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.vaultlambda.http.TransportException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An open connection with the bytes that were read ahead. Used by one exchange at a time, which alone reads. */
final class Connection {
    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final long PROBE_NANOS = 1_000_000;

    private final TimedSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;
    private int headBytes;
    private boolean received;

    /** What a proxy that passes plain requests on needs: the whole address in the first line; else null. */
    final @Nullable ForwardProxy forwarding;

    /** Whether it has waited idle before its present exchange, so that the other side may have closed it unnoticed. */
    boolean reused;

    /** When it became idle, in milliseconds of the wall clock. */
    long idleSince;

    /** Which generation of connections it belongs to: those before a checkpoint are not kept. */
    final int generation;

    /**
     * @param socket the TCP connection
     * @param layered the TLS connection above it, or the same
     */
    Connection(TimedSocket socket, Socket layered, @Nullable ForwardProxy forwarding, int generation)
            throws IOException {
        this.socket = socket;
        this.in = layered.getInputStream();
        this.out = layered.getOutputStream();
        this.forwarding = forwarding;
        this.generation = generation;
    }

    /** Sets the moment at which reads end. */
    void endAt(long deadline) {
        socket.endAt(deadline);
    }

    OutputStream out() {
        return out;
    }

    /** Whether it is of no use to write more, although {@link #out} may not say so. */
    boolean takesNoMore() {
        return socket.takesNoMore();
    }

    /** Ends it at once; also from another thread. */
    void drop() {
        socket.drop();
    }

    /**
     * Whether an idle connection still stands, as far as it can be known without sending.
     *
     * @param thorough asks the socket, which takes a millisecond; otherwise only what has arrived is looked at
     */
    boolean isAlive(boolean thorough) {
        try {
            // TLS may have taken more from the socket than was read of it.
            if (!thorough && in.available() == 0 && socket.getInputStream().available() == 0) {
                return true;
            }
            // Through TLS: what lies there may be a session ticket, which is no reason to give the connection up.
            socket.endAt(System.nanoTime() + PROBE_NANOS);
            in.read();
            return false; // the end, or an answer that nobody asked for
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Begins an exchange: nothing received, the whole size for the head. */
    void begin() {
        received = false;
        headBytes = 0;
    }

    /** Begins another head in the same exchange. */
    void beginTrailer() {
        headBytes = 0;
    }

    /** Whether something came since {@link #begin}. */
    boolean hasReceived() {
        return received;
    }

    /** Whether bytes lie there that belong to no answer. */
    boolean hasLeftOver() {
        return position < limit;
    }

    /** A byte, or -1 at the end. */
    int read() throws IOException {
        return position < limit || fill() ? buffer[position++] & 0xff : -1;
    }

    /** As {@link InputStream#read(byte[], int, int)}. */
    int read(byte[] bytes, int offset, int length) throws IOException {
        if (position == limit) {
            if (length >= buffer.length) {
                return in.read(bytes, offset, length);
            }
            if (!fill()) {
                return -1;
            }
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, bytes, offset, count);
        position += count;
        return count;
    }

    /** How many bytes can be read without waiting, at least. */
    int available() {
        return limit - position;
    }

    /**
     * A line of a head, without its end.
     *
     * @throws TransportException when there is none, or the head is too long
     */
    String line() throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        while (true) {
            int c = read();
            if (c < 0) {
                throw brokenOff();
            }
            if (++headBytes > MAX_HEAD_BYTES) {
                throw malformed("its head is longer than 64 KiB");
            }
            if (c == '\r') {
                if (read() != '\n') {
                    throw malformed("a line of its head ends in a way that HTTP does not know");
                }
                headBytes++;
                return new String(line, 0, length, ISO_8859_1);
            }
            if (c == '\n' || c == 0) {
                throw malformed("its head has a character that does not belong there");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = (byte) c;
        }
    }

    private boolean fill() throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        position = 0;
        limit = Math.max(count, 0);
        received |= count > 0;
        return count > 0;
    }

    TransportException brokenOff() {
        return new TransportException(
                Kind.RESET,
                received
                        ? "the server closed the connection within its answer"
                        : "the server closed the connection without an answer");
    }

    static TransportException malformed(String why) {
        return new TransportException(
                Kind.MALFORMED_ANSWER,
                "the answer is no valid HTTP: " + why,
                "check that the address leads to the server itself",
                null);
    }
}
