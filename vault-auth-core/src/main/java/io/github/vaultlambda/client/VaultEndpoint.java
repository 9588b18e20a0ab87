package io.github.vaultlambda.client;

import io.github.vaultlambda.config.RateLimit;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.Exchange;
import io.github.vaultlambda.http.Headers;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.http.SocketTransport;
import io.github.vaultlambda.http.TransportException;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one HTTP path to Vault: address, namespace, retries with jittered waits inside a deadline, and answers turned into
 * values or typed errors. Knows nothing of where tokens come from. Thread-safe.
 */
public final class VaultEndpoint {
    private static final Log LOG = Log.of(VaultEndpoint.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);

    private final URI address;
    private final @Nullable String namespace;
    private final int maxRetries;
    private final Map<String, String> moreHeaders;
    private final Platform platform;
    private final HttpTransport transport;
    private final Redirects redirects;
    private final ReplicationIndex index = new ReplicationIndex();
    private final @Nullable RateLimiter rateLimiter;
    private final LoginPause loginPause;

    /** The endpoint that this configuration names. */
    public VaultEndpoint(VaultConfig config, Platform platform) {
        this.address = config.address();
        this.namespace = config.namespace();
        this.maxRetries = config.maxRetries();
        this.moreHeaders = config.headers();
        this.platform = platform;
        this.transport = platform.transport(config.tls(), config.proxies());
        this.redirects = new Redirects(config.address(), config.followRedirects());
        if (config.tls().skipsVerification()) {
            LOG.warn(
                    "VAULT_SKIP_VERIFY: the certificate of Vault at {} is NOT verified. Anybody between can read and change"
                            + " the logins and secrets. Never use this in production",
                    address);
        }
        RateLimit limit = config.rateLimit();
        this.loginPause = new LoginPause(platform);
        this.rateLimiter = limit == null ? null : new RateLimiter(limit, platform.clock());
    }

    /** Vault's address, for messages. */
    public URI address() {
        return address;
    }

    /** Begins to connect, in the background, so that the next request finds a connection; returns at once. */
    public void connectAhead() {
        transport.prepare(address);
    }

    /** Closes the connections that no request uses: none may outlive a snapshot of the process. */
    public void closeConnections() {
        transport.closeIdle();
    }

    /** Forgets what must not outlive a snapshot of the process: connections, and that Vault could not be logged in to. */
    public void forget() {
        loginPause.end();
        closeConnections();
    }

    /** Now, by this endpoint's clock. */
    long nowMillis() {
        return platform.clock().millis();
    }

    /** A deadline that long from now, by this endpoint's clock. */
    public Deadline deadlineIn(Duration time) {
        return Deadline.after(platform.clock(), time);
    }

    /**
     * Sends a request and waits for the answer, at most until the deadline.
     *
     * @param token the token to send along, or null for requests that need none, such as a login
     * @throws VaultException one subclass per cause
     */
    public VaultResponse send(VaultRequest request, @Nullable VaultToken token, Deadline deadline) {
        return send(request, token, deadline, maxRetries, null);
    }

    /**
     * Sends a login: as {@link #send} without a token, but after failures ever more rarely, from one call to the next; so it
     * begins with {@link #awaitLogin}.
     *
     * @throws VaultException one subclass per cause
     */
    public VaultResponse sendLogin(VaultRequest request, Deadline deadline) {
        awaitLogin(deadline);
        return send(request, null, deadline, maxRetries, loginPause);
    }

