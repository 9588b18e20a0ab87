package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * The body of a request, without its framing. A client that waits for a word before it sends the body gets it when the body is
 * first read. One thread reads; any may ask {@link #hasEnded}.
 */
final class RequestBody extends InputStream {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);
    private static final int MAX_LINE_BYTES = 4 * 1024;
    private static final int MAX_TRAILER_BYTES = 16 * 1024;

    private final ClientChannel channel;
    private final long length;
    private final boolean chunked;
    private boolean awaitsContinue;
    /** What is left of the body or of the chunk. */
    private long left;

    private boolean inChunks;
    private volatile boolean ended;

    /** The body that this head announces. */
    RequestBody(ClientChannel channel, RequestHead head) {
        this.channel = channel;
        this.length = head.bodyLength();
        this.chunked = length == RequestHead.CHUNKED;
        this.left = chunked ? 0 : length;
        this.awaitsContinue = head.awaitsContinue();
        this.ended = length == 0;
    }

    /** As announced, or -1 when it comes in chunks. */
    long length() {
        return length;
    }

    /** Whether all of it was read. */
    boolean hasEnded() {
        return ended;
    }

    /** All of it; for a body with a length that fits. */
    byte[] readWhole() throws IOException {
        byte[] whole = new byte[Math.toIntExact(length)];
        int count = 0;
        while (count < whole.length) {
            int more = read(whole, count, whole.length - count);
            if (more < 0) {
                throw brokenOff();
            }
            count += more;
        }
        return whole;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
        Objects.checkFromIndexSize(offset, most, bytes.length);
        if (ended || most == 0) {
            return ended ? -1 : 0;
        }
        if (awaitsContinue) {
            awaitsContinue = false;
            channel.write(CONTINUE, 0, CONTINUE.length);
        }
        if (chunked && left == 0 && !nextChunk()) {
            ended = true;
            return -1;
        }
        int count = channel.read(bytes, offset, (int) Math.min(most, left));
        if (count < 0) {
            throw brokenOff();
        }
        left -= count;
        if (left == 0 && !chunked) {
            ended = true;
        }
        return count;
    }

    /** Reads the head of the next chunk; false at the last. */
    private boolean nextChunk() throws IOException {
        if (inChunks && !line(2).isEmpty()) {
            throw new IOException("a chunk of the request is longer than announced");
        }
        inChunks = true;
        left = size(line(MAX_LINE_BYTES));
        if (left > 0) {
            return true;
        }
        int room = MAX_TRAILER_BYTES;
        for (String trailer = line(room); !trailer.isEmpty(); trailer = line(room)) {
            room -= trailer.length() + 2;
        }
        return false;
    }

    private static long size(String line) throws IOException {
        long size = 0;
        int digits = 0;
        for (; digits < line.length() && digits < 15 && line.charAt(digits) < 0x80; digits++) {
            int digit = Character.digit(line.charAt(digits), 16);
            if (digit < 0) {
                break;
            }
            size = size * 16 + digit;
        }
        boolean ends = digits == line.length() || " \t;".indexOf(line.charAt(digits)) >= 0;
        if (digits == 0 || !ends) {
            throw new IOException("the size of a chunk of the request is no number");
        }
        return size;
    }

    private String line(int most) throws IOException {
        StringBuilder line = new StringBuilder(16);
        while (true) {
            int c = channel.readByte();
            if (c < 0) {
                throw brokenOff();
            }
            if (c == '\r') {
                if (channel.readByte() != '\n') {
                    throw new IOException("a line between chunks of the request does not end with CR and LF");
                }
                return line.toString();
            }
            if (c == '\n' || line.length() >= most) {
                throw new IOException("a line between chunks of the request is malformed");
            }
            line.append((char) c);
        }
    }

    private static EOFException brokenOff() {
        return new EOFException("the client closed the connection within its request");
    }
}
