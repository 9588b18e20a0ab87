package io.github.vaultlambda.testkit.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What to send back. */
public final class HttpAnswer {
    private final int status;
    private final HeaderList headers;
    private final byte[] body;

    /**
     * An answer.
     *
     * @param status HTTP status; 0 closes the connection without an answer
     * @param headers header lines beside Content-Length
     * @param body the body's bytes
     */
    public HttpAnswer(int status, HeaderList headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** No answer at all: the connection is closed. */
    public static HttpAnswer dropped() {
        return new HttpAnswer(0, new HeaderList(), new byte[0]);
    }

    /** An answer with a text body. */
    public static HttpAnswer of(int status, String contentType, String body) {
        return new HttpAnswer(
                status, new HeaderList().add("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8));
    }

    /** A JSON answer. */
    public static HttpAnswer json(int status, @Nullable Object body) {
        return of(status, "application/json", Json.write(body));
    }

    /** HTTP status, or 0. */
    public int status() {
        return status;
    }

    /** Header lines beside Content-Length. */
    public HeaderList headers() {
        return headers;
    }

    /** The body's bytes; not a copy. */
    public byte[] body() {
        return body;
    }
}
