package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JDK's client, with less to write. */
final class Http {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    record Reply(int status, String body, HttpResponse<String> raw) {
        /** The value at a path of names; list elements by number. */
        @Nullable
        Object at(String... path) {
            Object value = Json.read(body);
            for (String name : path) {
                value = value instanceof List<?> list
                        ? list.get(Integer.parseInt(name))
                        : Json.object(value).get(name);
            }
            return value;
        }

        String text(String... path) {
            return String.valueOf(at(path));
        }

        List<?> errors() {
            return Objects.requireNonNull((List<?>) at("errors"));
        }
    }

    private Http() {}

    static Reply send(String method, String url, Map<String, String> headers, @Nullable String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.body(), response);
    }
}
