package io.github.vaultlambda.extension.proxy;

import com.sun.net.httpserver.HttpExchange;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.Headers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's request as it goes on to Vault, but for the token. For one thread; the body is read by another while it is being
 * sent.
 */
final class ClientRequest {
    private static final String USER_AGENT = "User-Agent";

    private final HttpExchange exchange;
    private final String target;
    private final VaultConfig config;
    private final HeaderRules rules;
    private final @Nullable UploadStream body;

    /**
     * Takes a request.
     *
     * @param target path and query for Vault, encoded
     * @param config the namespace and headers for a request that names none
     */
    ClientRequest(HttpExchange exchange, String target, VaultConfig config) throws Refusal {
        this.exchange = exchange;
        this.target = target;
        this.config = config;
        this.rules = HeaderRules.toVault(exchange.getRequestHeaders().get("Connection"));
        long length = length(exchange.getRequestHeaders());
        this.body = length == 0 ? null : new UploadStream(exchange.getRequestBody(), length);
    }

    String method() {
        return exchange.getRequestMethod();
    }

    /** Path and query, encoded. */
    String target() {
        return target;
    }

    /** The token that the client sent, or null when it leaves that to us. */
    @Nullable
    String ownToken() {
        String token = own(HeaderRules.TOKEN);
        return token == null || token.isBlank() ? null : token;
    }

    /** Whether the client wants a new login before this request. */
    boolean asksForNewToken() {
        return "revoke".equals(own(HeaderRules.TOKEN_OPTIONS));
    }

    /** The body, or null when there is none, in which case the request can be sent more than once. */
    @Nullable
    UploadStream body() {
        return body;
    }

    /** Whether the client says itself that the body is empty, as POST should. */
    boolean announcesNoBody() {
        return body == null && own("Content-Length") != null;
    }

    /** The headers for Vault, with this token. What the client sends wins over what is configured. */
    Headers headersWith(SecretValue token) {
        Headers headers = new Headers();
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            if (rules.passes(header.getKey())) {
                for (String value : header.getValue()) {
                    headers.add(header.getKey(), value);
                }
            }
        }
        for (Map.Entry<String, String> header : config.headers().entrySet()) {
            addUnlessThere(headers, header.getKey(), header.getValue());
        }
        String namespace = config.namespace();
        if (namespace != null) {
            addUnlessThere(headers, HeaderRules.NAMESPACE, namespace);
        }
        addUnlessThere(headers, USER_AGENT, "vault-lambda-extension");
        return headers.add(HeaderRules.TOKEN, token.reveal());
    }

    /** Method, path and a namespace of the client's own: what a policy allows or denies. */
    String asked() {
        String path = path();
        String namespace = own(HeaderRules.NAMESPACE);
        return method() + " " + (path.startsWith("/v1/") ? path.substring("/v1/".length()) : path)
                + (namespace == null ? "" : " in " + namespace);
    }

    /** Method and path, for logs and messages; the query may hold anything. */
    @Override
    public String toString() {
        return method() + " " + path();
    }

    private String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    private @Nullable String own(String header) {
        return exchange.getRequestHeaders().getFirst(header);
    }

    private static void addUnlessThere(Headers headers, String name, String value) {
        if (headers.first(name) == null) {
            headers.add(name, value);
        }
    }

    /** The length of the body, or -1 when it comes in chunks. */
    private static long length(com.sun.net.httpserver.Headers headers) throws Refusal {
        if (headers.containsKey("Transfer-Encoding")) {
            return -1;
        }
        String length = headers.getFirst("Content-Length");
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            throw Refusal.of(400, "refused: the Content-Length is no number");
        }
    }
}
