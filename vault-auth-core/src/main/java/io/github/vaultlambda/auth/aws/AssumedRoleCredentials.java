package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.internal.SingleFlight;
import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of another role, which the function's role assumes before it logs in ({@code sts:AssumeRole}); kept until
 * they are near their end. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AWS STS: AssumeRole</a>
 */
public final class AssumedRoleCredentials implements AwsCredentialsSource {
    private static final String SESSION_NAME = "vault_auth";
    private static final Duration MIN_REMAINING = Duration.ofMinutes(2);

    private final String roleArn;
    private final StsEndpoint endpoint;
    private final URI address;
    private final AwsCredentialsSource own;
    private final Platform platform;
    private final SingleFlight<String, AwsCredentials> flights = new SingleFlight<>();
    private volatile @Nullable AwsCredentials current;

    /**
     * Credentials of a role.
     *
     * @param roleArn the role to assume
     * @param endpoint the STS host and region
     * @param address where the request goes instead of the endpoint's host, or null
     * @param own the credentials that may assume it
     */
    public AssumedRoleCredentials(
            String roleArn, StsEndpoint endpoint, @Nullable URI address, AwsCredentialsSource own, Platform platform) {
        this.roleArn = roleArn;
        this.endpoint = endpoint;
        this.address = address == null ? endpoint.uri() : address;
        this.own = own;
        this.platform = platform;
    }

    /**
     * The role's credentials, at least two minutes before their end.
     *
     * @throws VaultLoginException when STS refuses or cannot be reached
     */
    @Override
    public AwsCredentials credentials(Deadline deadline) {
        AwsCredentials kept = fresh();
        if (kept != null) {
            return kept;
        }
        return flights.run("sts:AssumeRole", deadline, () -> {
            AwsCredentials latest = fresh(); // another thread may have been quicker
            if (latest == null) {
                latest = assume(deadline);
                current = latest;
            }
            return latest;
        });
    }

    private @Nullable AwsCredentials fresh() {
        AwsCredentials kept = current;
        Instant end = kept == null ? null : kept.expiresAt();
        return end != null && platform.clock().instant().isBefore(end.minus(MIN_REMAINING)) ? kept : null;
    }

    private AwsCredentials assume(Deadline deadline) {
        if (deadline.isOver()) {
            throw failure("no time is left", 0, null, null);
        }
        String form = "Action=AssumeRole&RoleArn=" + URLEncoder.encode(roleArn, StandardCharsets.UTF_8)
                + "&RoleSessionName=" + SESSION_NAME + "&Version=" + StsRequest.API_VERSION;
        StsRequest request = StsRequest.signed(
                endpoint,
                hostHeader(),
                form,
                null,
                own.credentials(deadline),
                platform.clock().instant());
        HttpTransport.Reply reply;
        try {
            reply = platform.transport()
                    .send(new HttpTransport.Call(
                            "POST",
                            address.getRawPath().isEmpty() ? address.resolve("/") : address,
                            request.headers(),
                            request.body(),
                            deadline.remaining()));
        } catch (IOException e) {
            throw failure(
                    "STS at " + address + " did not answer", 0, "check that the function's network reaches STS", e);
        }
        String text = new String(reply.body(), StandardCharsets.UTF_8);
        if (reply.status() != 200) {
            StsFault fault = StsFault.in(text);
            throw failure(
                    "STS answered " + reply.status() + (fault == null ? "" : " " + fault),
                    reply.status(),
                    "the role must trust the function's role, and that one needs sts:AssumeRole",
                    null);
        }
        return parsed(text);
    }

    private AwsCredentials parsed(String xml) {
        String id = StsFault.element(xml, "AccessKeyId");
        String secret = StsFault.element(xml, "SecretAccessKey");
        String token = StsFault.element(xml, "SessionToken");
        String expiration = StsFault.element(xml, "Expiration");
        if (id == null || secret == null || token == null || expiration == null) {
            throw failure("the answer of STS at " + address + " holds no credentials", 200, null, null);
        }
        try {
            return new AwsCredentials(id, SecretValue.of(secret), SecretValue.of(token), Instant.parse(expiration));
        } catch (DateTimeParseException e) {
            throw failure("the answer of STS at " + address + " names no end of the credentials", 200, null, null);
        }
    }

    private String hostHeader() {
        String host = address.getHost();
        int port = address.getPort();
        boolean usual = port == ("https".equalsIgnoreCase(address.getScheme()) ? 443 : 80); // left out when sent
        return port < 0 || usual ? host : host + ":" + port;
    }

    private VaultLoginException failure(String what, int status, @Nullable String hint, @Nullable Throwable cause) {
        return new VaultLoginException(VaultFailure.of("Assuming " + roleArn + " failed: " + what)
                .withStatus(status)
                .withPath("sts:AssumeRole")
                .withHint(hint)
                .withCause(cause));
    }

    /** For the log: the role, no credentials. */
    @Override
    public String toString() {
        return "AssumedRoleCredentials[" + roleArn + "]";
    }
}
