package io.github.vaultlambda.extension;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.github.vaultlambda.client.SecretValue;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's request as it goes on to Vault, but for the token. For one thread; the body is read by others while it is being
 * sent.
 */
final class ClientRequest {
    private final HttpRequest.Builder request;
    private final @Nullable String ownToken;
    private final boolean asksForNewToken;
    private final @Nullable UploadStream body;
    private final String description;

    private ClientRequest(HttpExchange exchange, URI uri, @Nullable String namespace) {
        Headers headers = exchange.getRequestHeaders();
        this.description = exchange.getRequestMethod() + " " + uri.getRawPath();
        this.ownToken = present(headers.getFirst(HeaderRules.TOKEN));
        this.asksForNewToken = "revoke".equals(headers.getFirst(HeaderRules.TOKEN_OPTIONS));
        this.body = hasBody(headers) ? new UploadStream(exchange.getRequestBody()) : null;
        this.request = HttpRequest.newBuilder(uri).method(exchange.getRequestMethod(), publisher(body, headers));
        HeaderRules rules = HeaderRules.toVault(headers.get("Connection"));
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            if (rules.passes(header.getKey())) {
                for (String value : header.getValue()) {
                    request.header(header.getKey(), value);
                }
            }
        }
        if (namespace != null && headers.getFirst(HeaderRules.NAMESPACE) == null) {
            request.header(HeaderRules.NAMESPACE, namespace);
        }
        if (headers.getFirst("User-Agent") == null) {
            request.header("User-Agent", "vault-lambda-extension");
        }
    }

    /**
     * Reads the head of a request.
     *
     * @param uri where it goes
     * @param namespace the namespace for a request that names none, or null
     * @throws Refusal when it cannot go on as it is
     */
    static ClientRequest of(HttpExchange exchange, URI uri, @Nullable String namespace) throws Refusal {
        try {
            return new ClientRequest(exchange, uri, namespace);
        } catch (IllegalArgumentException e) {
            // The exception quotes the value, which may be a secret.
            throw Refusal.of(400, "refused: the method or a header cannot be sent on as it is");
        }
    }

    /** The token that the client sent, or null when it leaves that to us. */
    @Nullable
    String ownToken() {
        return ownToken;
    }

    /** Whether the client wants a new login before this request. */
    boolean asksForNewToken() {
        return asksForNewToken;
    }

    /** The body, or null when there is none, in which case the request can be sent more than once. */
    @Nullable
    UploadStream body() {
        return body;
    }

    /** The request to Vault with this token. */
    HttpRequest with(SecretValue token) {
        return request.setHeader(HeaderRules.TOKEN, token.reveal()).build();
    }

    /** Method and path, for logs and messages; the query may hold anything. */
    @Override
    public String toString() {
        return description;
    }

    private static @Nullable String present(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }

    private static boolean hasBody(Headers headers) {
        String length = headers.getFirst("Content-Length");
        return headers.containsKey("Transfer-Encoding") || (length != null && Long.parseLong(length.strip()) > 0);
    }

    private static BodyPublisher publisher(@Nullable UploadStream body, Headers headers) {
        if (body == null) {
            return BodyPublishers.noBody();
        }
        BodyPublisher chunked = BodyPublishers.ofInputStream(() -> body);
        String length = headers.getFirst("Content-Length");
        return headers.containsKey("Transfer-Encoding") || length == null
                ? chunked
                : BodyPublishers.fromPublisher(chunked, Long.parseLong(length.strip()));
    }
}
