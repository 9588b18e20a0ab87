package io.github.vaultlambda.benchmarks.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.benchmarks.fleet.VaultModel.Health;
import io.github.vaultlambda.benchmarks.fleet.VaultModel.Outcome;
import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Objects;

/** Leads the library's requests to the model, and answers as Vault does. */
final class ModelTransport implements HttpTransport {
    private static final int TOO_MANY_REQUESTS = 429;
    /** Vault's rate-limit quotas count by the second, and say so. */
    private static final Map<String, String> NEXT_SECOND = Map.of("retry-after", "1");

    private final VaultModel vault;

    ModelTransport(VaultModel vault) {
        this.vault = vault;
    }

    @Override
    public Reply send(Call call) throws IOException {
        String path = call.uri().getPath();
        long timeout = call.timeout().toNanos() / 1_000;
        if (path.endsWith("/login")) {
            Outcome outcome = vault.login(timeout);
            return outcome == Outcome.ANSWERED ? auth(vault.newToken()) : other(outcome);
        }
        String token = Objects.requireNonNull(call.headers().get("X-Vault-Token"));
        if (path.endsWith("/renew-self")) {
            Outcome outcome = vault.renew(token, timeout);
            return outcome == Outcome.ANSWERED ? auth(token) : other(outcome);
        }
        Outcome outcome = vault.read(token, timeout);
        return outcome == Outcome.ANSWERED ? secret() : other(outcome);
    }

    private Reply auth(String token) {
        return reply("{\"auth\":{\"client_token\":\"" + token + "\",\"accessor\":\"a" + token + "\",\"lease_duration\":"
                + vault.tokenSeconds() + ",\"renewable\":true}}");
    }

    private Reply secret() {
        return reply("{\"lease_id\":\"\",\"lease_duration\":0,\"data\":{\"data\":{\"version\":\"" + vault.version()
                + "\"},\"metadata\":{\"created_time\":\"2026-01-01T00:00:00Z\",\"version\":" + vault.version() + "}}}");
    }

    private Reply other(Outcome outcome) throws IOException {
        return switch (outcome) {
            case DENIED -> error(HttpURLConnection.HTTP_FORBIDDEN, "permission denied", Map.of());
            case LIMITED -> error(TOO_MANY_REQUESTS, "request path: rate limit quota exceeded", NEXT_SECOND);
            case FAILED ->
                vault.health() == Health.SEALED
                        ? error(HttpURLConnection.HTTP_UNAVAILABLE, "Vault is sealed", Map.of())
                        : error(HttpURLConnection.HTTP_INTERNAL_ERROR, "internal error", Map.of());
            case NO_CONNECTION -> throw new ConnectException("nobody listens");
            case TIMED_OUT, ANSWERED -> throw new SocketTimeoutException("no answer");
        };
    }

    private static Reply error(int status, String message, Map<String, String> headers) {
        return new Reply(status, ("{\"errors\":[\"" + message + "\"]}").getBytes(UTF_8), headers);
    }

    private static Reply reply(String json) {
        return new Reply(HttpURLConnection.HTTP_OK, json.getBytes(UTF_8));
    }
}
