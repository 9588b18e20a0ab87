package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.SecretValue;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Signs requests to AWS with Signature Version 4. Only what STS needs: the path is {@code /} and there is no query. Written
 * for the first signature of a process: no lambdas, no expressions, no formatters, no {@code javax.crypto}. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html">Create a signed AWS API
 *     request</a>
 */
final class SigV4Signer {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String TERMINATOR = "aws4_request";
    private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

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
     * @param headers every header to sign, {@code Host} among them; unchanged. Best in alphabetical order. Of two whose names
     *     differ by case alone the later counts, and date and session token are replaced
     * @param body the body
     * @return {@code Authorization}, then the given headers with {@code X-Amz-Date}, and {@code X-Amz-Security-Token} where the
     *     credentials have one; names keep their spelling
     */
    Map<String, String> sign(
            String method, Map<String, String> headers, byte[] body, AwsCredentials credentials, Instant now) {
        String timestamp = AwsTime.basic(now);
        String date = timestamp.substring(0, 8);
        SecretValue sessionToken = credentials.sessionToken();
        Headers all = new Headers(headers.size() + 2);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            all.add(header.getKey(), header.getValue());
        }
        all.add("X-Amz-Date", timestamp);
        if (sessionToken != null) {
            all.add("X-Amz-Security-Token", sessionToken.reveal());
        }
        String names = all.signedNames();
        HmacSha256 sha = new HmacSha256();

        StringBuilder request = new StringBuilder(2048).append(method).append("\n/\n\n");
        all.appendCanonical(request);
        request.append('\n').append(names).append('\n').append(hex(sha.hash(body)));

        String scope = date + '/' + region + '/' + service + '/' + TERMINATOR;
        String toSign = ALGORITHM
                + '\n'
                + timestamp
                + '\n'
                + scope
                + '\n'
                + hex(sha.hash(request.toString().getBytes(UTF_8)));

        byte[] key = ("AWS4" + credentials.secretAccessKey().reveal()).getBytes(UTF_8);
        key = sha.code(key, date.getBytes(UTF_8));
        key = sha.code(key, region.getBytes(UTF_8));
        key = sha.code(key, service.getBytes(UTF_8));
        key = sha.code(key, TERMINATOR.getBytes(UTF_8));
        return all.with(
                "Authorization",
                ALGORITHM + " Credential=" + credentials.accessKeyId() + '/' + scope + ", SignedHeaders=" + names
                        + ", Signature=" + hex(sha.code(key, toSign.getBytes(UTF_8))));
    }

    private static String hex(byte[] bytes) {
        byte[] text = new byte[bytes.length * 2];
        for (int i = 0; i < bytes.length; i++) {
            text[2 * i] = HEX[bytes[i] >> 4 & 0xf];
            text[2 * i + 1] = HEX[bytes[i] & 0xf];
        }
        return new String(text, ISO_8859_1);
    }

    /** A handful of headers, kept in the order of their lower-case names. */
    private static final class Headers {
        private final String[] names;
        private final String[] lowerNames;
        private final String[] values;
        private int size;

        Headers(int capacity) {
            names = new String[capacity];
            lowerNames = new String[capacity];
            values = new String[capacity];
        }

        void add(String name, String value) {
            String lower = name.toLowerCase(Locale.ROOT);
            for (int i = 0; i < size; i++) {
                if (lowerNames[i].equals(lower)) {
                    names[i] = name;
                    values[i] = value;
                    return;
                }
            }
            int at = size++;
            while (at > 0 && lowerNames[at - 1].compareTo(lower) > 0) {
                names[at] = names[at - 1];
                lowerNames[at] = lowerNames[at - 1];
                values[at] = values[at - 1];
                at--;
            }
            names[at] = name;
            lowerNames[at] = lower;
            values[at] = value;
        }

        String signedNames() {
            StringBuilder text = new StringBuilder(128);
            for (int i = 0; i < size; i++) {
                if (i > 0) {
                    text.append(';');
                }
                text.append(lowerNames[i]);
            }
            return text.toString();
        }

        void appendCanonical(StringBuilder text) {
            for (int i = 0; i < size; i++) {
                text.append(lowerNames[i]).append(':');
                appendTrimmed(text, values[i]);
                text.append('\n');
            }
        }

        /** Without spaces at the ends, and one space for several inside. */
        private static void appendTrimmed(StringBuilder text, String value) {
            String trimmed = value.trim();
            if (!trimmed.contains("  ")) {
                text.append(trimmed);
                return;
            }
            char before = 0;
            for (int i = 0; i < trimmed.length(); i++) {
                char c = trimmed.charAt(i);
                if (c != ' ' || before != ' ') {
                    text.append(c);
                }
                before = c;
            }
        }

        Map<String, String> with(String name, String value) {
            Map<String, String> map = new LinkedHashMap<>(2 * size + 2);
            map.put(name, value);
            for (int i = 0; i < size; i++) {
                map.put(names[i], values[i]);
            }
            return map;
        }
    }
}
