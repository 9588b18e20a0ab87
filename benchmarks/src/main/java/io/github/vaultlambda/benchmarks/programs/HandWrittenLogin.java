package io.github.vaultlambda.benchmarks.programs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The proof of a login with AWS IAM, signed with nothing but the JDK; each part in base64, as Vault wants it. */
final class HandWrittenLogin {
    private static final String FORM = "Action=GetCallerIdentity&Version=2011-06-15";

    private HandWrittenLogin() {}

    static String url() {
        return base64("https://sts.amazonaws.com/");
    }

    static String body() {
        return base64(FORM);
    }

    /** The headers, signature among them. */
    static String headers(Map<String, String> environment) throws GeneralSecurityException {
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
        return base64("{\"Content-Type\":\"application/x-www-form-urlencoded\",\"X-Amz-Date\":\"" + date
                + "\",\"X-Amz-Security-Token\":\"" + session + "\",\"X-Vault-AWS-IAM-Server-ID\":\"" + server
                + "\",\"Authorization\":\"AWS4-HMAC-SHA256 Credential=" + environment.get("AWS_ACCESS_KEY_ID") + "/"
                + scope
                + ", SignedHeaders=" + names + ", Signature=" + HexFormat.of().formatHex(key) + "\"}");
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
