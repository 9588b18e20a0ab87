package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.sts.AccessKey;
import io.github.vaultlambda.testkit.sts.StsService;
import io.github.vaultlambda.testkit.wire.LoopbackServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * AWS STS on 127.0.0.1: answers {@code GetCallerIdentity}, {@code AssumeRole} and, once {@link #enableOutboundFederation} is
 * called, {@code GetWebIdentityToken}, after it has verified the request's
 * Signature Version 4, with AWS's XML, error codes and messages. Credentials come from {@link #issueSession} and
 * {@link #createUserKey} only. A request whose Host header is one of AWS's STS names must be signed for that host's
 * region; any other host, such as the loopback address, takes every region.
 *
 * <p>Thread-safe. {@link #close()} stops the server.
 */
public final class StsEmulator implements AutoCloseable {
    private final List<StsCall> calls = new CopyOnWriteArrayList<>();
    private final StsService service;
    private final LoopbackServer server;
    private final @Nullable LoopbackServer plain;

    private StsEmulator(Builder builder) {
        this.service = new StsService(
                builder.clock, builder.accountId, (action, arn, status) -> calls.add(new StsCall(action, arn, status)));
        ServerTls tls = builder.tls;
        this.server = LoopbackServer.start("sts-emulator", 0, tls == null ? null : tls.handshake(), service::handle);
        this.plain = tls == null ? null : LoopbackServer.start("sts-emulator-plain", 0, service::handle);
    }

    /** An STS with the system's clock, on a free port. */
    public static StsEmulator start() {
        return builder().start();
    }

    /** Settings for an STS. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code http://127.0.0.1:port}, or {@code https}. */
    public URI endpoint() {
        return server.uri();
    }

    /** Where a Vault stand-in asks: over plain HTTP always, because it trusts the roots of the JVM and no others. */
    URI endpointForVault() {
        return plain == null ? server.uri() : plain.uri();
    }

    /** Creates an IAM role, or finds the one of that name; gives {@code arn:aws:iam::<account>:role/<name>}. */
    public String createRole(String name) {
        return service.createRole(name);
    }

    /** {@link #issueSession(String, String, Duration)} with the session name {@code test-session}, for one hour. */
    public TestCredentials issueSession(String roleArn) {
        return issueSession(roleArn, "test-session", Duration.ofHours(1));
    }

    /**
     * Credentials of a session of the role, as Lambda gives them to a function.
     *
     * @param roleArn a role of {@link #createRole}
     * @param sessionName for Lambda, the function's name
     * @param lifetime from now by this STS's clock
     * @throws IllegalArgumentException for an unknown role
     */
    public TestCredentials issueSession(String roleArn, String sessionName, Duration lifetime) {
        return credentials(service.issueSession(roleArn, sessionName, lifetime));
    }

    /** A long-term key of an IAM user, without session token. */
    public TestCredentials createUserKey(String userName) {
        return credentials(service.createUserKey(userName));
    }

    /** From now on {@code AssumeRole} of this role is answered with AccessDenied. */
    public void denyAssumeRole(String roleArn) {
        service.denyAssumeRole(roleArn);
    }

    /** From now on this role is assumed only with this ExternalId. */
    public void requireExternalId(String roleArn, String externalId) {
        service.requireExternalId(roleArn, externalId);
    }

    /** How long sessions of the role may last at most, 1 to 12 hours; without this call 1 hour, as in IAM. */
    public void maxSessionDuration(String roleArn, Duration longest) {
        if (longest.compareTo(Duration.ofHours(1)) < 0 || longest.compareTo(Duration.ofHours(12)) > 0) {
            throw new IllegalArgumentException("a role's sessions last 1 to 12 hours at most, not " + longest);
        }
        service.maxSession(roleArn, longest);
    }

    /**
     * Enables outbound identity federation, without which {@code GetWebIdentityToken} is refused.
     *
     * @return the issuer of the tokens, where {@code /.well-known/openid-configuration} tells where the keys are
     */
    public URI enableOutboundFederation() {
        return URI.create(service.enableOutboundFederation(endpoint()));
    }

    /** The next requests are answered with 400 and {@code Throttling}, as STS does when there are too many. */
    public void throttleNext(int count) {
        service.failNext(count, 400, "Throttling", "Rate exceeded");
    }

    /** The next requests are answered with this status, 500 to 599, and AWS's code for it. */
    public void failNext(int count, int status) {
        if (status < 500 || status > 599) {
            throw new IllegalArgumentException("a failure of STS has a status of 500 to 599, not " + status);
        }
        if (status == 503) {
            service.failNext(count, status, "ServiceUnavailable", "Service is unavailable");
        } else {
            service.failNext(count, status, "InternalFailure", "The request processing has failed");
        }
    }

    /** The next requests get no answer: the connection is closed. */
    public void dropNext(int count) {
        service.failNext(count, 0, "", "");
    }

    /** All requests so far, in the order of their answers. */
    public List<StsCall> calls() {
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        server.close();
        if (plain != null) {
            plain.close();
        }
    }

    Instant now() {
        return service.now();
    }

    String accountId() {
        return service.account();
    }

    String roleName(String roleArn) {
        return service.roleName(roleArn);
    }

    private static TestCredentials credentials(AccessKey key) {
        return new TestCredentials(key.id(), key.secret(), key.sessionToken(), key.expiration());
    }

    /** Settings for an STS; not thread-safe. */
    public static final class Builder {
        private InstantSource clock = InstantSource.system();
        private String accountId = "123456789012";
        private @Nullable ServerTls tls;

        private Builder() {}

        /** Judges signatures and sessions by this clock. */
        public Builder clock(InstantSource newClock) {
            this.clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /** The AWS account, 12 digits; the default is 123456789012. */
        public Builder accountId(String newAccountId) {
            if (!newAccountId.matches("\\d{12}")) {
                throw new IllegalArgumentException("an account id has 12 digits, not: " + newAccountId);
            }
            this.accountId = newAccountId;
            return this;
        }

        /** Speaks HTTPS in this way; plain HTTP unless set. */
        public Builder tls(ServerTls newTls) {
            this.tls = Objects.requireNonNull(newTls, "tls");
            return this;
        }

        /** Starts the server. */
        public StsEmulator start() {
            return new StsEmulator(this);
        }
    }
}
