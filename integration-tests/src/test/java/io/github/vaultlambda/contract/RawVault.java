package io.github.vaultlambda.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Vault's HTTP API with nothing of ours in between: what a test sets up and compares with must not come from what it tests. */
final class RawVault {
    static final ObjectMapper JSON = new ObjectMapper();

    /** Where answers hold secrets. */
    private static final List<String> SECRETS =
            List.of("/auth/client_token", "/wrap_info/token", "/data/secret_id", "/data/id", "/data/password");

    private final HttpClient http;
    private final URI address;

    RawVault(URI address) {
        this(address, null);
    }

    /** Over TLS with this context, which may hold a client certificate. */
    RawVault(URI address, @Nullable SSLContext tls) {
        HttpClient.Builder client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        this.http = (tls == null ? client : client.sslContext(tls)).build();
        this.address = address;
    }

    /** An answer: its status, and its body where that is JSON. */
    record Answer(int status, JsonNode body) {
        /** The texts in {@code errors}, each on one line. */
        List<String> errors() {
            return texts("errors");
        }

        /** The texts in {@code warnings}, each on one line. */
        List<String> warnings() {
            return texts("warnings");
        }

        private List<String> texts(String field) {
            List<String> texts = new ArrayList<>();
            body.path(field).forEach(text -> texts.add(text.asText().strip().replaceAll("\\s+", " ")));
            return texts;
        }

        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** The status only: the body may hold secrets. */
        @Override
        public String toString() {
            return "status " + status;
        }
    }

    Answer get(String path, @Nullable String token) {
        return send("GET", path, token, null);
    }

    /** As {@link #put}, with the answer wrapped for so many seconds. */
    Answer putWrapped(String path, @Nullable String token, Map<String, ?> body, int seconds) {
        return send("PUT", path, token, write(body), Map.of("X-Vault-Wrap-TTL", Integer.toString(seconds)));
    }

    /** As {@link #get}, with the answer wrapped for so many seconds. */
    Answer getWrapped(String path, @Nullable String token, int seconds) {
        return send("GET", path, token, null, Map.of("X-Vault-Wrap-TTL", Integer.toString(seconds)));
    }

    Answer put(String path, @Nullable String token, Map<String, ?> body) {
        return send("PUT", path, token, write(body));
    }

    /** Any request below {@code /v1/}; the body goes out as it is. */
    Answer send(String method, String path, @Nullable String token, @Nullable String body) {
        return send(method, path, token, body, Map.of());
    }

    private Answer send(
            String method, String path, @Nullable String token, @Nullable String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
                .timeout(Duration.ofSeconds(30))
                .header("X-Vault-Request", "true")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (token != null) {
            request.header("X-Vault-Token", token);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode parsed = parse(answer.body());
            for (String secret : SECRETS) {
                SecretsLedger.add(parsed.at(secret).asText());
            }
            return new Answer(answer.statusCode(), parsed);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String write(Map<String, ?> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
