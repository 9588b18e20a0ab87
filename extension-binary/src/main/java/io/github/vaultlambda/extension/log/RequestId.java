package io.github.vaultlambda.extension.log;

import org.jspecify.annotations.Nullable;

/** The request id of the invocation that runs, for the lines of the log. Thread-safe. */
public final class RequestId {
    private volatile @Nullable String current;

    /** No invocation yet. */
    public RequestId() {}

    /** From now on this invocation runs; null when it is not known which. */
    public void set(@Nullable String id) {
        current = id;
    }

    @Nullable
    String current() {
        return current;
    }
}
