package io.github.vaultlambda.extension.proxy;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The content of an answer that was passed on, unless it is larger than wanted. Not thread-safe. */
final class ContentCopy {
    private final int most;
    private @Nullable ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean complete;

    /** @param most how many bytes are wanted at most */
    ContentCopy(int most) {
        this.most = most;
    }

    void add(byte[] piece, int offset, int length) {
        if (bytes != null && bytes.size() + length <= most) {
            bytes.write(piece, offset, length);
        } else {
            bytes = null;
        }
    }

    /** No more comes. */
    void end() {
        complete = true;
    }

    /** All of it, or null when it did not come to its end or was too large. */
    byte @Nullable [] content() {
        return complete && bytes != null ? bytes.toByteArray() : null;
    }
}
