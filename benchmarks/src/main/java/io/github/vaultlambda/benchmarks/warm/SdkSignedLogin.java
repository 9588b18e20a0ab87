package io.github.vaultlambda.benchmarks.warm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The same login as the library's, but signed by the AWS SDK: what the library would be if it used the SDK. */
final class SdkSignedLogin implements LoginMethod {
    private final SdkSignedRequest request;

    SdkSignedLogin(SdkSignedRequest request) {
        this.request = request;
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        VaultResponse response = vault.send(VaultRequest.repeatablePut("auth/aws/login", body()), null, deadline);
        SecretValue auth = Objects.requireNonNull(response.auth(), "auth");
        return new VaultToken(
                Objects.requireNonNull(auth.field("client_token"), "client_token"),
                auth.text("accessor"),
                response.requestedAt(),
                Duration.ofSeconds(auth.number("lease_duration", 0)),
                auth.isTrue("renewable"));
    }

    private SecretValue body() {
        Map<String, SecretValue> headers = new LinkedHashMap<>();
        request.sign()
                .forEachHeader((name, values) ->
                        headers.put(name, SecretValue.of(List.of(SecretValue.of(String.join(",", values))))));
        headers.remove("Host");
        Map<String, SecretValue> body = new LinkedHashMap<>();
        body.put("role", SecretValue.of("orders"));
        body.put("iam_http_request_method", SecretValue.of("POST"));
        body.put("iam_request_url", base64("https://sts.amazonaws.com/".getBytes(UTF_8)));
        body.put("iam_request_body", base64(SdkSignedRequest.BODY));
        body.put(
                "iam_request_headers",
                base64(SecretValue.of(headers).revealJson().getBytes(UTF_8)));
        return SecretValue.of(body);
    }

    private static SecretValue base64(byte[] bytes) {
        return SecretValue.of(Base64.getEncoder().encodeToString(bytes));
    }

    @Override
    public String describe() {
        return "role orders at auth/aws, signed by the AWS SDK";
    }
}
