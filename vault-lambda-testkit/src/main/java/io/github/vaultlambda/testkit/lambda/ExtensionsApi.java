package io.github.vaultlambda.testkit.lambda;

import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonException;
import io.github.vaultlambda.testkit.wire.Mint;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Extensions API, version 2020-01-01; all its refusals have status 403. */
final class ExtensionsApi {
    static final String BASE = "/2020-01-01/extension/";

    private static final String IDENTIFIER = "Lambda-Extension-Identifier";
    private static final String ERROR_TYPE = "Lambda-Extension-Function-Error-Type";
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Settings settings;
    private final Members members;

    ExtensionsApi(Sandbox sandbox) {
        this.settings = sandbox.settings();
        this.members = sandbox.members();
    }

    HttpAnswer handle(HttpRequest request, String path) throws InterruptedException {
        return switch (request.method() + " " + path) {
            case "POST register" -> register(request);
            case "GET event/next" -> next(request);
            case "POST init/error" -> error(request, true);
            case "POST exit/error" -> error(request, false);
            default -> HttpAnswer.of(404, "text/plain", "404 page not found\n");
        };
    }

    private HttpAnswer register(HttpRequest request) {
        String name = request.headers().first("Lambda-Extension-Name");
        if (name == null || name.isEmpty()) {
            return refused("Extension.InvalidExtensionName", "Empty extension name");
        }
        Set<String> events = new LinkedHashSet<>();
        try {
            Object listed = Json.readObject(request.body()).get("events");
            if (listed instanceof List<?> list) {
                list.forEach(event -> events.add(String.valueOf(event)));
            } else if (listed != null) {
                return refused("InvalidRequestFormat", "events is not a list");
            }
        } catch (JsonException e) {
            return refused("InvalidRequestFormat", String.valueOf(e.getMessage()));
        }
        for (String event : events) {
            boolean invoke = event.equals("INVOKE");
            if (!invoke && !event.equals("SHUTDOWN")) {
                return refused("Extension.InvalidEventType", event + ": ErrorInvalidEventType");
            }
            if (invoke && settings.managedInstances()) {
                return refused(
                        "Extension.InvalidEventType", "INVOKE: not supported for lambda-managed-instances functions");
            }
        }
        Member member;
        try {
            member = members.register(name, events);
        } catch (SandboxFailure failure) {
            return refused(failure.errorType(), String.valueOf(failure.getMessage()));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("functionName", settings.functionName());
        body.put("functionVersion", settings.functionVersion());
        body.put("handler", settings.handler());
        String features = request.headers().first("Lambda-Extension-Accept-Feature");
        if (features != null && List.of(features.split("\\s*,\\s*", -1)).contains("accountId")) {
            body.put("accountId", settings.accountId());
        }
        return LambdaApi.json(new HeaderList().add(IDENTIFIER, member.identifier), Json.write(body));
    }

    private HttpAnswer next(HttpRequest request) throws InterruptedException {
        Member member = member(request);
        if (member == null) {
            return unknown(request);
        }
        String event = members.nextEvent(member);
        if (event == null) {
            return HttpAnswer.dropped();
        }
        return LambdaApi.json(new HeaderList().add("Lambda-Extension-Event-Identifier", Mint.uuid()), event);
    }

    private HttpAnswer error(HttpRequest request, boolean init) {
        Member member = member(request);
        if (member == null) {
            return unknown(request);
        }
        String type = request.headers().first(ERROR_TYPE);
        if (type == null || type.isEmpty()) {
            return refused("Extension.MissingHeader", ERROR_TYPE + " not found");
        }
        if (init) {
            members.initFailed(member, type, request.body());
        } else {
            members.exitFailed(member);
        }
        return LambdaApi.accepted();
    }

    private @Nullable Member member(HttpRequest request) {
        String identifier = request.headers().first(IDENTIFIER);
        return identifier == null ? null : members.identified(identifier);
    }

    private static HttpAnswer unknown(HttpRequest request) {
        String identifier = request.headers().first(IDENTIFIER);
        if (identifier == null || identifier.isEmpty()) {
            return refused("Extension.MissingExtensionIdentifier", "Missing " + IDENTIFIER + " header");
        }
        if (!UUID.matcher(identifier).matches()) {
            return refused("Extension.InvalidExtensionIdentifier", "Invalid " + IDENTIFIER);
        }
        return refused("Extension.UnknownExtensionIdentifier", "Unknown " + IDENTIFIER);
    }

    private static HttpAnswer refused(String type, String message) {
        return LambdaApi.error(403, type, message);
    }
}
