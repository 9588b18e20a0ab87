package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signed request to STS: handed to Vault as the proof of a login, or sent by ourselves.
 *
 * @param headers all headers but {@code Host}, {@code Authorization} among them
 * @param body the form body
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record StsRequest(Map<String, String> headers, byte[] body) {
    static final String API_VERSION = "2011-06-15";

    private static final String CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8";

    /** Signs a form for the host; with a server id, that header is signed too. */
    static StsRequest signed(
            StsEndpoint endpoint,
            String host,
            String form,
            @Nullable String iamServerId,
            AwsCredentials credentials,
            Instant now) {
        byte[] body = form.getBytes(UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", CONTENT_TYPE);
        headers.put("Host", host);
        if (iamServerId != null) {
            headers.put("X-Vault-AWS-IAM-Server-ID", iamServerId);
        }
        Map<String, String> signed =
                new SigV4Signer(endpoint.signingRegion(), "sts").sign("POST", headers, body, credentials, now);
        signed.remove("Host");
        return new StsRequest(signed, body);
    }

    /** A form without signature, for what STS answers to everybody. */
    static StsRequest unsigned(String form) {
        return new StsRequest(Map.of("Content-Type", CONTENT_TYPE), form.getBytes(UTF_8));
    }

    /** Nothing: headers and body are signed. */
    @Override
    public String toString() {
        return "StsRequest[hidden]";
    }
}
