package io.github.vaultlambda.extension.proxy;

import java.io.IOException;

/** Finds where the head of the next request ends. For one connection's thread. */
final class HeadReader {
    /** No request line is longer, so that there is room for headers. */
    private static final int MAX_LINE_BYTES = 32 * 1024;
    /** The first byte of every TLS connection, and of no request. */
    private static final byte TLS_HANDSHAKE = 0x16;

    private final ClientChannel channel;
    private int scanned;

    HeadReader(ClientChannel channel) {
        this.channel = channel;
    }

    /**
     * The length of the next head, whose first byte is at the channel's position; 0 when it is not all there yet.
     *
     * @throws Refusal when it will be none
     */
    int find() throws Refusal {
        skipEmptyLines();
        byte[] bytes = channel.bytes();
        int start = channel.position();
        int end = channel.limit();
        if (start < end && bytes[start] == TLS_HANDSHAKE) { // which has no end of a line to wait for
            throw Refusal.of(400, "refused: the proxy speaks no TLS: its address begins with http://");
        }
        int i = start + scanned;
        for (; i < end; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            if (i == start || bytes[i - 1] != '\r') {
                throw Refusal.of(400, "refused: the request is no valid HTTP: a line does not end with CR and LF");
            }
            if (i - start >= 3 && bytes[i - 2] == '\n') {
                scanned = 0;
                checkLine(bytes, start, i);
                return i + 1 - start;
            }
        }
        scanned = i - start;
        checkLine(bytes, start, end);
        if (channel.isFull()) {
            throw Refusal.of(431, "refused: the headers are longer than " + ClientChannel.MAX_HEAD_BYTES + " bytes");
        }
        return 0;
    }

    /** Reads more; false at the end of the connection. */
    boolean readMore() throws IOException {
        return channel.fill();
    }

    /** RFC 9112, section 2.2: some clients send one behind a body. */
    private void skipEmptyLines() {
        while (scanned == 0
                && channel.available() >= 2
                && channel.bytes()[channel.position()] == '\r'
                && channel.bytes()[channel.position() + 1] == '\n') {
            channel.take(2);
        }
    }

    private static void checkLine(byte[] bytes, int start, int end) throws Refusal {
        if (end - start < MAX_LINE_BYTES) {
            return;
        }
        for (int i = start; i < start + MAX_LINE_BYTES; i++) {
            if (bytes[i] == '\n') {
                return;
            }
        }
        throw Refusal.of(414, "refused: the request line is longer than " + MAX_LINE_BYTES + " bytes");
    }
}
