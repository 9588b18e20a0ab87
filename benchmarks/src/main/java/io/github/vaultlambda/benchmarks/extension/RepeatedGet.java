package io.github.vaultlambda.benchmarks.extension;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/**
 * One connection on which the same request is sent again and again. With as little work of its own as there can be, since it shares
 * the processors with what it measures. One thread at a time, but for {@link #close}.
 */
final class RepeatedGet implements AutoCloseable {
    private static final byte[] OK = "HTTP/1.1 200".getBytes(ISO_8859_1);
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(ISO_8859_1);
    private static final String LENGTH = "Content-Length:";
    private static final String LAST_CHUNK = "0\r\n\r\n";

    private final byte[] request;
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[64 << 10];

    RepeatedGet(InetSocketAddress server, byte[] request) throws IOException {
        this.request = request;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(server);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        } catch (IOException e) {
            socket.close();
            throw new IOException("no connection to " + server + ": " + e.getMessage(), e);
        }
    }

    /** So many requests; nanoseconds of each. */
    long[] exchange(int count) throws IOException {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            nanos[i] = exchange();
        }
        return nanos;
    }

    /** At least one request; the last one may end after that moment. */
    long[] exchangeUntil(long end) throws IOException {
        long[] nanos = new long[1 << 10];
        int count = 0;
        do {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count] = exchange();
            count++;
        } while (System.nanoTime() - end < 0);
        return Arrays.copyOf(nanos, count);
    }

    /**
     * Nanoseconds from the request to the last byte of its answer.
     *
     * @throws IOException also when the answer is none, or not 200
     */
    private long exchange() throws IOException {
        long begin = System.nanoTime();
        out.write(request);
        int read = 0;
        int end = -1;
        while (end < 0 || read < end) {
            int more = in.read(buffer, read, buffer.length - read);
            if (more <= 0) {
                throw new EOFException(
                        more < 0
                                ? "the connection ended within an answer to " + requestLine()
                                : "an answer of more than " + buffer.length + " bytes to " + requestLine());
            }
            read += more;
            if (end < 0) {
                end = endOfAnswer(read);
            }
        }
        long nanos = System.nanoTime() - begin;
        if (!Arrays.equals(buffer, 0, OK.length, OK, 0, OK.length)) {
            String answer = new String(buffer, 0, read, ISO_8859_1);
            throw new IOException(requestLine() + " was answered " + answer.substring(0, answer.indexOf('\r')) + ": "
                    + answer.substring(answer.indexOf("\r\n\r\n")).strip());
        }
        return nanos;
    }

    /** Where the answer ends; below zero when its head is not there as a whole or says nothing of its length. */
    private int endOfAnswer(int read) {
        int head = endOfHead(read);
        if (head < 0) {
            return -1;
        }
        String text = new String(buffer, 0, head, ISO_8859_1);
        for (String line : text.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                return head + Integer.parseInt(line.substring(LENGTH.length()).strip());
            }
        }
        boolean whole = read >= head + LAST_CHUNK.length()
                && new String(buffer, read - LAST_CHUNK.length(), LAST_CHUNK.length(), ISO_8859_1).equals(LAST_CHUNK);
        return whole ? read : -1; // in chunks
    }

    private int endOfHead(int read) {
        for (int i = END_OF_HEAD.length; i <= read; i++) {
            if (Arrays.equals(buffer, i - END_OF_HEAD.length, i, END_OF_HEAD, 0, END_OF_HEAD.length)) {
                return i;
            }
        }
        return -1;
    }

    /** Without the headers, which may have a token in them. */
    private String requestLine() {
        String text = new String(request, ISO_8859_1);
        return text.substring(0, text.indexOf(" HTTP/"));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
