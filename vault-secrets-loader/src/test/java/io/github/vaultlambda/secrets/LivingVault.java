package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A Vault that keeps tokens, leases and secrets by a time of its own, which never goes back, and counts what it is asked; with
 * the function's clock and the login to it. A secret's value tells its version: {@code app-3}, {@code n0tf0rl0gs-3}. Thread-safe.
 */
final class LivingVault implements HttpTransport, InstantSource, LoginMethod {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final String DENIED = "{\"errors\":[\"permission denied\"]}";

    /** In what way Vault cannot be asked. */
    enum Outage {
        NONE,
        REFUSED_CONNECTION,
        STATUS_503,
        SEALED
    }

    /** A secret in a KV v2 engine. The user's name changes with each second version only. */
    static final class Kv {
        int version = 1;
        boolean deleted;
        boolean denied;
        /** When each version came, by Vault's time; the first one never came. */
        final List<Long> since = new ArrayList<>(List.of(0L, Long.MIN_VALUE));

        static String user(int version) {
            return "app-" + version / 2;
        }

        static String password(int version) {
            return "n0tf0rl0gs-" + version;
        }
    }

    /** A role of a database engine, which makes another user for each who asks. */
    static final class Role {
        final long ttlSeconds;
        final long maxTtlSeconds;
        final boolean renewable;
        boolean denied;

        Role(long ttlSeconds, long maxTtlSeconds, boolean renewable) {
            this.ttlSeconds = ttlSeconds;
            this.maxTtlSeconds = maxTtlSeconds;
            this.renewable = renewable;
        }
    }

    static final class Issued {
        final int number;
        final String path;
        final String token;
        final long lastMillis;
        final boolean renewable;
        long begunMillis;
        long endMillis;
        boolean revoked;
        /** Whether the function has been told that it is over. */
        boolean noticed;

        Issued(int number, String path, String token, long lastMillis, boolean renewable) {
            this.number = number;
            this.path = path;
            this.token = token;
            this.lastMillis = lastMillis;
            this.renewable = renewable;
        }
    }

    /** A question for a secret and what came of it; status 0 is none. */
    record Entry(String path, int status, long vaultMillis, long functionMillis, int number) {}

    static final class Token {
        long endMillis;
        long lastMillis;
        int usesLeft;
        boolean revoked;
        boolean noticed;
    }

    final Map<String, Kv> kvs = new HashMap<>();
    final Map<String, Role> roles = new HashMap<>();
    final List<Issued> leases = new ArrayList<>();
    final Map<String, Token> tokens = new HashMap<>();
    final List<String> increments = new ArrayList<>();
    private final Map<String, Integer> asked = new HashMap<>();
    private final Map<String, Integer> answered = new HashMap<>();
    private final List<Entry> log = new ArrayList<>();
    private final Set<String> inFlight = new HashSet<>();
    private final Map<String, Runnable> during = new HashMap<>();
    private final Map<String, Duration> delays = new ConcurrentHashMap<>();
    private final Random random;
    private long millis = START.toEpochMilli();
    private long setBackMillis;
    private int seconds;
    private int maxSeconds;
    private int uses;
    Outage outage = Outage.NONE;
    boolean renewalsDenied;
    private int logins;
    private boolean everDenied;

    LivingVault() {
        this(1);
    }

    LivingVault(int seed) {
        random = new Random(seed);
    }

    /** Its tokens live so long, and with renewals at most {@code maxSeconds}. Without that they have no end. */
    synchronized LivingVault tokens(int ttlSeconds, int maxTtlSeconds, int countedUses) {
        seconds = ttlSeconds;
        maxSeconds = maxTtlSeconds;
        uses = countedUses;
        return this;
    }

    synchronized Kv kv(String path) {
        return kvs.computeIfAbsent(path, name -> new Kv());
    }

    synchronized LivingVault role(String path, long ttlSeconds, long maxTtlSeconds, boolean renewable) {
        roles.put(path, new Role(ttlSeconds, maxTtlSeconds, renewable));
        return this;
    }

    synchronized void rotate(String path) {
        Kv kv = kv(path);
        kv.version++;
        kv.since.add(millis);
        kv.deleted = false;
    }

    synchronized void pass(Duration time) {
        millis += time.toMillis();
    }

    synchronized void setClockBack(Duration time) {
        setBackMillis += time.toMillis();
    }

    synchronized void outage(Outage value) {
        outage = value;
    }

    /** What happens while the next request for this path is under way, before Vault answers it. */
    synchronized void during(String path, Runnable act) {
        during.put(path, act);
    }

    /** The next answer for this path is so long on its way. */
    void delayAnswer(String path, Duration time) {
        delays.put(path, time);
    }

    /** How often this path was asked for. */
    synchronized int asked(String path) {
        return asked.getOrDefault(path, 0);
    }

