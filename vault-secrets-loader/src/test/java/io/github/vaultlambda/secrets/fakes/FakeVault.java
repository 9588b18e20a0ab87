package io.github.vaultlambda.secrets.fakes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A Vault that answers what a test put there, each time with another request id, and a clock that the test alone moves. */
public final class FakeVault implements HttpTransport, InstantSource {
    /** When the clock begins. */
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final Map<String, HttpTransport> answers = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean down;
    private volatile boolean refusesLogins;
    private Instant now = START;

    /** What a path such as {@code secret/data/db?version=2} answers from now on. */
    public FakeVault at(String path, HttpTransport answer) {
        answers.put(path, answer);
        return this;
    }

    /** What a path answers from now on. */
    public FakeVault at(String path, int status, String body) {
        return at(path, call -> new Reply(status, body.getBytes(UTF_8)));
    }

    /** What Vault says of the mount that serves a path; {@code version} is null for engines that have none. */
    public FakeVault mount(String path, String mount, String type, @Nullable Integer version) {
        return at(
                "sys/internal/ui/mounts/" + path,
                200,
                "{\"data\":{\"path\":\"" + mount + "\",\"type\":\"" + type + "\",\"options\":"
                        + (version == null ? "null" : "{\"version\":\"" + version + "\"}") + "}}");
    }

    /** The first version of a secret of a KV v2 engine. */
    public FakeVault kv2(String path, String data) {
        return kv2(path, 1, data);
    }

    /** A secret of a KV v1 engine. */
    public FakeVault kv1(String path, String data) {
        return secret(path, "", 2764800, data);
    }

    /** A secret of a KV v2 engine. */
    public FakeVault kv2(String path, int version, String data) {
        return secret(
                path,
                "",
                0,
                "{\"data\":" + data + ",\"metadata\":{\"created_time\":\"2026-03-01T11:00:00Z\"," + "\"version\":"
                        + version + "}}");
    }

    /** A secret with a lease that can be renewed. */
    public FakeVault leased(String path, String lease, String data) {
        return secret(path, lease, 3600, data);
    }

    private FakeVault secret(String path, String lease, int seconds, String data) {
        return at(
                path,
                call -> new Reply(
                        200,
                        ("{\"request_id\":\"" + requests.incrementAndGet() + "\",\"lease_id\":\"" + lease
                                        + "\",\"lease_duration\":" + seconds + ",\"renewable\":" + !lease.isEmpty()
                                        + ",\"data\":" + data + "}")
                                .getBytes(UTF_8)));
    }

    /** From now on no login succeeds. */
    public void refuseLogins() {
        refusesLogins = true;
    }

    /** Whether it cannot be reached at all. */
    public void setDown(boolean value) {
        down = value;
    }

    @Override
    public Reply send(Call call) throws IOException {
        calls.add(call);
        if (down) {
            throw new IOException("connection refused");
        }
        String query = call.uri().getQuery();
        HttpTransport answer = answers.get(pathOf(call) + (query == null ? "" : "?" + query));
        return answer == null ? new Reply(404, "{\"errors\":[]}".getBytes(UTF_8)) : answer.send(call);
    }

    /** The paths that were asked for, but for questions for mounts. */
    public List<String> reads() {
        return calls.stream()
                .map(FakeVault::pathOf)
                .filter(path -> !path.startsWith("sys/"))
                .toList();
    }

    private static String pathOf(Call call) {
        return call.uri().getPath().substring("/v1/".length());
    }

    /** All requests. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** How many logins there were. */
    public int logins() {
        return logins.get();
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Moves the clock. */
    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }

    /** Time enough for everything. */
    public Deadline soon() {
        return Deadline.after(this, Duration.ofSeconds(5));
    }

    /** Secrets that are fresh for a minute, and never served stale. */
    public VaultSecrets secrets() {
        return secrets(SecretOptions.defaults()
                .withTtl(Duration.ofMinutes(1))
                .withMaxStale(Duration.ZERO)
                .withRefusalTtl(Duration.ZERO));
    }

    /** Secrets that are exactly so fresh: nothing is read ahead, no failure kept, nothing stale served. */
    public VaultSecrets secrets(Duration ttl) {
        return secrets(exactly(ttl));
    }

    /** Fresh for exactly that long. */
    public static SecretOptions exactly(Duration ttl) {
        return SecretOptions.defaults()
                .withTtl(ttl)
                .withMaxStale(Duration.ZERO)
                .withRefusalTtl(Duration.ZERO)
                .withRefreshAhead(false);
    }

    /** Secrets that are so fresh. */
    public VaultSecrets secrets(SecretOptions options) {
        return VaultSecrets.builder(session()).options(options).build();
    }

    /** A new session, whose logins touch no network. */
    public VaultSession session() {
        VaultConfig config = VaultConfig.builder()
                .address(URI.create("https://vault.example.com"))
                .maxRetries(0)
                .build();
        Platform platform =
                Platform.system().withTransport(this).withClock(this).withSleeper(this::advance);
        LoginMethod login = new LoginMethod() {
            @Override
            public VaultToken login(VaultEndpoint vault, Deadline deadline) {
                if (refusesLogins) {
                    throw new VaultUnavailableException(VaultFailure.of("no login"));
                }
                logins.incrementAndGet();
                return new VaultToken(SecretValue.of("hvs.n0tf0rl0gs"), null, instant(), Duration.ZERO, false);
            }

            @Override
            public String describe() {
                return "test";
            }
        };
        return VaultSession.of(config, login, platform);
    }
}
