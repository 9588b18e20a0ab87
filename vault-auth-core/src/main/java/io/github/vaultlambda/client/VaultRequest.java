package io.github.vaultlambda.client;

import java.nio.charset.StandardCharsets;
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

    private VaultRequest(
            String method, String path, Map<String, String> query, @Nullable SecretValue body, boolean repeatable) {
        this.method = method;
        this.path = Objects.requireNonNull(path, "path");
        this.query = query;
        this.body = body;
        this.repeatable = repeatable;
    }

    /** Reads a path such as {@code secret/data/orders/db}. */
    public static VaultRequest get(String path) {
        return new VaultRequest("GET", path, Map.of(), null, true);
    }

    /** Writes to a path, or calls an endpoint that takes parameters. Sent again only when it cannot have reached Vault. */
    public static VaultRequest post(String path, SecretValue body) {
        return new VaultRequest("POST", path, Map.of(), body, false);
    }

    /** A write that may be sent twice without harm, such as a login. */
    public static VaultRequest repeatablePut(String path, SecretValue body) {
        return new VaultRequest("PUT", path, Map.of(), body, true);
    }

    /** This with one more query parameter. */
    public VaultRequest withQuery(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(query);
        all.put(name, value);
        return new VaultRequest(method, path, Map.copyOf(all), body, repeatable);
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

    byte @Nullable [] bodyBytes() {
        return body == null ? null : body.revealJson().getBytes(StandardCharsets.UTF_8);
    }

    /** Method and path; never the body. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
