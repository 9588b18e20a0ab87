package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.http.HttpTransport;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Our own requests to STS. Thread-safe. */
final class StsClient {
    /** Time for a second try within the nine seconds of a login. */
    private static final Duration TIMEOUT_PER_TRY = Duration.ofSeconds(4);

    private static final int MAX_TRIES = 3;

    private final StsEndpoint endpoint;
    private final URI address;
    private final Platform platform;
    private final AwsExchange exchange;

    /**
     * @param endpoint the STS host and region
     * @param address where requests go instead of the endpoint's host, or null
     */
    StsClient(StsEndpoint endpoint, @Nullable URI address, Platform platform) {
        URI target = address == null ? endpoint.uri() : address;
        this.endpoint = endpoint;
        this.address = target.getRawPath().isEmpty() ? target.resolve("/") : target;
        this.platform = platform;
        this.exchange = new AwsExchange(
                "STS at " + target,
                "check that the function's network reaches STS",
                TIMEOUT_PER_TRY,
                MAX_TRIES,
                platform.transport(),
                platform);
    }

    /**
     * STS's answer in XML.
     *
     * @param operation such as {@code AssumeRole}
     * @param purpose the start of messages, such as {@code Assuming arn:... failed}
     * @param parameters the form without action and version, beginning with {@code &}
     * @param signer who signs, or null for a request without signature
     * @param hint what to check when STS refuses
     */
    String answer(
            String operation,
            String purpose,
            String parameters,
            @Nullable AwsCredentials signer,
            String hint,
            Deadline deadline) {
        String form = "Action=" + operation + parameters + "&Version=" + StsRequest.API_VERSION;
        StsRequest request = signer == null
                ? StsRequest.unsigned(form)
                : StsRequest.signed(
                        endpoint,
                        hostHeader(),
                        form,
                        null,
                        signer,
                        platform.clock().instant());
        HttpTransport.Reply reply = exchange.send(
                purpose, "sts:" + operation, "POST", address, request.headers(), request.body(), deadline);
        String text = new String(reply.body(), UTF_8);
        if (reply.status() == 200) {
            return text;
        }
        StsFault fault = StsFault.in(text);
        VaultFailure failure = VaultFailure.of(
                        purpose + ": STS answered " + reply.status() + (fault == null ? "" : " " + fault))
                .withStatus(reply.status())
                .withPath("sts:" + operation);
        if (AwsExchange.isWorthRetrying(reply)) {
            throw new AwsUnavailableException(failure);
        }
        throw new VaultLoginException(failure.withHint(hint));
    }

    /** The credentials in an answer of STS. */
    AwsCredentials credentials(String operation, String purpose, String xml) {
        String id = StsFault.element(xml, "AccessKeyId");
        String secret = StsFault.element(xml, "SecretAccessKey");
        String token = StsFault.element(xml, "SessionToken");
        if (id == null || secret == null || token == null) {
            throw unintelligible(operation, purpose, "holds no credentials");
        }
        return new AwsCredentials(
                id, SecretValue.of(secret), SecretValue.of(token), expiration(operation, purpose, xml));
    }

    /** The moment named {@code Expiration} in an answer of STS. */
    Instant expiration(String operation, String purpose, String xml) {
        String text = StsFault.element(xml, "Expiration");
        Instant end = text == null ? null : AwsTime.parse(text);
        if (end == null) {
            throw unintelligible(operation, purpose, "names no end of what it gives");
        }
        return end;
    }

    /** An answer with status 200 that is none. */
    VaultLoginException unintelligible(String operation, String purpose, String what) {
        return new VaultLoginException(VaultFailure.of(purpose + ": the answer of STS at " + address + " " + what)
                .withStatus(200)
                .withPath("sts:" + operation));
    }

    /** A form parameter, with {@code &} before it. */
    static String parameter(String name, String value) {
        return "&" + name + "=" + URLEncoder.encode(value, UTF_8);
    }

    private String hostHeader() {
        String host = address.getHost();
        int port = address.getPort();
        boolean usual = port == ("https".equalsIgnoreCase(address.getScheme()) ? 443 : 80); // left out when sent
        return port < 0 || usual ? host : host + ":" + port;
    }
}
