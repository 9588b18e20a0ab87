package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as the proxy understands it: whether it may go to Vault, how it goes, but for the token, and whether its answer can be
 * shared or kept. All of it follows from the request's head and from settings. Immutable and thread-safe.
 */
final class ClientRequest {
    private static final String STATE = "X-Vault-Index";
    static final String ENCODING = "Accept-Encoding";

    /** Headers of Vault's that do not change what a read answers, or that are looked at elsewhere. */
    private static final String[] NEUTRAL = {
        HeaderRules.TOKEN,
        HeaderRules.NAMESPACE,
        HeaderRules.TOKEN_OPTIONS,
        HeaderRules.CACHE_CONTROL,
        STATE,
        "X-Vault-Request",
        "X-Vault-Forward",
        "X-Vault-Inconsistent",
        "X-Vault-No-Request-Forwarding"
    };
    /** Answers to these are for who asked alone. */
    private static final String[] CONDITIONS = {
        "Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"
    };

    private final RequestHead head;
    private final VaultConfig config;
    private final @Nullable RequestTarget target;
    private final @Nullable Refusal refusal;
    private final boolean health;
    private final @Nullable String ownToken;
    private final CacheControl cacheControl;
    private final @Nullable CacheKey key;

    ClientRequest(RequestHead head, boolean overTcp, Gate gate, ProxySettings settings, VaultConfig config) {
        this.head = head;
        this.config = config;
        RequestTarget wanted = null;
        Refusal not = null;
        boolean own = false;
        try {
            wanted = RequestTarget.of(head.target());
            gate.checkSender(head, wanted, overTcp);
            own = wanted.path().equals(Health.PATH);
            if (!own) {
                gate.checkRequest(head, wanted);
            }
        } catch (Refusal e) {
            not = e;
        }
        this.target = wanted;
        this.refusal = not;
        this.health = own;
        String token = head.first(HeaderRules.TOKEN);
        this.ownToken = token == null || token.isBlank() ? null : token;
        boolean keepable = !settings.cacheTtl().isZero()
                && (head.method().equals("GET")
                        || (settings.cachesLists() && head.method().equals("LIST")));
        boolean shareable = not == null && !own && isShareable();
        this.cacheControl = keepable && shareable
                ? CacheControl.of(head.headers(), settings.cachesByDefault(), asksForNewToken())
                : CacheControl.NONE;
        boolean shares = shareable && !cacheControl.insists() && !asksForNewToken() && settings.coalesces();
        this.key = wanted != null && (shares || isCached())
                ? CacheKey.of(head, wanted.text(), head.first(HeaderRules.NAMESPACE), ownToken, !isCached())
                : null;
    }

    RequestHead head() {
        return head;
    }

    String method() {
        return head.method();
    }

    /** The proxy's own answer to it, or null when it may go to Vault. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /** Whether it asks how the proxy is. */
    boolean asksForHealth() {
        return health;
    }

    /** Path and query, encoded. */
    String target() {
        return target == null ? head.target() : target.text();
    }

    /** The path alone, encoded. */
    String path() {
        return target == null ? "" : target.path();
    }

    /** The token that the client sent, or null when it leaves that to us. */
    @Nullable
    String ownToken() {
        return ownToken;
    }

    /** Whether the client wants a new login before this request. */
    boolean asksForNewToken() {
        return "revoke".equals(head.first(HeaderRules.TOKEN_OPTIONS));
    }

    /** Whether Vault changes nothing by it, so that it can be sent twice. */
    boolean isRead() {
        return switch (head.method()) {
            case "GET", "HEAD", "LIST", "SCAN", "OPTIONS" -> true;
            default -> false;
        };
    }

    CacheControl cacheControl() {
        return cacheControl;
    }

    /** What it has in common with those that have the same answer; null when its answer is for this one alone. */
    @Nullable
    CacheKey key() {
        return key;
    }

    /**
     * The headers for Vault. What the client sends wins over what is configured.
     *
     * @param state of a replicated cluster that Vault must have reached, or null
     */
    Headers headersWith(SecretValue token, @Nullable String state) {
        Headers headers = new Headers();
        Headers sent = head.headers();
        for (int i = 0; i < sent.size(); i++) {
            boolean ours = isCached() && sent.name(i).equalsIgnoreCase(ENCODING); // others may not understand it
            if (!ours && HeaderRules.passToVault(sent, i)) {
                headers.add(sent.name(i), sent.value(i));
            }
        }
        for (Map.Entry<String, String> header : config.headers().entrySet()) {
            addUnlessThere(headers, header.getKey(), header.getValue());
        }
        String namespace = config.namespace();
        if (namespace != null) {
            addUnlessThere(headers, HeaderRules.NAMESPACE, namespace);
        }
        if (state != null) {
            addUnlessThere(headers, STATE, state);
        }
        return headers.add(HeaderRules.TOKEN, token.reveal());
    }

    /** Method, path and a namespace of the client's own: what a policy allows or denies. */
    String asked() {
        String path = path();
        String namespace = head.first(HeaderRules.NAMESPACE);
        return method() + " " + (path.startsWith("/v1/") ? path.substring("/v1/".length()) : path)
                + (namespace == null ? "" : " in " + namespace);
    }

    /** Method and path, for logs and messages; the query may hold anything. */
    @Override
    public String toString() {
        return method() + " " + path();
    }

    private boolean isShareable() {
        if (!head.method().equals("GET") && !head.method().equals("LIST")) {
            return false;
        }
        if (head.bodyLength() > Call.MOST_BUFFERED || head.bodyLength() == RequestHead.CHUNKED) {
            return false;
        }
        Headers sent = head.headers();
        for (int i = 0; i < sent.size(); i++) {
            String name = sent.name(i);
            boolean ofVault = name.regionMatches(true, 0, "X-Vault-", 0, 8);
            if ((ofVault && !isOneOf(name, NEUTRAL)) || isOneOf(name, CONDITIONS)) {
                return false; // such as X-Vault-Wrap-TTL, for one unwrapping each
            }
        }
        return true;
    }

    private boolean isCached() {
        return cacheControl.reads() || cacheControl.writes();
    }

    private static boolean isOneOf(String name, String[] names) {
        for (String one : names) {
            if (one.equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static void addUnlessThere(Headers headers, String name, String value) {
        if (headers.first(name) == null) {
            headers.add(name, value);
        }
    }
}
