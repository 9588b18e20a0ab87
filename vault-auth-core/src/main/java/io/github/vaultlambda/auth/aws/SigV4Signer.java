package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.SecretValue;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests to AWS with Signature Version 4. Only what STS needs: the path is {@code /} and there is no query. Written
 * without lambdas, whose first use costs a cold start more than the signature. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html">Create a signed AWS API
 *     request</a>
 */
final class SigV4Signer {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final HexFormat HEX = HexFormat.of();

    private final String region;
    private final String service;

    SigV4Signer(String region, String service) {
        this.region = region;
        this.service = service;
    }

    /**
     * Signs a request.
     *
     * @param method the HTTP method, in capitals
     * @param headers every header to sign, {@code Host} among them; unchanged
     * @param body the body
     * @return the given headers with {@code X-Amz-Date}, {@code X-Amz-Security-Token} where the credentials have one, and
     *     {@code Authorization}; names keep their spelling
     */
    Map<String, String> sign(
            String method, Map<String, String> headers, byte[] body, AwsCredentials credentials, Instant now) {
        String timestamp = timestamp(now);
        Map<String, String> signed = new TreeMap<>(headers);
        signed.put("X-Amz-Date", timestamp);
        SecretValue sessionToken = credentials.sessionToken();
        if (sessionToken != null) {
            signed.put("X-Amz-Security-Token", sessionToken.reveal());
        }

        SortedMap<String, String> canonical = new TreeMap<>();
        for (Map.Entry<String, String> header : signed.entrySet()) {
            canonical.put(header.getKey().toLowerCase(Locale.ROOT), trimmed(header.getValue()));
        }
        String names = String.join(";", canonical.keySet());

        StringBuilder request = new StringBuilder(512).append(method).append("\n/\n\n");
        for (Map.Entry<String, String> header : canonical.entrySet()) {
            request.append(header.getKey())
                    .append(':')
                    .append(header.getValue())
                    .append('\n');
        }
        request.append('\n').append(names).append('\n').append(sha256(body));

        String date = timestamp.substring(0, 8);
        String scope = date + '/' + region + '/' + service + "/aws4_request";
        String toSign = ALGORITHM
                + '\n'
                + timestamp
                + '\n'
                + scope
                + '\n'
                + sha256(request.toString().getBytes(UTF_8));

        byte[] key = ("AWS4" + credentials.secretAccessKey().reveal()).getBytes(UTF_8);
        Mac mac = hmac();
        for (String part : new String[] {date, region, service, "aws4_request", toSign}) {
            key = hmac(mac, key, part);
        }
        signed.put(
                "Authorization",
                ALGORITHM + " Credential=" + credentials.accessKeyId() + '/' + scope + ", SignedHeaders=" + names
                        + ", Signature=" + HEX.formatHex(key));
        return signed;
    }

    /** Written by hand: the first use of a date formatter loads some hundred classes. */
    private static String timestamp(Instant now) {
        ZonedDateTime time = now.atZone(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(16).append(time.getYear());
        appendTwoDigits(text, time.getMonthValue());
        appendTwoDigits(text, time.getDayOfMonth());
        text.append('T');
        appendTwoDigits(text, time.getHour());
        appendTwoDigits(text, time.getMinute());
        appendTwoDigits(text, time.getSecond());
        return text.append('Z').toString();
    }

    private static void appendTwoDigits(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** Without spaces at the ends, and one space for several inside. */
    private static String trimmed(String value) {
        String text = value.trim();
        return text.contains("  ") ? text.replaceAll(" +", " ") : text;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static Mac hmac() {
        try {
            return Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }

    private static byte[] hmac(Mac mac, byte[] key, String text) {
        try {
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("any key will do for HmacSHA256", e);
        }
    }
}
