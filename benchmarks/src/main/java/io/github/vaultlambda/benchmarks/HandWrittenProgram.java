package io.github.vaultlambda.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The same login and read with nothing but the JDK and no care for anything else: no retry, no cache, no error text, one
 * configuration. The least that a person would write by hand, and so the mark for the library.
 */
final class HandWrittenProgram {
    private static final String FORM = "Action=GetCallerIdentity&Version=2011-06-15";

    private HandWrittenProgram() {}

    /** Takes the moment of the JVM's start. */
    public static void main(String[] arguments) throws Exception {
        long begin = System.nanoTime();
        Map<String, String> environment = System.getenv();
        String vault = environment.get("VAULT_ADDR") + "/v1/";
        String login = http(
                "PUT", vault + "auth/" + environment.get("VAULT_AUTH_PROVIDER") + "/login", null, login(environment));
        String secret = http("GET", vault + "secret/data/orders/db", text(login, "client_token"), null);
        String value = text(secret, "password");
        Measured.report(arguments, begin, value);
    }

    private static String login(Map<String, String> environment) throws GeneralSecurityException {
        String server = environment.get("VAULT_IAM_SERVER_ID");
        String session = environment.get("AWS_SESSION_TOKEN");
        LocalDateTime now = LocalDateTime.ofEpochSecond(System.currentTimeMillis() / 1000, 0, ZoneOffset.UTC);
        String day = "" + (now.getYear() * 10_000 + now.getMonthValue() * 100 + now.getDayOfMonth());
        String time = "" + (1_000_000 + now.getHour() * 10_000 + now.getMinute() * 100 + now.getSecond());
        String date = day + "T" + time.substring(1) + "Z";
        String names = "content-type;host;x-amz-date;x-amz-security-token;x-vault-aws-iam-server-id";
        String canonical =
                "POST\n/\n\ncontent-type:application/x-www-form-urlencoded\nhost:sts.amazonaws.com\nx-amz-date:"
                        + date + "\nx-amz-security-token:" + session + "\nx-vault-aws-iam-server-id:" + server + "\n\n"
                        + names
                        + "\n" + sha256(FORM);
        String scope = day + "/us-east-1/sts/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(canonical);
        byte[] key = hmac(("AWS4" + environment.get("AWS_SECRET_ACCESS_KEY")).getBytes(UTF_8), day);
        key = hmac(hmac(hmac(hmac(key, "us-east-1"), "sts"), "aws4_request"), toSign);
        String headers = "{\"Content-Type\":\"application/x-www-form-urlencoded\",\"X-Amz-Date\":\"" + date
                + "\",\"X-Amz-Security-Token\":\"" + session + "\",\"X-Vault-AWS-IAM-Server-ID\":\"" + server
                + "\",\"Authorization\":\"AWS4-HMAC-SHA256 Credential=" + environment.get("AWS_ACCESS_KEY_ID") + "/"
                + scope
                + ", SignedHeaders=" + names + ", Signature=" + HexFormat.of().formatHex(key) + "\"}";
        return "{\"role\":\"" + environment.get("VAULT_AUTH_ROLE")
                + "\",\"iam_http_request_method\":\"POST\",\"iam_request_url\":\""
                + base64("https://sts.amazonaws.com/")
                + "\",\"iam_request_body\":\"" + base64(FORM) + "\",\"iam_request_headers\":\"" + base64(headers)
                + "\"}";
    }

    private static String http(String method, String address, @Nullable String token, @Nullable String body)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty("X-Vault-Request", "true");
        if (token != null) {
            connection.setRequestProperty("X-Vault-Token", token);
        }
        if (body != null) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(UTF_8));
            }
        }
        return new String(connection.getInputStream().readAllBytes(), UTF_8);
    }

    /** Good enough for texts without a backslash. */
    private static String text(String json, String name) {
        String start = "\"" + name + "\":\"";
        int from = json.indexOf(start) + start.length();
        return json.substring(from, json.indexOf('"', from));
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
