package io.github.vaultlambda.testkit.wire;

/** A received request, untouched. */
public final class HttpRequest {
    private final String method;
    private final String path;
    private final String query;
    private final HeaderList headers;
    private final byte[] body;

    public HttpRequest(String method, String path, String query, HeaderList headers, byte[] body) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
    }

    /** The method as sent. */
    public String method() {
        return method;
    }

    /** The target up to the question mark, still percent-encoded. */
    public String path() {
        return path;
    }

    /** The target after the question mark, still percent-encoded; empty without one. */
    public String query() {
        return query;
    }

    /** All header lines. */
    public HeaderList headers() {
        return headers;
    }

    /** The body's bytes; not a copy. */
    public byte[] body() {
        return body;
    }
}
