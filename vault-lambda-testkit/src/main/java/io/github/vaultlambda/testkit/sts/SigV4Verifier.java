package io.github.vaultlambda.testkit.sts;

import io.github.vaultlambda.testkit.wire.FormText;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes a request's Signature Version 4 from what was really received, independently of any signer. Works for the
 * services other than S3: the path is normalised and encoded once more.
 */
final class SigV4Verifier {
    private static final String UNRESERVED = "-._~";

    private SigV4Verifier() {}

    /** Whether the claimed signature is the right one for this secret key. */
    static boolean matches(HttpRequest request, SigV4Claim claim, String secretAccessKey) {
        String expected = signature(request, claim, secretAccessKey);
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), claim.signature().getBytes(StandardCharsets.UTF_8));
    }

    static String signature(HttpRequest request, SigV4Claim claim, String secretAccessKey) {
        String scope = claim.scopeDate() + "/" + claim.region() + "/" + claim.service() + "/aws4_request";
        String canonical = canonicalRequest(request, claim);
        String toSign = String.join("\n", SigV4Claim.ALGORITHM, claim.timestamp(), scope, hex(sha256(utf8(canonical))));
        byte[] key = utf8("AWS4" + secretAccessKey);
        for (String part : List.of(claim.scopeDate(), claim.region(), claim.service(), "aws4_request")) {
            key = hmac(key, part);
        }
        return hex(hmac(key, toSign));
    }

    static String canonicalRequest(HttpRequest request, SigV4Claim claim) {
        StringBuilder out = new StringBuilder(512);
        out.append(request.method()).append('\n');
        out.append(canonicalPath(request.path())).append('\n');
        out.append(canonicalQuery(request.query(), claim.presigned())).append('\n');
        for (String name : claim.signedHeaders()) {
            List<String> values = new ArrayList<>();
            for (String value : request.headers().all(name)) {
                values.add(value.strip().replaceAll(" +", " "));
            }
            out.append(name.toLowerCase(Locale.ROOT)).append(':').append(String.join(",", values));
            out.append('\n');
        }
        out.append('\n').append(String.join(";", claim.signedHeaders())).append('\n');
        out.append(hex(sha256(request.body())));
        return out.toString();
    }

    private static String canonicalPath(String path) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(encode(segment));
            }
        }
        if (segments.isEmpty()) {
            return "/";
        }
        return "/" + String.join("/", segments) + (path.endsWith("/") ? "/" : "");
    }

    private static String canonicalQuery(String query, boolean presigned) {
        record Pair(String name, String value) {}
        List<Pair> pairs = new ArrayList<>();
        for (String part : query.split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            String name = FormText.decode(equals < 0 ? part : part.substring(0, equals), false);
            String value = equals < 0 ? "" : FormText.decode(part.substring(equals + 1), false);
            if (!presigned || !name.equals("X-Amz-Signature")) {
                pairs.add(new Pair(encode(name), encode(value)));
            }
        }
        pairs.sort((a, b) -> {
            int byName = a.name().compareTo(b.name());
            return byName != 0 ? byName : a.value().compareTo(b.value());
        });
        List<String> parts = new ArrayList<>();
        for (Pair pair : pairs) {
            parts.add(pair.name() + "=" + pair.value());
        }
        return String.join("&", parts);
    }

    private static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : utf8(text)) {
            int c = b & 0xff;
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
            if (plain) {
                out.append((char) c);
            } else {
                out.append('%').append(String.format("%02X", c));
            }
        }
        return out.toString();
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(data));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] data) {
        return HexFormat.of().formatHex(data);
    }
}
