package io.github.vaultlambda.secrets;

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
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A Vault that answers what a test put there, with a clock that moves only when the test moves it. */
final class ScriptedVault implements HttpTransport, InstantSource {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final Map<String, HttpTransport> answers = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private Instant now = START;
    private volatile boolean refusesLogins;

    /** What a path such as {@code secret/data/db?version=2} answers from now on. */
    ScriptedVault at(String path, HttpTransport answer) {
        answers.put(path, answer);
        return this;
    }

    ScriptedVault at(String path, int status, String body) {
        return at(path, call -> new Reply(status, body.getBytes(UTF_8)));
    }

    /** A secret of a KV v1 engine. */
    ScriptedVault kv1(String path, String data) {
        return at(path, 200, "{\"lease_id\":\"\",\"lease_duration\":2764800,\"data\":" + data + "}");
    }

    /** A secret of a KV v2 engine. */
    ScriptedVault kv2(String path, String data) {
        return at(
                path,
                200,
                "{\"lease_id\":\"\",\"lease_duration\":0,\"data\":{\"data\":" + data
                        + ",\"metadata\":{\"created_time\":"
                        + "\"2026-03-01T11:00:00Z\",\"custom_metadata\":null,\"deletion_time\":\"\",\"destroyed\":false,"
                        + "\"version\":1}}}");
    }

    /** What Vault says of the mount that serves a path; {@code version} is null for engines that have none. */
    ScriptedVault mount(String path, String mount, String type, @Nullable Integer version) {
        return at(
                "sys/internal/ui/mounts/" + path,
                200,
                "{\"data\":{\"path\":\"" + mount + "\",\"type\":\"" + type + "\",\"options\":"
                        + (version == null ? "null" : "{\"version\":\"" + version + "\"}") + "}}");
    }

    /** From now on no login succeeds. */
    void refuseLogins() {
        refusesLogins = true;
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

    synchronized void advance(Duration time) {
        now = now.plus(time);
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    VaultSession session() {
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
    VaultSecrets secrets(Duration ttl) {
        return VaultSecrets.builder(session()).options(exactly(ttl)).build();
    }

    static SecretOptions exactly(Duration ttl) {
        return SecretOptions.defaults()
                .withTtl(ttl)
                .withMaxStale(Duration.ZERO)
                .withRefusalTtl(Duration.ZERO)
                .withRefreshAhead(false);
    }
}
