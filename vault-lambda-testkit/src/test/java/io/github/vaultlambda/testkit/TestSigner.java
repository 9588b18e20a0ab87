package io.github.vaultlambda.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A plain signer for the tests: POST to the path {@code /} with a form body. */
final class TestSigner {
    static final String IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15";

    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final TestCredentials credentials;
    private String region = "us-east-1";
    private String service = "sts";
    private Instant time = Instant.now();
    private final Map<String, String> extra = new LinkedHashMap<>();

    TestSigner(TestCredentials credentials) {
        this.credentials = credentials;
    }

    TestSigner region(String newRegion) {
        region = newRegion;
        return this;
    }

    TestSigner service(String newService) {
        service = newService;
        return this;
    }

    TestSigner at(Instant newTime) {
        time = newTime;
        return this;
    }

    TestSigner header(String name, String value) {
        extra.put(name, value);
        return this;
    }

    /** The headers to send, without Host. */
    Map<String, String> sign(String host, String body) {
        String date = BASIC.format(time);
        Map<String, String> headers = new LinkedHashMap<>(extra);
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        headers.put("X-Amz-Date", date);
        if (credentials.sessionToken() != null) {
            headers.put("X-Amz-Security-Token", credentials.sessionToken());
        }
        TreeMap<String, String> canonical = new TreeMap<>();
        headers.forEach((name, value) -> canonical.put(name.toLowerCase(Locale.ROOT), value));
        canonical.put("host", host);
        StringBuilder request = new StringBuilder("POST\n/\n\n");
        canonical.forEach(
                (name, value) -> request.append(name).append(':').append(value).append('\n'));
        String names = String.join(";", canonical.keySet());
        request.append('\n').append(names).append('\n').append(sha256(body));
        String scope = date.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(request.toString());
        byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        headers.put(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + credentials.accessKeyId() + "/" + scope + ", SignedHeaders=" + names
                        + ", Signature=" + HexFormat.of().formatHex(hmac(key, toSign)));
        return headers;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
