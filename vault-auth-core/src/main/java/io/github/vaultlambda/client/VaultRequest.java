package io.github.vaultlambda.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to Vault: a method and a path below {@code /v1/}, perhaps with a query and a JSON body. Immutable and thread-safe.
 */
public final class VaultRequest {
    private final String method;
    private final String path;
    private final Map<String, String> query;
    private final @Nullable SecretValue body;
    private final boolean repeatable;
    private final long wrapSeconds;

    private VaultRequest(
            String method,
            String path,
            Map<String, String> query,
            @Nullable SecretValue body,
            boolean repeatable,
            long wrapSeconds) {
        this.method = method;
        this.path = Objects.requireNonNull(path, "path");
        this.query = query;
        this.body = body;
        this.repeatable = repeatable;
        this.wrapSeconds = wrapSeconds;
    }

    /** Reads a path such as {@code secret/data/orders/db}. */
    public static VaultRequest get(String path) {
        return new VaultRequest("GET", path, Map.of(), null, true, 0);
    }

    /** Writes to a path, or calls an endpoint that takes parameters. Sent again only when it cannot have reached Vault. */
    public static VaultRequest post(String path, SecretValue body) {
        return new VaultRequest("POST", path, Map.of(), body, false, 0);
    }

    /** A write that may be sent twice without harm, such as a login. */
    public static VaultRequest repeatablePut(String path, SecretValue body) {
        return new VaultRequest("PUT", path, Map.of(), body, true, 0);
    }

    /** This with one more query parameter. */
    public VaultRequest withQuery(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(query);
        all.put(name, value);
        return new VaultRequest(method, path, Map.copyOf(all), body, repeatable, wrapSeconds);
    }

    /**
     * This with the wish that Vault wraps its answer: what comes back is a token for {@link VaultClient#unwrap}, which works once
     * and for this long.
     *
     * @param ttl at least one second; what is left of a second counts as a whole one
     * @throws IllegalArgumentException when it is shorter
     * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/response-wrapping">Vault: response wrapping</a>
     */
    public VaultRequest withWrapTtl(Duration ttl) {
        if (ttl.getSeconds() < 1) {
            throw new IllegalArgumentException("a wrapped answer lives for one second at least, not " + ttl);
        }
        long seconds = ttl.getNano() == 0 ? ttl.getSeconds() : ttl.getSeconds() + 1;
        return new VaultRequest(method, path, query, body, repeatable, seconds);
    }

    /** The HTTP method, in capitals. */
    public String method() {
        return method;
    }

    /** The path below {@code /v1/}, not encoded. */
    public String path() {
        return path;
    }

    /** The query parameters, not encoded. */
    public Map<String, String> query() {
        return query;
    }

    /** Whether it may be sent again when it is not known whether it arrived. */
    public boolean repeatable() {
        return repeatable;
    }

    /** How long a wrapped answer is to live, in seconds; 0 for an answer that is not wrapped. */
    long wrapSeconds() {
        return wrapSeconds;
    }

    byte @Nullable [] bodyBytes() {
        return body == null ? null : body.revealJson().getBytes(StandardCharsets.UTF_8);
    }

    /** Method and path; never the body. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