    /** How often this path was answered with a value. */
    synchronized int answered(String path) {
        return answered.getOrDefault(path, 0);
    }

    /** All questions for secrets: a view, for a test that has one thread. */
    synchronized List<Entry> log() {
        return Collections.unmodifiableList(log);
    }

    synchronized List<Entry> logSince(int size) {
        return size == log.size() ? List.of() : List.copyOf(log.subList(size, log.size()));
    }

    synchronized int logSize() {
        return log.size();
    }

    /** From now on, or no longer, a policy forbids this path. */
    synchronized void deny(String path, boolean denied) {
        everDenied = true;
        Role role = roles.get(path);
        if (role == null) {
            kv(path).denied = denied;
        } else {
            role.denied = denied;
        }
    }

    synchronized int logins() {
        return logins;
    }

    /** Now, by Vault's own time. */
    synchronized long vaultMillis() {
        return millis;
    }

    @Override
    public synchronized Instant instant() {
        return Instant.ofEpochMilli(millis - setBackMillis);
    }

    synchronized Issued lease(int number) {
        return leases.get(number - 1);
    }

    synchronized void revokeTokens() {
        tokens.values().forEach(token -> token.revoked = true);
    }

    synchronized boolean isAlive(Issued lease) {
        return !lease.revoked && millis < lease.endMillis && isAlive(token(lease));
    }

    synchronized Token token(Issued lease) {
        return Objects.requireNonNull(tokens.get(lease.token));
    }

    private boolean isAlive(Token token) {
        return !token.revoked && millis < token.endMillis && token.usesLeft > 0;
    }

    @Override
    public Reply send(Call call) throws IOException {
        String path = call.uri().getPath().substring("/v1/".length());
        Runnable act;
        synchronized (this) {
            asked.merge(path, 1, Integer::sum);
            if (!path.startsWith("sys/") && !path.startsWith("auth/") && !inFlight.add(path)) {
                throw new AssertionError("two requests in flight for " + path);
            }
            act = during.remove(path);
        }
        try {
            if (act != null) {
                act.run();
            }
            Reply reply = answer(path, call);
            note(path, reply.status());
            Duration delay = delays.remove(path);
            if (delay != null) {
                pass(delay);
            }
            return reply;
        } catch (IOException e) {
            note(path, 0);
            throw e;
        } finally {
            synchronized (this) {
                inFlight.remove(path);
            }
        }
    }

    private synchronized void note(String path, int status) {
        Kv kv = kvs.get(path);
        if (kv != null || roles.containsKey(path)) {
            log.add(new Entry(path, status, millis, millis(), kv == null ? leases.size() : kv.version));
        }
    }

