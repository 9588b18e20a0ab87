package io.github.vaultlambda.extension.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * One client's connection as bytes, with those that were read ahead. A channel and not a socket, so that TCP and Unix sockets are
 * served by the same code, and each read and write is one system call.
 *
 * <p>One thread reads and one writes. {@link #discard} and {@link #close} may come from any.
 */
final class ClientChannel implements AutoCloseable {
    /** The longest head of a request. */
    static final int MAX_HEAD_BYTES = 64 * 1024;

    private static final int FIRST_BYTES = 4 * 1024;
    /** The JDK copies what it writes into a buffer of the thread, which stays as large as the largest write. */
    private static final int PIECE_BYTES = 16 * 1024;

    private final SocketChannel channel;
    private ByteBuffer in = ByteBuffer.allocate(FIRST_BYTES);
    private int position;
    private int limit;

    ClientChannel(SocketChannel channel) {
        this.channel = channel;
    }

    /** What was read; valid from {@link #position} to {@link #limit} until the next {@link #fill}. */
    byte[] bytes() {
        return in.array();
    }

    int position() {
        return position;
    }

    int limit() {
        return limit;
    }

    /** How many bytes were read and not yet taken. */
    int available() {
        return limit - position;
    }

    /** Takes that many of the bytes that were read. */
    void take(int count) {
        position += count;
        if (position == limit) {
            position = 0;
            limit = 0;
        }
    }

    /**
     * Reads more behind what was not yet taken, and waits for it.
     *
     * @return false at the end
     * @throws IllegalStateException when there is no room for more; see {@link #isFull}
     */
    boolean fill() throws IOException {
        makeRoom();
        return read() > 0;
    }

    /** Whether the longest head there may be was read and not taken. */
    boolean isFull() {
        return available() >= MAX_HEAD_BYTES;
    }

    /** As {@link java.io.InputStream#read(byte[], int, int)}. */
    int read(byte[] bytes, int offset, int length) throws IOException {
        if (available() == 0 && !fill()) {
            return -1;
        }
        int count = Math.min(length, available());
        System.arraycopy(in.array(), position, bytes, offset, count);
        take(count);
        return count;
    }

    /** One byte, or -1 at the end. */
    int readByte() throws IOException {
        if (available() == 0 && !fill()) {
            return -1;
        }
        int b = in.array()[position] & 0xff;
        take(1);
        return b;
    }

    /** Reads what nobody wants, past what was read ahead; also while another thread may still read. False at the end. */
    boolean discard(byte[] into) throws IOException {
        return channel.read(ByteBuffer.wrap(into)) >= 0;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes, offset, length);
        int end = offset + length;
        while (out.position() < end) {
            out.limit(Math.min(end, out.position() + PIECE_BYTES));
            channel.write(out);
        }
    }

    /**
     * Whether the client is gone, as far as can be known without waiting; what it sent meanwhile is kept. For a moment in which
     * nobody reads or writes.
     */
    boolean isAbandoned() {
        if (available() >= FIRST_BYTES) {
            return false; // it has sent more requests ahead: their end is far
        }
        try {
            makeRoom();
            channel.configureBlocking(false);
            try {
                return read() < 0;
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException e) {
            return true;
        }
    }

    /** Tells the client that nothing more comes. */
    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Ends the connection; wakes whoever reads or writes. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // There is nothing to lose.
        }
    }

    private int read() throws IOException {
        in.limit(in.capacity()).position(limit);
        int count = channel.read(in);
        limit += Math.max(count, 0);
        return count;
    }

    private void makeRoom() {
        if (limit < in.capacity()) {
            return;
        }
        if (position > 0) {
            System.arraycopy(in.array(), position, in.array(), 0, available());
            limit -= position;
            position = 0;
        } else if (isFull()) {
            throw new IllegalStateException("the longest head is read");
        } else {
            in = ByteBuffer.wrap(Arrays.copyOf(in.array(), Math.min(4 * in.capacity(), MAX_HEAD_BYTES)));
        }
    }
}
