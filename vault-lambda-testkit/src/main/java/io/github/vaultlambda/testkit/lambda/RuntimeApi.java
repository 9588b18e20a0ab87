package io.github.vaultlambda.testkit.lambda;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpRequest;

/** The Runtime API, version 2018-06-01. */
final class RuntimeApi {
    static final String BASE = "/2018-06-01/runtime/";

    private static final String UNKNOWN = "Runtime.Unknown";

    private final Settings settings;
    private final RuntimeWork runtime;

    RuntimeApi(Sandbox sandbox) {
        this.settings = sandbox.settings();
        this.runtime = sandbox.runtime();
    }

    HttpAnswer handle(HttpRequest request, String path) throws InterruptedException {
        String operation = request.method() + " " + path;
        if (operation.equals("GET invocation/next")) {
            return next();
        }
        if (operation.equals("POST init/error")) {
            String type = headerOr(request, LambdaApi.errorType(request.body(), UNKNOWN));
            runtime.initFailed(type, request.body());
            return LambdaApi.accepted();
        }
        if (settings.snapStart()) {
            if (operation.equals("GET restore/next")) {
                return runtime.nextRestore() ? HttpAnswer.of(200, "text/plain", "") : HttpAnswer.dropped();
            }
            if (operation.equals("POST restore/error")) {
                runtime.restoreFailed(headerOr(request, LambdaApi.errorType(request.body(), UNKNOWN)), request.body());
                return LambdaApi.accepted();
            }
        }
        String[] parts = path.split("/", -1);
        if (request.method().equals("POST") && parts.length == 3 && parts[0].equals("invocation")) {
            boolean failed = parts[2].equals("error");
            if (failed || parts[2].equals("response")) {
                return answer(request, parts[1], failed);
            }
        }
        return HttpAnswer.of(404, "text/plain", "404 page not found\n");
    }

    private HttpAnswer next() throws InterruptedException {
        Invocation invocation = runtime.nextInvocation();
        if (invocation == null) {
            return HttpAnswer.dropped();
        }
        HeaderList headers = new HeaderList()
                .add("Lambda-Runtime-Aws-Request-Id", invocation.requestId)
                .add("Lambda-Runtime-Deadline-Ms", Long.toString(invocation.deadlineMillis))
                .add("Lambda-Runtime-Invoked-Function-Arn", settings.functionArn())
                .add("Lambda-Runtime-Trace-Id", invocation.traceId)
                .add("Content-Type", "application/json");
        return new HttpAnswer(200, headers, invocation.payload);
    }

    private HttpAnswer answer(HttpRequest request, String requestId, boolean failed) {
        String type = failed ? headerOr(request, LambdaApi.errorType(request.body(), "Function.Unknown")) : "";
        if (!runtime.answered(requestId, request.body(), failed, type)) {
            return LambdaApi.error(400, "InvalidRequestID", "Invalid request ID");
        }
        return LambdaApi.accepted();
    }

    private static String headerOr(HttpRequest request, String fallback) {
        String header = request.headers().first("Lambda-Runtime-Function-Error-Type");
        return header == null || header.isEmpty() ? fallback : header;
    }
}