    /**
     * Waits for the end of the pause that follows a login which could not be made; returns at once when there is none. Where the
     * deadline is too near for that and a login, it waits until 2 s are left, or half of the time if that is less; after that it
     * returns from a pause of up to 7 s, and throws in a longer one.
     *
     * @throws VaultException as the last login failed, with its message and that none was tried now
     */
    public void awaitLogin(Deadline deadline) {
        try {
            loginPause.await(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw VaultErrors.interrupted("log in", "auth/login");
        }
    }

    /** Whether {@link #awaitLogin} would wait. */
    public boolean isLoginPaused() {
        return loginPause.holds();
    }

    /** As {@link #send}, but tries no second time: for what can be done later as well. */
    public VaultResponse sendOnce(VaultRequest request, @Nullable VaultToken token, Deadline deadline) {
        return send(request, token, deadline, 0, null);
    }

    /**
     * Exchanges a wrapping token for the answer that was wrapped, which works once. Needs no other token.
     *
     * @throws VaultRequestException when the wrapping token has been used already or has come to its end
     * @see <a href="https://developer.hashicorp.com/vault/docs/concepts/response-wrapping">Vault: response wrapping</a>
     */
    public VaultResponse unwrap(SecretValue wrappingToken, Deadline deadline) {
        VaultToken token = new VaultToken(wrappingToken, null, platform.clock().instant(), Duration.ZERO, false);
        return send(VaultRequest.post("sys/wrapping/unwrap", SecretValue.of(Map.of())), token, deadline);
    }

    /**
     * A request of somebody else on its way to Vault, body and answer as streams, over the connections of this endpoint. Headers
     * go as they are given: token, namespace and {@link VaultConfig#headers()} are the caller's task. No retry, no redirect, no
     * limit of requests.
     *
     * @param method any, such as LIST
     * @param target path and query, encoded; begins with a slash and goes behind the path of Vault's address
     * @param timeout as {@link Exchange} says; above zero
     * @throws TransportException when the address is not that of an HTTP server
     * @throws IllegalArgumentException when the target is no path and query
     * @throws IllegalStateException when the platform has a transport of somebody's own, which knows no streams
     */
    public Exchange exchange(String method, String target, Headers headers, Duration timeout)
            throws TransportException {
        return exchange(method, URI.create(address + target), headers, timeout);
    }

    /** As above, to an address below this endpoint's or one that {@link #redirect} has named. */
    public Exchange exchange(String method, URI uri, Headers headers, Duration timeout) throws TransportException {
        if (transport instanceof SocketTransport sockets) {
            return sockets.exchange(method, uri, headers, timeout);
        }
        throw new IllegalStateException("this transport knows no streams");
    }

    /**
     * Where an answer with status 301, 302, 307 or 308 sends a request of somebody else, by the rules for this endpoint's own.
     *
     * @param request method and path, for messages
     * @param from the address that answered so
     * @param location of the answer, or null when it named none
     * @throws VaultRequestException when the request must not be sent there
     */
    public URI redirect(String request, URI from, int status, @Nullable String location, Deadline deadline) {
        return redirects.follow(request, request, from, status, location, transport, deadline);
    }

    /**
     * How long to wait before a failed request is repeated, by the rules for this endpoint's own: as often as is configured,
     * inside the deadline, as long as the process's {@link RetryBudget} lasts. Takes one retry from the budget.
     *
     * @param retry the number of the retry; the first has 1
     * @param retryAfter what the answer wished, or null
     * @return null when the request must not be repeated
     */
    public @Nullable Duration waitBeforeRetry(int retry, @Nullable String retryAfter, Deadline deadline) {
        return waitBeforeRetry(retry, maxRetries, retryAfter, deadline);
    }

    /** The newest state of a replicated cluster that was made by our login or a write, for {@code X-Vault-Index}; or null. */
    public @Nullable String replicationState() {
        return index.newest();
    }

    /** Takes note of the {@code X-Vault-Index} in an answer to a write. */
    public void noteReplicationState(String state) {
        index.note(state);
    }

    private VaultResponse send(
            VaultRequest request,
            @Nullable VaultToken token,
            Deadline deadline,
            int maxRetries,
            @Nullable LoginPause loginPause) {
        URI first = uri(request);
        URI uri = first;
        Map<String, String> headers = headers(request, token);
        byte[] body = request.bodyBytes();
        int hops = 0;
        for (int attempt = 0; ; attempt++) {
            awaitTurn(request, deadline);
            Duration remaining = deadline.remaining();
            if (remaining.isZero()) {
                throw VaultErrors.outOfTime(request, address, null);
            }
            Instant sentAt = platform.clock().instant();
            String trouble;
            @Nullable String retryAfter = null;
            VaultException failure;
            try {
                HttpTransport.Reply reply =
                        transport.send(new HttpTransport.Call(request.method(), uri, headers, body, remaining));
                LOG.debug("{} answered {}", request, reply.status());
                if (reply.status() >= 200 && reply.status() < 300) {
                    noteIndex(request, reply);
                    if (loginPause != null) {
                        loginPause.end();
                    }
                    if (attempt == 0) {
                        platform.retryBudget().giveBack();
                    }
                    return new VaultResponse(reply.status(), VaultErrors.parseSuccess(request, reply), sentAt, token);
                }
                if (Redirects.isRedirect(reply.status()) && hops++ < Redirects.MOST) {
                    uri = redirects.follow(request, uri, reply, transport, deadline);
                    attempt--; // the active node has not been tried yet
                    continue;
                }
                failure = VaultErrors.from(request, reply);
                if (!isWorthRetrying(request, reply.status())) {
                    if (loginPause != null && !(failure instanceof VaultUnavailableException)) {
                        loginPause.end();
                    }
                    throw failure;
                }
                trouble = "status " + reply.status();
                retryAfter = reply.header("retry-after");
            } catch (IOException e) {
                failure = VaultErrors.unreachable(request, address, e);
                if (!isWorthRetrying(request, e)) {
                    throw failure;
                }
                trouble = e.toString();
            }
            Duration wait = loginPause == null
                    ? waitBeforeRetry(attempt + 1, maxRetries, retryAfter, deadline)
                    : waitBeforeLogin(loginPause, failure, attempt + 1, maxRetries, retryAfter, deadline);
            if (wait == null) {
                throw failure;
            }
            LOG.debug("{} failed ({}); trying again in {} ms", request, trouble, wait.toMillis());
            pause(request, wait);
            uri = first; // another node may be the active one by now
            hops = 0;
        }
    }

    private void awaitTurn(VaultRequest request, Deadline deadline) {
        if (rateLimiter == null) {
            return;
        }
        Duration wait = rateLimiter.book(deadline.remaining());
        if (wait == null) {
            throw VaultErrors.overRateLimit(request);
        }
        if (!wait.isZero()) {
            pause(request, wait);
        }
    }

    /** Only what was changed by us must be seen by us. */
    private void noteIndex(VaultRequest request, HttpTransport.Reply reply) {
        String state = reply.header("x-vault-index");
        if (state != null && !request.method().equals("GET")) {
            index.note(state);
        }
    }

    private URI uri(VaultRequest request) {
        try {
            StringBuilder uri = new StringBuilder(address.toString()).append("/v1/");
            EncodedPath.append(uri, request.path());
            char separator = '?';
            for (Map.Entry<String, String> parameter : request.query().entrySet()) {
                uri.append(separator)
                        .append(URLEncoder.encode(parameter.getKey(), StandardCharsets.UTF_8))
                        .append('=')
                        .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
                separator = '&';
            }
            return new URI(uri.toString());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a path in Vault: " + request.path(), e);
        }
    }

    private Map<String, String> headers(VaultRequest request, @Nullable VaultToken token) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Vault-Request", "true");
        headers.put("Accept", "application/json");
        headers.putAll(moreHeaders);
        if (namespace != null) {
            headers.put("X-Vault-Namespace", namespace);
        }
        String state = index.newest();
        if (state != null) {
            headers.put("X-Vault-Index", state);
        }
        if (token != null) {
            headers.put("X-Vault-Token", token.value().reveal());
        }
        if (request.wrapSeconds() > 0) {
            headers.put("X-Vault-Wrap-TTL", Long.toString(request.wrapSeconds()));
        }
        if (!request.method().equals("GET")) {
            headers.put("Content-Type", "application/json");
        }
        return headers;
    }

