package io.github.vaultlambda.testkit.vault;

import io.github.vaultlambda.testkit.wire.FormText;
import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpCall;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.Json;
import io.github.vaultlambda.testkit.wire.JsonException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The signed request inside a login: rebuilt, checked and sent to STS as Vault does. */
final class StsProbe {
    /** Who STS says the caller is. */
    record Identity(String arn, String userId) {}

    private static final String SERVER_ID = "X-Vault-AWS-IAM-Server-ID";
    private static final List<String> AMZ_ALLOWED = List.of(
            "X-Amz-Algorithm",
            "X-Amz-Content-Sha256",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Security-Token",
            "X-Amz-Signature",
            "X-Amz-Signedheaders",
            "X-Amz-User-Agent");
    private static final Pattern SIGNED_HEADERS = Pattern.compile(".*SignedHeaders=([^,]+)");

    private final String method;
    private final URI url;
    private final String body;
    private final HeaderList headers;

    private StsProbe(String method, URI url, String body, HeaderList headers) {
        this.method = method;
        this.url = url;
        this.body = body;
        this.headers = headers;
    }

    /** Whether a login has something of a signed request. */
    static boolean any(Fields fields) {
        return fields.has("iam_http_request_method")
                || fields.has("iam_request_url")
                || fields.has("iam_request_headers")
                || fields.has("iam_request_body");
    }

    static StsProbe of(Fields fields) throws VaultFailure {
        HeaderList headers = headers(fields);
        boolean any = false;
        boolean all = true;
        for (String name : List.of("iam_http_request_method", "iam_request_url", "iam_request_headers")) {
            any |= fields.has(name);
            all &= fields.has(name);
        }
        String method = fields.text("iam_http_request_method");
        all &= method.equals("GET") || fields.has("iam_request_body");
        if (!any || !all) {
            throw VaultFailure.bad("didn't supply required authentication values");
        }
        if (method.isEmpty()) {
            throw VaultFailure.bad("missing iam_http_request_method");
        }
        if (!method.equals("GET") && !method.equals("POST")) {
            throw VaultFailure.bad("invalid iam_http_request_method; currently only 'GET' and 'POST' are supported");
        }
        URI url = url(fields.text("iam_request_url"));
        checkUrl(method, url);
        String encodedBody = fields.text("iam_request_body");
        if (encodedBody.isEmpty() && !method.equals("GET")) {
            throw VaultFailure.bad("missing iam_request_body which is required for POST requests");
        }
        String body = base64(encodedBody, "iam_request_body");
        checkBody(body);
        if (headers.lines().isEmpty()) {
            throw VaultFailure.bad("missing iam_request_headers");
        }
        return new StsProbe(method, url, body, headers);
    }

    private static URI url(String encoded) throws VaultFailure {
        if (encoded.isEmpty()) {
            throw VaultFailure.bad("missing iam_request_url");
        }
        try {
            return new URI(base64(encoded, "iam_request_url"));
        } catch (URISyntaxException e) {
            throw VaultFailure.bad("error parsing iam_request_url");
        }
    }

