package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Request line and headers as a client sent them. The headers are not to be changed.
 *
 * @param target as it stands in the request line
 * @param recent whether it is HTTP/1.1 and not 1.0
 * @param bodyLength 0 for no body, or {@link #CHUNKED}
 * @param keepsConnection whether the client will send more requests
 * @param awaitsContinue whether the client waits for a word before it sends the body
 */
record RequestHead(
        String method,
        String target,
        boolean recent,
        Headers headers,
        long bodyLength,
        boolean keepsConnection,
        boolean awaitsContinue) {
    /** The length of a body that comes in chunks. */
    static final long CHUNKED = -1;

    /** The value of the first header of that name, or null. */
    @Nullable
    String first(String name) {
        return headers.first(name);
    }

    /** How many headers have that name. */
    int count(String name) {
        int count = 0;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name)) {
                count++;
            }
        }
        return count;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    /** Method alone: the path is for those who know what may be logged. */
    @Override
    public String toString() {
        return method;
    }
}
