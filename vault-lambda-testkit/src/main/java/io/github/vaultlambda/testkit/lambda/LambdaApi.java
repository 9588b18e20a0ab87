package io.github.vaultlambda.testkit.lambda;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What AWS_LAMBDA_RUNTIME_API points to: the Runtime API and the Extensions API on one port. */
public final class LambdaApi {
    private final RuntimeApi runtime;
    private final ExtensionsApi extensions;

    public LambdaApi(Sandbox sandbox) {
        this.runtime = new RuntimeApi(sandbox);
        this.extensions = new ExtensionsApi(sandbox);
    }

    /** Answers one request; blocks in the long polls. */
    public HttpAnswer handle(HttpRequest request) throws InterruptedException {
        if (request.path().startsWith(RuntimeApi.BASE)) {
            return runtime.handle(request, request.path().substring(RuntimeApi.BASE.length()));
        }
        if (request.path().startsWith(ExtensionsApi.BASE)) {
            return extensions.handle(request, request.path().substring(ExtensionsApi.BASE.length()));
        }
        return HttpAnswer.of(404, "text/plain", "404 page not found\n");
    }

    static HttpAnswer accepted() {
        return HttpAnswer.json(202, Map.of("status", "OK"));
    }

    static HttpAnswer error(int status, String type, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("errorMessage", message);
        body.put("errorType", type);
        return HttpAnswer.json(status, body);
    }

    static HttpAnswer json(HeaderList headers, String body) {
        return new HttpAnswer(
                200, headers.add("Content-Type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
    }

    /** The errorType inside an error object, or what else to call it. */
    static String errorType(byte[] body, String fallback) {
        try {
            Object type = Json.readObject(body).get("errorType");
            return type == null ? fallback : type.toString();
        } catch (RuntimeException e) {
            return fallback; // Runtimes may post anything.
        }
    }
}