    private static String base64(String text, String field) throws VaultFailure {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw VaultFailure.bad("failed to base64 decode " + field);
        }
    }

    private static void checkUrl(String method, URI url) throws VaultFailure {
        String query = url.getRawQuery() == null ? "" : url.getRawQuery();
        if (method.equals("POST")) {
            if (!query.isEmpty()) {
                throw VaultFailure.bad("invalid request");
            }
            return;
        }
        List<String> actions = FormText.parse(query).get("Action");
        if (actions == null) {
            throw VaultFailure.bad("no action found in request");
        }
        if (actions.size() != 1) {
            throw VaultFailure.bad("found multiple actions");
        }
        if (!actions.get(0).equals("GetCallerIdentity")) {
            throw VaultFailure.bad("unexpected action parameter, " + actions.get(0));
        }
    }

    private static void checkBody(String body) throws VaultFailure {
        for (Map.Entry<String, List<String>> field : FormText.parse(body).entrySet()) {
            boolean action = field.getKey().equals("Action") && field.getValue().equals(List.of("GetCallerIdentity"));
            if (!action && !field.getKey().equals("Version")) {
                throw VaultFailure.bad("iam request body is invalid");
            }
        }
    }

    // Either an object, or its JSON text in base64 or plain; values are texts or lists of texts.
    private static HeaderList headers(Fields fields) throws VaultFailure {
        Object value = fields.raw().get("iam_request_headers");
        HeaderList headers = new HeaderList();
        if (value == null) {
            return headers;
        }
        Object parsed = value;
        if (value instanceof String text) {
            String json = text;
            try {
                json = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                // Not base64: the text itself is the JSON.
            }
            try {
                parsed = Json.read(json);
            } catch (JsonException e) {
                throw fields.invalid(
                        "iam_request_headers",
                        json.isEmpty()
                                ? "unexpected end of JSON input"
                                : "invalid character '" + json.charAt(0) + "' looking for beginning of value");
            }
        }
        if (!(parsed instanceof Map<?, ?>)) {
            throw fields.invalid("iam_request_headers", "expected a JSON object");
        }
        for (Map.Entry<String, @Nullable Object> header : Json.object(parsed).entrySet()) {
            String name = canonical(header.getKey());
            Object given = header.getValue();
            if (given instanceof List<?> list) {
                list.forEach(item -> headers.add(name, String.valueOf(item)));
            } else {
                headers.add(name, String.valueOf(given));
            }
        }
        return headers;
    }

    // The spelling that Go gives to header names.
    private static String canonical(String name) {
        StringBuilder out = new StringBuilder(name.length());
        boolean upper = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            out.append(upper ? Character.toUpperCase(c) : Character.toLowerCase(c));
            upper = c == '-';
        }
        return out.toString();
    }

    void checkServerId(String required) throws VaultFailure {
        if (required.isEmpty()) {
            return;
        }
        String provided = String.join(",", headers.all(SERVER_ID));
        String problem = null;
        if (provided.isEmpty()) {
            problem = "missing header \"" + SERVER_ID + "\"";
        } else if (!provided.equals(required)) {
            problem = "expected \"" + required + "\" but got \"" + provided + "\"";
        } else {
            problem = unsigned();
        }
        if (problem != null) {
            throw VaultFailure.bad("error validating " + SERVER_ID + " header: " + problem);
        }
    }

    private @Nullable String unsigned() {
        String signed;
        if (method.equals("GET")) {
            String query = url.getRawQuery() == null ? "" : url.getRawQuery();
            signed = String.join(",", FormText.parse(query).getOrDefault("X-Amz-SignedHeaders", new ArrayList<>()));
        } else {
            List<String> authorization = headers.all("Authorization");
            if (authorization.isEmpty()) {
                return "missing Authorization header";
            }
            Matcher matcher = SIGNED_HEADERS.matcher(String.join(",", authorization));
            if (!matcher.find()) {
                return "vault header wasn't signed";
            }
            signed = matcher.group(1);
        }
        boolean found = Arrays.asList(signed.split(";", -1)).contains(SERVER_ID.toLowerCase(Locale.ROOT));
        return found ? null : "vault header wasn't signed";
    }

    void checkAllowedHeaders(List<String> allowed) throws VaultFailure {
        List<String> known = new ArrayList<>(AMZ_ALLOWED);
        allowed.forEach(name -> known.add(canonical(name)));
        for (HeaderList.Line line : headers.lines()) {
            if (line.name().startsWith("X-Amz-") && !known.contains(line.name())) {
                throw VaultFailure.bad("invalid request header: " + line.name());
            }
        }
    }

    /** The region in the credential scope, or null. */
    @Nullable
    String region() {
        String authorization = headers.first("Authorization");
        if (authorization != null) {
            for (String field : authorization.split(" ", -1)) {
                String[] scope = field.split("/", -1);
                if (field.startsWith("Credential=") && scope.length >= 3) {
                    return scope[2];
                }
            }
        }
        return null;
    }

    /** Asks STS who signed this; every failure is Vault's answer to the login. */
    Identity send(String endpoint, boolean reachable) throws VaultFailure {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : url.getRawQuery();
        String target = endpoint + "/" + path;
        if (!reachable) {
            throw unsent(target, "dial tcp: lookup " + URI.create(endpoint).getHost() + ": no such host");
        }
        HttpAnswer answer;
        try {
            URI server = new URI(endpoint);
            String base = server.getRawPath() == null ? "" : server.getRawPath();
            HttpRequest request =
                    new HttpRequest(method, base + "/" + path, query, headers, body.getBytes(StandardCharsets.UTF_8));
            answer = HttpCall.send(server, url.getRawAuthority() == null ? "" : url.getRawAuthority(), request);
        } catch (IOException | URISyntaxException e) {
            throw unsent(target, cause(e));
        }
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.status() >= 500) {
            throw VaultFailure.bad("error making upstream request: error making request: " + method + " " + target
                    + " giving up after 1 attempt(s)");
        }
        if (!"text/xml".equals(answer.headers().first("Content-Type"))) {
            throw VaultFailure.bad("error making upstream request: body of GetCallerIdentity is invalid");
        }
        if (answer.status() != 200) {
            throw VaultFailure.bad(
                    "error making upstream request: received error code " + answer.status() + " from STS: " + text);
        }
        return new Identity(element(text, "Arn"), element(text, "UserId"));
    }

    private static String cause(Exception e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return e instanceof ConnectException ? "dial tcp: connect: " + text.toLowerCase(Locale.ROOT) : text;
    }

    private VaultFailure unsent(String target, String cause) {
        return VaultFailure.bad("error making upstream request: error making request: " + method + " " + target
                + " giving up after 1 attempt(s): " + (method.equals("POST") ? "Post" : "Get") + " \"" + target
                + "\": " + cause);
    }

    private static String element(String xml, String name) throws VaultFailure {
        int start = xml.indexOf("<" + name + ">");
        int end = xml.indexOf("</" + name + ">");
        if (start < 0 || end < start) {
            throw VaultFailure.bad("error making upstream request: error parsing STS response");
        }
        return xml.substring(start + name.length() + 2, end)
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }
}
