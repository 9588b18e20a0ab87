package io.github.vaultlambda.benchmarks.workloads;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A function that asks HashiCorp's vault-lambda-extension 0.14 at each use, as its behaviour was measured: a login at start, a token
 * that is judged with each request (a login when less than 10 s are left of it, a renewal when less than a fifth is), and each
 * request passed on, unless its cache is on and has the answer. The cache knows nothing of leases.
 */
final class PeerClient implements Client {
    private static final long GRACE_MILLIS = 10_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private record Kept(SecretValue answer, long untilMillis) {}

    private final CountedVault vault;
    private final InstantSource clock;
    private final HttpTransport network;
    private final long cacheMillis;
    private final Map<String, Kept> cache = new HashMap<>();
    private String token = "";
    private long tokenEndsMillis;
    private long tokenLifeMillis;

    /** With {@code cacheMillis} zero its cache is off, which is its default. */
    PeerClient(CountedVault vault, InstantSource clock, HttpTransport network, long cacheMillis) {
        this.vault = vault;
        this.clock = clock;
        this.network = network;
        this.cacheMillis = cacheMillis;
        logIn();
    }

    @Override
    public SecretValue use(String path) {
        long now = clock.millis();
        if (now + GRACE_MILLIS > tokenEndsMillis) {
            logIn();
        } else if ((tokenEndsMillis - now) * 5 < tokenLifeMillis) {
            counted(send("PUT", "auth/token/renew-self", Map.of()));
        }
        Kept kept = cache.get(path);
        if (kept != null && now < kept.untilMillis()) {
            return kept.answer();
        }
        SecretValue fields = Client.fields(send("GET", path, Map.of()));
        if (cacheMillis > 0) {
            cache.put(path, new Kept(fields, now + cacheMillis));
        }
        return fields;
    }

    private void logIn() {
        SecretValue password = SecretValue.of(vault.password());
        SecretValue answer = send("PUT", "auth/userpass/login/" + CountedVault.USER, Map.of("password", password));
        token = Objects.requireNonNull(
                Objects.requireNonNull(answer.field("auth")).text("client_token"));
        cache.clear(); // its keys have the token in them
        counted(answer);
    }

    private void counted(SecretValue answer) {
        tokenLifeMillis = Objects.requireNonNull(answer.field("auth")).number("lease_duration", 0) * 1_000;
        tokenEndsMillis = clock.millis() + tokenLifeMillis;
    }

    private SecretValue send(String method, String path, Map<String, SecretValue> body) {
        byte[] bytes =
                method.equals("GET") ? null : SecretValue.of(body).revealJson().getBytes(UTF_8);
        URI uri = URI.create(vault.address() + "/v1/" + path);
        Map<String, String> headers = token.isEmpty() ? Map.of() : Map.of("X-Vault-Token", token);
        try {
            HttpTransport.Reply reply = network.send(new HttpTransport.Call(method, uri, headers, bytes, TIMEOUT));
            if (reply.status() != 200) {
                throw new IllegalStateException(method + " " + path + " was answered " + reply.status());
            }
            return SecretValue.parse(reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
