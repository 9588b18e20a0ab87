package io.github.vaultlambda.testkit.sts;

import io.github.vaultlambda.testkit.wire.FormText;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about its signature, from the Authorization header or from a presigned query. Nothing is checked
 * yet.
 */
record SigV4Claim(
        String accessKeyId,
        String scopeDate,
        String region,
        String service,
        String terminator,
        List<String> signedHeaders,
        String signature,
        String timestamp,
        Instant time,
        @Nullable String sessionToken,
        boolean presigned,
        long lifetimeSeconds) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    static SigV4Claim of(HttpRequest request) throws StsFailure {
        String authorization = request.headers().first("Authorization");
        Map<String, List<String>> query = FormText.parse(request.query());
        if (authorization != null) {
            return fromHeader(request, authorization);
        }
        if (query.containsKey("X-Amz-Signature")) {
            return fromQuery(query);
        }
        throw new StsFailure(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    }

    private static SigV4Claim fromHeader(HttpRequest request, String authorization) throws StsFailure {
        List<String> missing = new ArrayList<>();
        if (!authorization.startsWith(ALGORITHM + " ")) {
            throw incomplete("Unsupported AWS 'algorithm'. Only '" + ALGORITHM + "' is supported.");
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : authorization.substring(ALGORITHM.length()).split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(
                        part.substring(0, equals).strip(),
                        part.substring(equals + 1).strip());
            }
        }
        for (String name : List.of("Credential", "Signature", "SignedHeaders")) {
            if (!parts.containsKey(name)) {
                missing.add("Authorization header requires '" + name + "' parameter.");
            }
        }
        String timestamp = timestamp(request);
        if (timestamp == null) {
            missing.add("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
        }
        if (timestamp == null || !missing.isEmpty()) {
            throw incomplete(String.join(" ", missing));
        }
        return build(
                parts.getOrDefault("Credential", ""),
                parts.getOrDefault("SignedHeaders", ""),
                parts.getOrDefault("Signature", ""),
                timestamp,
                request.headers().first("X-Amz-Security-Token"),
                false,
                0);
    }

    private static SigV4Claim fromQuery(Map<String, List<String>> query) throws StsFailure {
        List<String> missing = new ArrayList<>();
        for (String name : List.of("X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Date")) {
            if (!query.containsKey(name)) {
                missing.add("AWS query-string parameters must include '" + name + "'.");
            }
        }
        if (!missing.isEmpty()) {
            throw incomplete(String.join(" ", missing));
        }
        String expires = one(query, "X-Amz-Expires");
        long seconds;
        try {
            seconds = expires.isEmpty() ? 900 : Long.parseLong(expires);
        } catch (NumberFormatException e) {
            throw incomplete("X-Amz-Expires should be a number");
        }
        String token = one(query, "X-Amz-Security-Token");
        return build(
                one(query, "X-Amz-Credential"),
                one(query, "X-Amz-SignedHeaders"),
                one(query, "X-Amz-Signature"),
                one(query, "X-Amz-Date"),
                token.isEmpty() ? null : token,
                true,
                seconds);
    }

    private static SigV4Claim build(
            String credential,
            String signedHeaders,
            String signature,
            String timestamp,
            @Nullable String token,
            boolean presigned,
            long seconds)
            throws StsFailure {
        String[] scope = credential.split("/", -1);
        if (scope.length < 5) {
            throw incomplete("Credential must have at least 5 slash-delimited elements, e.g."
                    + " keyid/date/region/service/term.");
        }
        int last = scope.length - 1;
        // A key id may hold slashes, the scope's four parts may not.
        String keyId = String.join("/", List.of(scope).subList(0, last - 3));
        return new SigV4Claim(
                keyId,
                scope[last - 3],
                scope[last - 2],
                scope[last - 1],
                scope[last],
                List.of(signedHeaders.split(";", -1)),
                signature,
                timestamp,
                parseTime(timestamp),
                token,
                presigned,
                seconds);
    }

    private static String one(Map<String, List<String>> query, String name) {
        List<String> values = query.get(name);
        return values == null ? "" : values.get(0);
    }

    private static @Nullable String timestamp(HttpRequest request) throws StsFailure {
        String amzDate = request.headers().first("X-Amz-Date");
        if (amzDate != null) {
            return amzDate;
        }
        String date = request.headers().first("Date");
        if (date == null) {
            return null;
        }
        if (date.matches("\\d{8}T\\d{6}Z")) {
            return date;
        }
        try {
            return BASIC.format(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME));
        } catch (DateTimeException e) {
            throw incomplete("Date must be in ISO-8601 'basic format' or RFC 1123 format.");
        }
    }

    private static Instant parseTime(String timestamp) throws StsFailure {
        try {
            return BASIC.parse(timestamp, Instant::from);
        } catch (DateTimeException e) {
            throw incomplete("Date must be in ISO-8601 'basic format'. Got '" + timestamp + "'.");
        }
    }

    private static StsFailure incomplete(String text) {
        return new StsFailure(400, "IncompleteSignature", text);
    }
}
