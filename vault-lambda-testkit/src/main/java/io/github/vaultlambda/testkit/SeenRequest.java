package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.wire.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that {@link FaultyServer} has received. Immutable; {@link #toString()} shows neither headers nor body. */
public final class SeenRequest {
    private final int connection;
    private final RequestHead head;
    private final byte[] body;

    SeenRequest(int connection, RequestHead head, byte[] body) {
        this.connection = connection;
        this.head = head;
        this.body = body.clone();
    }

    /** Which connection it came on, counted from 1. */
    public int connection() {
        return connection;
    }

    /** The method. */
    public String method() {
        return head.method();
    }

    /** The target as sent, with its query. */
    public String target() {
        return head.target();
    }

    /** The first header of that name, whatever its case; null without one. */
    public @Nullable String header(String name) {
        return head.headers().first(name);
    }

    /** All headers of that name, in order. */
    public List<String> headers(String name) {
        return head.headers().all(name);
    }

    /** The body; empty when the answer came before it was read. */
    public byte[] body() {
        return body.clone();
    }

    @Override
    public String toString() {
        return "SeenRequest[" + head.method() + " " + head.path() + " on connection " + connection + "]";
    }
}
