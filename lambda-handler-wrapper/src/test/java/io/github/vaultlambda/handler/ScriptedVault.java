package io.github.vaultlambda.handler;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A Vault that answers what a test put there, with a clock that moves only when the test moves it. */
public final class ScriptedVault implements HttpTransport, InstantSource {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final Map<String, HttpTransport> answers = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private Instant now = START;

    /** A Vault that has nothing yet. */
    public ScriptedVault() {}

    /** What a path such as {@code secret/data/db?version=2} answers from now on. */
    public ScriptedVault at(String path, HttpTransport answer) {
        answers.put(path, answer);
        return this;
    }

    public ScriptedVault at(String path, int status, String body) {
        return at(path, call -> new Reply(status, body.getBytes(UTF_8)));
    }

    /** A secret of a KV v2 engine. */
    public ScriptedVault kv2(String path, String data) {
        return at(
                path,
                200,
                "{\"lease_id\":\"\",\"lease_duration\":0,\"data\":{\"data\":" + data
                        + ",\"metadata\":{\"created_time\":"
                        + "\"2026-03-01T11:00:00Z\",\"custom_metadata\":null,\"deletion_time\":\"\",\"destroyed\":false,"
                        + "\"version\":1}}}");
    }

    @Override
    public Reply send(Call call) throws IOException {
        calls.add(call);
        String query = call.uri().getQuery();
        HttpTransport answer =
                answers.get(call.uri().getPath().substring("/v1/".length()) + (query == null ? "" : "?" + query));
        return answer == null ? new Reply(404, new byte[0]) : answer.send(call);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    public synchronized void advance(Duration time) {
        now = now.plus(time);
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

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
                return new VaultToken(SecretValue.of("hvs.n0tf0rl0gs"), null, instant(), Duration.ZERO, false);
            }

            @Override
            public String describe() {
                return "test";
            }
        };
        return VaultSession.of(config, login, platform);
    }

    /** Secrets that are exactly so fresh: nothing is read ahead, no failure kept, nothing stale served. */
    public VaultSecrets secrets(Duration ttl) {
        SecretOptions exactly = SecretOptions.defaults()
                .withTtl(ttl)
                .withMaxStale(Duration.ZERO)
                .withRefusalTtl(Duration.ZERO)
                .withRefreshAhead(false);
        return VaultSecrets.builder(session()).options(exactly).build();
    }
}
