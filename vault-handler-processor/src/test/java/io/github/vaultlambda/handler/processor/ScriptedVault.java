package io.github.vaultlambda.handler.processor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.VaultSecrets;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A Vault of KV v2 secrets, with a clock that moves only when the test moves it. */
final class ScriptedVault implements HttpTransport, InstantSource {
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private volatile boolean down;

    ScriptedVault kv2(String path, String data) {
        secrets.put(path, data);
        return this;
    }

    void delete(String path) {
        secrets.remove(path);
    }

    void setDown(boolean value) {
        down = value;
    }

    @Override
    public Reply send(Call call) throws IOException {
        if (down) {
            throw new IOException("connection refused");
        }
        String data = secrets.get(call.uri().getPath().substring("/v1/".length()));
        if (data == null) {
            return new Reply(404, "{\"errors\":[]}".getBytes(UTF_8));
        }
        reads.incrementAndGet();
        return new Reply(
                200,
                ("{\"lease_id\":\"\",\"lease_duration\":0,\"data\":{\"data\":" + data
                                + ",\"metadata\":{\"created_time\":\"2026-03-01T11:00:00Z\",\"version\":1}}}")
                        .getBytes(UTF_8));
    }

    int reads() {
        return reads.get();
    }

    @Override
    public Instant instant() {
        return now;
    }

    synchronized void advance(Duration time) {
        now = now.plus(time);
    }

    /** Secrets that are fresh for exactly a minute, or as they say themselves: nothing is read ahead or kept longer. */
    VaultSecrets vault() {
        VaultConfig config = VaultConfig.builder()
                .address(URI.create("https://vault.example.com"))
                .maxRetries(0)
                .build();
        Platform platform =
                Platform.system().withTransport(this).withClock(this).withSleeper(this::advance);
        LoginMethod login = new LoginMethod() {
            @Override
            public VaultToken login(VaultEndpoint vault, Deadline deadline) {
                return new VaultToken(SecretValue.of("hvs.n0tf0rl0gs"), null, instant(), Duration.ZERO, false);
            }

            @Override
            public String describe() {
                return "test";
            }
        };
        SecretOptions exactly = SecretOptions.defaults()
                .withTtl(Duration.ofMinutes(1))
                .withMaxStale(Duration.ZERO)
                .withRefusalTtl(Duration.ZERO)
                .withRefreshAhead(false);
        return VaultSecrets.builder(VaultSession.of(config, login, platform))
                .options(exactly)
                .build();
    }
}
