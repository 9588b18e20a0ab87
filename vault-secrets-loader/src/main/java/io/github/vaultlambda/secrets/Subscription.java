package io.github.vaultlambda.secrets;

/** A listener's place at a secret; {@link #close()} takes it away. Thread-safe; closing twice does nothing. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** The listener is told of no further change. One that is under way at this moment may still reach it. */
    @Override
    void close();
}
