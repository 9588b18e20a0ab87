package io.github.vaultlambda.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends the body of a request while another thread waits for the answer. Writes to a socket know no time-out, and a server may
 * answer before it has read everything, or stop reading: so whatever does not fit into the socket's buffer needs two threads.
 */
final class BodyPump extends Thread {
    private static final int PIECE_BYTES = 16 * 1024;
    /** Room for the size line before a chunk, and for the line end behind it. */
    private static final int SIZE_BYTES = 10;

    private final Exchange exchange;
    private final Connection connection;
    private final byte[] head;
    private final InputStream source;
    /** What is still to be sent, or -1 for chunks until the source ends. */
    private long left;

    private volatile boolean done;
    private volatile @Nullable Exception sourceFailure;

    BodyPump(Exchange exchange, Connection connection, byte[] head, byte[] body) {
        this(exchange, connection, head, new ByteArrayInputStream(body), body.length);
    }

    BodyPump(Exchange exchange, Connection connection, byte[] head, InputStream source, long length) {
        super(null, null, "vault-http-body", 0, false);
        this.exchange = exchange;
        this.connection = connection;
        this.head = head;
        this.source = source;
        this.left = length;
        setDaemon(true);
    }

    /** Whether everything is sent. */
    boolean isDone() {
        return done;
    }

    /** Why the source gave no more, or null. */
    @Nullable
    Exception sourceFailure() {
        return sourceFailure;
    }

    @Override
    public void run() {
        try {
            OutputStream out = connection.out();
            out.write(head);
            if (left < 0) {
                pumpChunks(out);
            } else {
                pumpLength(out);
            }
            done = !connection.takesNoMore();
        } catch (IOException e) {
            if (sourceFailure != null) {
                connection.drop(); // wakes the other thread, which says why
            }
            // Otherwise the other thread finds the answer that made the server stop reading, or the same failure.
        }
    }

    private void pumpLength(OutputStream out) throws IOException {
        byte[] piece = new byte[(int) Math.min(PIECE_BYTES, Math.max(left, 1))];
        while (left > 0) {
            int count = take(piece, 0, (int) Math.min(left, piece.length));
            if (count < 0) {
                EOFException early = new EOFException("the request body is shorter than announced");
                sourceFailure = early;
                throw early;
            }
            out.write(piece, 0, count);
            left -= count;
            exchange.progress();
        }
    }

    private void pumpChunks(OutputStream out) throws IOException {
        byte[] piece = new byte[SIZE_BYTES + PIECE_BYTES + 2];
        while (true) {
            int count = take(piece, SIZE_BYTES, PIECE_BYTES);
            if (count < 0) {
                out.write("0\r\n\r\n".getBytes(US_ASCII));
                return;
            }
            byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(US_ASCII);
            int start = SIZE_BYTES - size.length;
            System.arraycopy(size, 0, piece, start, size.length);
            piece[SIZE_BYTES + count] = '\r';
            piece[SIZE_BYTES + count + 1] = '\n';
            out.write(piece, start, size.length + count + 2);
            exchange.progress();
        }
    }

    /** At least one byte, or -1: a chunk without one would end the body. */
    private int take(byte[] piece, int offset, int length) throws IOException {
        if (connection.takesNoMore()) {
            throw new IOException("the connection takes no more");
        }
        try {
            int count;
            do {
                count = source.read(piece, offset, length);
            } while (count == 0);
            return count;
        } catch (IOException | RuntimeException e) {
            sourceFailure = e;
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }
}
