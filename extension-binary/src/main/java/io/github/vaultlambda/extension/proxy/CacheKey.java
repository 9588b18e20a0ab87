package io.github.vaultlambda.extension.proxy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What makes two reads the same one: all that can change Vault's answer and nothing else. Host, User-Agent, cookies and the headers
 * of tracing are not in it; nor is the session's token, because each login is as the same role. Immutable and thread-safe.
 */
final class CacheKey {
    private static final byte[] NO_BODY = {};

    private final String method;
    private final String target;
    private final @Nullable String namespace;
    private final @Nullable String token;
    private final @Nullable String authorization;
    private final @Nullable String accept;
    private final @Nullable String encoding;
    private final byte[] body;
    private final int hash;

    private CacheKey(
            String method,
            String target,
            @Nullable String namespace,
            @Nullable String token,
            @Nullable String authorization,
            @Nullable String accept,
            @Nullable String encoding,
            byte[] body) {
        this.method = method;
        this.target = target;
        this.namespace = namespace;
        this.token = token;
        this.authorization = authorization;
        this.accept = accept;
        this.encoding = encoding;
        this.body = body;
        int sum = target.hashCode();
        sum = 31 * sum + method.hashCode();
        sum = 31 * sum + hash(namespace);
        sum = 31 * sum + hash(token);
        this.hash = 31 * sum + Arrays.hashCode(body);
    }

    /**
     * The key of a read without a body.
     *
     * @param target path and query
     * @param namespace of the client's own, or null
     * @param token of the client's own, or null
     * @param encoded whether Vault is told what encodings the client understands
     */
    static CacheKey of(
            RequestHead head, String target, @Nullable String namespace, @Nullable String token, boolean encoded) {
        return new CacheKey(
                head.method(),
                target,
                namespace,
                token,
                head.first("Authorization"),
                head.first("Accept"),
                encoded ? head.first(ClientRequest.ENCODING) : null,
                NO_BODY);
    }

    /** This with a body. */
    CacheKey with(byte[] bytes) {
        return new CacheKey(method, target, namespace, token, authorization, accept, encoding, bytes);
    }

    /** Whether it reads this path, whatever the query. */
    boolean isOf(String path) {
        return target.startsWith(path) && (target.length() == path.length() || target.charAt(path.length()) == '?');
    }

    /** About how many bytes it takes. */
    int weight() {
        return 200 + target.length() + body.length + length(token) + length(authorization) + length(accept);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof CacheKey key
                        && hash == key.hash
                        && target.equals(key.target)
                        && method.equals(key.method)
                        && same(namespace, key.namespace)
                        && same(token, key.token)
                        && same(authorization, key.authorization)
                        && same(accept, key.accept)
                        && same(encoding, key.encoding)
                        && Arrays.equals(body, key.body));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The method alone: all else may be secret. */
    @Override
    public String toString() {
        return "a " + method;
    }

    private static boolean same(@Nullable String one, @Nullable String other) {
        return one == null ? other == null : one.equals(other);
    }

    private static int hash(@Nullable String text) {
        return text == null ? 0 : text.hashCode();
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
