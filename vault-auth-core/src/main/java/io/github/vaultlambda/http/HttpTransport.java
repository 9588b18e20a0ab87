package io.github.vaultlambda.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries one HTTP request to its host and brings the answer back. Implementations are thread-safe, follow no redirect and do
 * not repeat a request that may have reached its server, unless its method allows that.
 */
@FunctionalInterface
public interface HttpTransport {
    /**
     * Sends the request and waits for the whole answer.
     *
     * @throws IOException when no complete answer came within the time-out, or it was larger than 32 MiB
     */
    Reply send(Call call) throws IOException;

    /**
     * Connects to the host of this address ahead, in the background, so that the next request to it finds a connection; a
     * failure is forgotten, and the request then connects by itself. Returns at once and throws nothing. Does nothing unless
     * an implementation says otherwise.
     *
     * @param address an absolute address; only scheme, host and port count
     */
    default void prepare(URI address) {}

    /** Closes the connections that no request uses. Does nothing unless an implementation says otherwise. */
    default void closeIdle() {}

    /**
     * One request.
     *
     * @param method the HTTP method, in capitals
     * @param uri the absolute address
     * @param headers one value each
     * @param body the body, or null for none; never changed
     * @param timeout for connecting and for the answer together; above zero
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy per request would cost
    record Call(String method, URI uri, Map<String, String> headers, byte @Nullable [] body, Duration timeout) {
        /** Method and address only: headers and body may hold secrets. */
        @Override
        public String toString() {
            return method + " " + uri;
        }
    }

    /**
     * One answer.
     *
     * @param status the HTTP status
     * @param body the body; empty when there is none
     * @param headers the headers by lower-case name; of several with one name the last
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Reply(int status, byte[] body, Map<String, String> headers) {
        /** An answer without headers. */
        public Reply(int status, byte[] body) {
            this(status, body, Map.of());
        }

        /** The value of a header, whose name is given in lower case; null when there is none. */
        public @Nullable String header(String name) {
            return headers.get(name);
        }

        /** The status only: body and headers may hold secrets. */
        @Override
        public String toString() {
            return "status " + status;
        }
    }
}
