package io.github.vaultlambda.extension;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request body that remembers when it last moved. One thread reads it, others ask. */
final class UploadStream extends FilterInputStream {
    private volatile long movedAt = System.nanoTime();
    private volatile boolean ended;

    UploadStream(InputStream in) {
        super(in);
    }

    /** The time since a byte last came, in nanoseconds. */
    long nanosSinceMove() {
        return System.nanoTime() - movedAt;
    }

    /** Whether all of it was read. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        return moved(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return moved(super.read(bytes, offset, length));
    }

    private int moved(int result) {
        movedAt = System.nanoTime();
        if (result < 0) {
            ended = true;
        }
        return result;
    }
}
