package io.github.vaultlambda.extension.proxy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A request body that knows whether all of it was read. One thread reads it, others ask. */
final class UploadStream extends FilterInputStream {
    private final long length;
    private long count;
    private volatile boolean ended;

    /** @param length how many bytes there are, or -1 when they come in chunks */
    UploadStream(InputStream in, long length) {
        super(in);
        this.length = length;
    }

    /** As announced, or -1. */
    long length() {
        return length;
    }

    /** Whether all of it was read. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        int result = super.read();
        moved(result < 0 ? -1 : 1);
        return result;
    }

    @Override
    public int read(byte[] bytes, int offset, int most) throws IOException {
        int result = super.read(bytes, offset, most);
        moved(result);
        return result;
    }

    private void moved(int bytes) {
        count += Math.max(bytes, 0);
        if (bytes < 0 || count == length) {
            ended = true;
        }
    }
}