    private static boolean isWorthRetrying(VaultRequest request, int status) {
        boolean notDone = status == 412 || status == 429 || status == 473 || status == 503;
        return notDone || (request.repeatable() && status >= 500 && status != 501);
    }

    private static boolean isWorthRetrying(VaultRequest request, IOException e) {
        if (e instanceof TransportException failure) {
            return !failure.kind().isPermanent() && (request.repeatable() || !failure.mayHaveArrived());
        }
        return request.repeatable();
    }

    private @Nullable Duration waitBeforeRetry(int retry, int most, @Nullable String retryAfter, Deadline deadline) {
        if (retry > most) {
            return null;
        }
        Duration wait = waitBefore(retry, wishedMillis(retryAfter));
        boolean fits = wait.compareTo(deadline.remaining()) < 0;
        return fits && platform.retryBudget().take(platform.clock()) ? wait : null;
    }

    private @Nullable Duration waitBeforeLogin(
            LoginPause pause,
            VaultException failure,
            int retry,
            int most,
            @Nullable String retryAfter,
            Deadline deadline) {
        Duration spare = retry > most ? Duration.ZERO : LoginPause.spare(deadline.remaining());
        Duration wait = pause.begin(failure, wishedMillis(retryAfter), spare);
        boolean fits = wait.compareTo(spare) <= 0;
        return fits && platform.retryBudget().take(platform.clock()) ? wait : null;
    }

    /** Half to full of 200 ms, doubled each time; Vault's own wish when it is longer. */
    private Duration waitBefore(int retry, long wishedMillis) {
        long full = FIRST_WAIT.toMillis() << Math.min(retry - 1, 10);
        long jittered = full / 2 + platform.random().nextLong(full / 2 + 1);
        return Duration.ofMillis(Math.max(jittered, wishedMillis));
    }

    /** What Vault asks for, and up to as much again: whom it has turned away together shall not come back together. */
    private long wishedMillis(@Nullable String retryAfter) {
        if (retryAfter == null || !retryAfter.matches("[0-9]{1,9}")) {
            return 0; // the other form, a date, is not sent by Vault
        }
        long millis = Long.parseLong(retryAfter) * 1000;
        return millis + platform.random().nextLong(millis + 1);
    }

    private void pause(VaultRequest request, Duration time) {
        try {
            platform.sleeper().sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw VaultErrors.interrupted("send " + request + " again", request.path());
        }
    }
}
