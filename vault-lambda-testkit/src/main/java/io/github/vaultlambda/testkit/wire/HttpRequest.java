package io.github.vaultlambda.testkit.wire;

import java.security.cert.X509Certificate;
import java.util.List;

/** A received request, untouched. */
public final class HttpRequest {
    private final String method;
    private final String path;
    private final String query;
    private final HeaderList headers;
    private final byte[] body;
    private final boolean tls;
    private final List<X509Certificate> peer;

    public HttpRequest(String method, String path, String query, HeaderList headers, byte[] body) {
        this(method, path, query, headers, body, false, List.of());
    }

    public HttpRequest(
            String method,
            String path,
            String query,
            HeaderList headers,
            byte[] body,
            boolean tls,
            List<X509Certificate> peer) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.tls = tls;
        this.peer = List.copyOf(peer);
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

    /** Whether it came over TLS. */
    public boolean tls() {
        return tls;
    }

    /** The certificates that the client has shown in TLS, its own first; empty without. */
    public List<X509Certificate> peerCertificates() {
        return peer;
    }
}
