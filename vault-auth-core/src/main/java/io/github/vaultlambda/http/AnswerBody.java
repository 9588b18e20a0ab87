package io.github.vaultlambda.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The body of an answer as the server frames it. Not thread-safe. */
final class AnswerBody extends InputStream {
    private final Exchange exchange;
    private final Connection connection;
    private final boolean chunked;
    /** What is left of the body or of the chunk; -1 for a body that reaches to the end of the connection. */
    private long left;

    private boolean inChunks;
    private boolean ended;

    AnswerBody(Exchange exchange, Connection connection, long length) {
        this.exchange = exchange;
        this.connection = connection;
        this.chunked = length == AnswerHead.CHUNKED;
        this.left = chunked ? 0 : length;
        if (length == 0) {
            end(true);
        }
    }

    /** Whether all of it was read. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        exchange.beforeRead();
        try {
            return readPiece(bytes, offset, length);
        } catch (IOException e) {
            throw exchange.failed(e);
        }
    }

    private int readPiece(byte[] bytes, int offset, int length) throws IOException {
        if (chunked && left == 0 && !nextChunk()) {
            end(true);
            return -1;
        }
        int count = connection.read(bytes, offset, left < 0 ? length : (int) Math.min(length, left));
        if (count < 0) {
            if (left > 0) {
                throw connection.brokenOff();
            }
            end(false);
            return -1;
        }
        if (left > 0) {
            left -= count;
            if (left == 0 && !chunked) {
                end(true);
            }
        }
        return count;
    }

    /** Reads the head of the next chunk; false at the last. */
    private boolean nextChunk() throws IOException {
        connection.beginTrailer();
        if (inChunks && !connection.line().isEmpty()) {
            throw Connection.malformed("a chunk is longer than announced");
        }
        inChunks = true;
        left = chunkSize(connection.line());
        if (left == 0) {
            AnswerHead.skipTrailer(connection);
            return false;
        }
        return true;
    }

    private static long chunkSize(String line) throws TransportException {
        long size = 0;
        int digits = 0;
        for (; digits < line.length(); digits++) {
            int digit = Character.digit(line.charAt(digits), 16);
            if (digit < 0 || line.charAt(digits) > 'f') {
                break;
            }
            if (digits == 15) {
                throw Connection.malformed("the size of a chunk is beyond all measure");
            }
            size = size * 16 + digit;
        }
        String rest = Syntax.trimmed(line.substring(digits));
        if (digits == 0 || !(rest.isEmpty() || rest.charAt(0) == ';')) {
            throw Connection.malformed("the size of a chunk is no number");
        }
        return size;
    }

    private void end(boolean reusable) {
        ended = true;
        exchange.answerEnded(reusable && !connection.hasLeftOver());
    }

    @Override
    public int available() {
        return ended || left < 0 ? 0 : (int) Math.min(left, connection.available());
    }

    /** Ends the exchange; what was not read is given up. */
    @Override
    public void close() {
        exchange.close();
    }
}