    private synchronized Reply answer(String path, Call call) throws IOException {
        switch (outage) {
            case REFUSED_CONNECTION -> throw new ConnectException("refused");
            case STATUS_503 -> {
                return reply(503, "{\"errors\":[]}");
            }
            case SEALED -> {
                return reply(503, "{\"errors\":[\"Vault is sealed\"]}");
            }
            default -> {}
        }
        if (path.endsWith("/login")) {
            return logIn();
        }
        String name = Objects.requireNonNull(call.headers().get("X-Vault-Token"));
        Token token = Objects.requireNonNull(tokens.get(name));
        if (!isAlive(token)) {
            token.noticed |= !everDenied && !path.contains("renew");
            return reply(403, DENIED);
        }
        token.usesLeft--;
        byte[] body = call.body();
        SecretValue asked;
        try {
            asked = body == null ? SecretValue.of(Map.of()) : SecretValue.parse(body);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return switch (path) {
            case "auth/token/renew-self" -> {
                long left = Math.min(seconds, (token.lastMillis - millis) / 1000);
                token.endMillis = millis + left * 1000;
                yield auth(name, left);
            }
            case "sys/leases/renew" -> renew(asked);
            case "sys/leases/revoke" -> revoke(asked);
            case "sys/leases/lookup" -> lookUp(asked);
            default -> secret(path, name);
        };
    }

    private Reply logIn() {
        logins++;
        Token token = new Token();
        token.endMillis = seconds == 0 ? Long.MAX_VALUE : millis + seconds * 1000L;
        token.lastMillis = millis + maxSeconds * 1000L;
        token.usesLeft = uses == 0 ? Integer.MAX_VALUE : uses;
        tokens.put("hvs.n0tf0rl0gs." + logins, token);
        return auth("hvs.n0tf0rl0gs." + logins, seconds);
    }

    private Reply auth(String token, long left) {
        return reply(
                200,
                "{\"auth\":{\"client_token\":\"" + token + "\",\"accessor\":\"" + token.substring(15)
                        + "\",\"lease_duration\":" + left + ",\"renewable\":" + (seconds > 0) + ",\"num_uses\":" + uses
                        + "}}");
    }

    private Reply renew(SecretValue request) {
        Issued lease = named(request);
        increments.add(String.valueOf(request.text("increment")));
        if (renewalsDenied) {
            return reply(403, DENIED);
        }
        if (lease == null || lease.revoked || !isAlive(token(lease))) {
            if (lease != null) {
                lease.noticed = true;
            }
            return reply(400, "{\"errors\":[\"lease not found\"]}");
        }
        if (millis >= lease.endMillis) {
            lease.noticed = true;
            return reply(400, "{\"errors\":[\"lease expired\"]}");
        }
        if (!lease.renewable) {
            return reply(400, "{\"errors\":[\"lease is not renewable\"]}");
        }
        long wished = Long.parseLong(increments.get(increments.size() - 1).replace("s", ""));
        if (wished == 0) {
            wished = Objects.requireNonNull(roles.get(lease.path)).ttlSeconds;
        }
        long granted = Math.min(wished, (lease.lastMillis - millis) / 1000);
        lease.begunMillis = millis;
        lease.endMillis = millis + granted * 1000;
        return reply(
                200,
                "{\"lease_id\":\"" + request.text("lease_id") + "\",\"lease_duration\":" + granted
                        + ",\"renewable\":true,\"data\":null}");
    }

    private Reply lookUp(SecretValue request) {
        Issued lease = named(request);
        if (lease == null || lease.revoked || !isAlive(token(lease)) || millis >= lease.endMillis) {
            if (lease != null) {
                lease.noticed = true;
            }
            return reply(400, "{\"errors\":[\"invalid lease\"]}");
        }
        return reply(200, "{\"data\":{\"ttl\":" + (lease.endMillis - millis + 999) / 1000 + "}}");
    }

    private Reply revoke(SecretValue request) {
        Issued lease = named(request);
        if (lease != null) {
            lease.revoked = true;
        }
        return reply(204, "");
    }

    private @Nullable Issued named(SecretValue request) {
        String id = Objects.requireNonNull(request.text("lease_id"));
        int number = Integer.parseInt(id.substring(id.lastIndexOf('/') + 1));
        return number > leases.size() ? null : leases.get(number - 1);
    }

    private Reply secret(String path, String token) {
        Kv kv = kvs.get(path);
        if (kv != null) {
            if (kv.denied) {
                return reply(403, DENIED);
            }
            if (kv.deleted) {
                return reply(404, "{\"errors\":[]}");
            }
            answered.merge(path, 1, Integer::sum);
            return reply(
                    200,
                    "{\"lease_id\":\"\",\"lease_duration\":0,\"data\":{\"data\":{\"user\":\"" + Kv.user(kv.version)
                            + "\",\"password\":\"" + Kv.password(kv.version) + "\",\"number\":" + kv.version
                            + "},\"metadata\":{\"created_time\":\"2026-03-01T11:00:00Z\",\"version\":" + kv.version
                            + "}}}");
        }
        Role role = roles.get(path);
        if (role == null) {
            return path.startsWith("sys/") ? reply(403, DENIED) : reply(404, "{\"errors\":[]}");
        }
        if (role.denied) {
            return reply(403, DENIED);
        }
        answered.merge(path, 1, Integer::sum);
        int number = leases.size() + 1;
        Issued lease = new Issued(number, path, token, millis + role.maxTtlSeconds * 1000, role.renewable);
        lease.begunMillis = millis;
        lease.endMillis = millis + role.ttlSeconds * 1000;
        leases.add(lease);
        return reply(
                200,
                "{\"lease_id\":\"" + path + "/" + number + "\",\"lease_duration\":" + role.ttlSeconds
                        + ",\"renewable\":" + role.renewable + ",\"data\":{\"user\":\"u-" + number
                        + "\",\"password\":\"n0tf0rl0gs-" + number + "\",\"number\":" + number + "}}");
    }

    private static Reply reply(int status, String body) {
        return new Reply(status, body.getBytes(UTF_8));
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        return Objects.requireNonNull(VaultToken.issuedBy(
                vault.send(VaultRequest.post("auth/test/login", SecretValue.of(Map.of())), null, deadline)));
    }

    @Override
    public String describe() {
        return "test";
    }

    VaultSession session() {
        VaultConfig config = VaultConfig.builder()
                .address(URI.create("https://vault.example.com"))
                .maxRetries(0)
                .build();
        Platform platform = Platform.system()
                .withTransport(this)
                .withClock(this)
                .withSleeper(this::pass)
                .withRandom(random);
        return VaultSession.of(config, this, platform);
    }

    VaultSecrets.Builder builder() {
        return VaultSecrets.builder(session());
    }
}
