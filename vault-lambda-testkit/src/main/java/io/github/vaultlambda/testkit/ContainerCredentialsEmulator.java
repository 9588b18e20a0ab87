package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.LoopbackServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint on 127.0.0.1 from which containers, and Lambda functions with SnapStart, take the credentials of their role (<a
 * href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">container credential
 * provider</a>). What it gives is a session of {@link StsEmulator}, so that logins signed with it can be verified.
 *
 * <p>A session is given until {@link #rotate()} or until five minutes before its end by the clock of the STS. Thread-safe.
 * {@link #close()} stops the server.
 */
public final class ContainerCredentialsEmulator implements AutoCloseable {
    private static final String PATH = "/2021-04-23/credentials";
    private static final Duration EARLY = Duration.ofMinutes(5);

    private final StsEmulator sts;
    private final String roleArn;
    private final Queue<HttpAnswer> planned = new ArrayDeque<>();
    private final LoopbackServer server;
    private Duration lifetime = Duration.ofHours(6);
    private String authorization = TestSecrets.mint("container-");
    private @Nullable TestCredentials session;
    private int requests;

    private ContainerCredentialsEmulator(StsEmulator sts, String roleArn) {
        this.sts = sts;
        this.roleArn = roleArn;
        sts.roleName(roleArn);
        this.server = LoopbackServer.start("container-credentials", 0, this::handle);
    }

    /**
     * The endpoint of one container, on a free port.
     *
     * @param sts who issues the sessions
     * @param roleArn a role of {@link StsEmulator#createRole}; {@link IllegalArgumentException} for another one
     */
    public static ContainerCredentialsEmulator start(StsEmulator sts, String roleArn) {
        return new ContainerCredentialsEmulator(sts, roleArn);
    }

    /** The value of AWS_CONTAINER_CREDENTIALS_FULL_URI. */
    public URI uri() {
        return server.uri().resolve(PATH);
    }

    /** What the Authorization header must say now. */
    public synchronized String authorizationToken() {
        return authorization;
    }

    /** The variables of a function: AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN. */
    public Map<String, String> environment() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri().toString());
        variables.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", authorizationToken());
        return variables;
    }

    /**
     * The variables of a pod: as {@link #environment()}, but with AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, which is written here.
     *
     * @throws UncheckedIOException when the file cannot be written
     */
    public Map<String, String> environment(Path tokenFile) {
        try {
            Files.writeString(tokenFile, authorizationToken());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the token's file", e);
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri().toString());
        variables.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", tokenFile.toString());
        return variables;
    }

    /** From now on another Authorization is wanted, which {@link #authorizationToken()} tells. */
    public synchronized void rotateAuthorizationToken() {
        authorization = TestSecrets.mint("container-");
    }

    /** The next request gets a new session; those given before stay valid until their end. */
    public synchronized void rotate() {
        session = null;
    }

    /** How long sessions live that are issued from now on; six hours unless set. */
    public synchronized void sessionLifetime(Duration newLifetime) {
        lifetime = Objects.requireNonNull(newLifetime, "lifetime");
        session = null;
    }

    /** The next requests are answered with this status and an error in JSON; 0 closes the connection. */
    public synchronized void failNext(int count, int status) {
        for (int i = 0; i < count; i++) {
            planned.add(status == 0 ? HttpAnswer.dropped() : error(status, "InjectedFailure", "injected failure"));
        }
    }

    /** The next request is answered with 200 and this body, which need not be JSON. */
    public synchronized void answerNext(String body) {
        planned.add(HttpAnswer.of(200, "application/json", body));
    }

    /** How many requests came so far. */
    public synchronized int requestCount() {
        return requests;
    }

    @Override
    public void close() {
        server.close();
    }

    private synchronized HttpAnswer handle(HttpRequest request) {
        requests++;
        HttpAnswer next = planned.poll();
        if (next != null) {
            return next;
        }
        if (!request.path().equals(PATH)) {
            return error(404, "NotFound", "no such path");
        }
        if (!request.method().equals("GET")) {
            return error(405, "MethodNotAllowed", "only GET is allowed");
        }
        if (!authorization.equals(request.headers().first("Authorization"))) {
            return error(401, "Unauthorized", "the authorization token is missing or wrong");
        }
        TestCredentials current = session;
        if (current == null || !sts.now().isBefore(current.expiration().minus(EARLY))) {
            current = sts.issueSession(roleArn, sts.roleName(roleArn), lifetime);
            session = current;
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("RoleArn", roleArn);
        body.put("AccessKeyId", current.accessKeyId());
        body.put("SecretAccessKey", current.secretAccessKey());
        body.put("Token", current.sessionToken());
        body.put(
                "Expiration",
                current.expiration().truncatedTo(ChronoUnit.SECONDS).toString());
        return HttpAnswer.json(200, body);
    }

    private static HttpAnswer error(int status, String code, String message) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("code", code);
        body.put("message", message);
        return HttpAnswer.json(status, body);
    }
}
