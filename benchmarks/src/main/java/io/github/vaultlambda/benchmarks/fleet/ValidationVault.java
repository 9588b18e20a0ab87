package io.github.vaultlambda.benchmarks.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.http.SocketTransport;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Vault that takes so many logins in a second and answers the others with 429: a real one, of which a variable gives the address,
 * with a rate-limit quota of its own; or the testkit's stand-in behind a limit that counts in the same way.
 */
final class ValidationVault implements HttpTransport, AutoCloseable {
    static final String MOUNT = "fleet";
    static final String SECRET = "secret/data/fleet#version";

    private static final String ADDRESS = "VALIDATION_VAULT_ADDR";
    private static final String TOKEN = "VALIDATION_VAULT_TOKEN";
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpTransport network = new SocketTransport();
    private final @Nullable VaultStandIn standIn;
    private final URI address;
    private final String rootToken;
    private final int loginsPerSecond;
    private long windowBegan = System.nanoTime();
    private int inWindow;
    private long requests;

    private ValidationVault(@Nullable VaultStandIn standIn, URI address, String rootToken, int loginsPerSecond) {
        this.standIn = standIn;
        this.address = address;
        this.rootToken = rootToken;
        this.loginsPerSecond = loginsPerSecond;
    }

    /**
     * The real one that these variables name, or else the stand-in.
     *
     * @throws IOException when it cannot be prepared
     */
    static ValidationVault of(Map<String, String> environment, int loginsPerSecond) throws IOException {
        String real = environment.get(ADDRESS);
        if (real == null) {
            return standIn(loginsPerSecond);
        }
        String token = environment.get(TOKEN);
        if (token == null) {
            throw new IOException(ADDRESS + " needs a root token beside it, in " + TOKEN);
        }
        ValidationVault vault = new ValidationVault(null, URI.create(real), token, loginsPerSecond);
        vault.admin("DELETE", "sys/auth/" + MOUNT, Map.of()); // of a run before
        vault.prepare();
        vault.limitLogins();
        return vault;
    }

    /** The stand-in, whose limit is here. */
    static ValidationVault standIn(int loginsPerSecond) throws IOException {
        VaultStandIn standIn = VaultStandIn.start();
        ValidationVault vault = new ValidationVault(standIn, standIn.address(), standIn.rootToken(), loginsPerSecond);
        vault.prepare();
        return vault;
    }

    String title() {
        return standIn == null ? "real Vault" : "stand-in";
    }

    URI address() {
        return address;
    }

    private void prepare() throws IOException {
        admin("POST", "sys/auth/fleet", Map.of("type", SecretValue.of("approle")));
        admin(
                "POST",
                "sys/policies/acl/fleet",
                Map.of("policy", SecretValue.of("path \"secret/data/fleet\" { capabilities = [\"read\"] }")));
        Map<String, SecretValue> role = new LinkedHashMap<>();
        role.put("token_policies", SecretValue.of("fleet"));
        role.put("token_ttl", SecretValue.of("1h"));
        admin("POST", "auth/fleet/role/fleet", role);
        SecretValue value = SecretValue.of(Map.of("version", SecretValue.of("1")));
        admin("POST", "secret/data/fleet", Map.of("data", value));
    }

    private void limitLogins() throws IOException {
        Map<String, SecretValue> quota = new LinkedHashMap<>();
        quota.put("path", SecretValue.of("auth/fleet/login"));
        quota.put("rate", SecretValue.of(Integer.toString(loginsPerSecond)));
        quota.put("interval", SecretValue.of("1s"));
        admin("POST", "sys/quotas/rate-limit/fleet", quota);
        // Without this Vault sends no Retry-After.
        admin("POST", "sys/quotas/config", Map.of("enable_rate_limit_response_headers", SecretValue.of("true")));
    }

    SecretValue roleId() throws IOException {
        SecretValue answer = admin("GET", "auth/fleet/role/fleet/role-id", Map.of());
        return Objects.requireNonNull(
                Objects.requireNonNull(answer.field("data")).field("role_id"));
    }

    SecretValue newSecretId() throws IOException {
        SecretValue answer = admin("POST", "auth/fleet/role/fleet/secret-id", Map.of());
        return Objects.requireNonNull(
                Objects.requireNonNull(answer.field("data")).field("secret_id"));
    }

    private SecretValue admin(String method, String path, Map<String, SecretValue> body) throws IOException {
        byte[] bytes = method.equals("POST") ? SecretValue.of(body).revealJson().getBytes(UTF_8) : null;
        Reply reply = network.send(new Call(
                method, URI.create(address + "/v1/" + path), Map.of("X-Vault-Token", rootToken), bytes, TIMEOUT));
        if (reply.status() >= 300) {
            throw new IOException(
                    method + " " + path + " was answered " + reply.status() + ": " + new String(reply.body(), UTF_8));
        }
        return SecretValue.parse(reply.body().length == 0 ? "{}".getBytes(UTF_8) : reply.body());
    }

    /** Requests of the fleet until now. */
    synchronized long requests() {
        return requests;
    }

    @Override
    public Reply send(Call call) throws IOException {
        if (!isWithinLimit(call)) {
            return new Reply(
                    429, "{\"errors\":[\"rate limit quota exceeded\"]}".getBytes(UTF_8), Map.of("retry-after", "1"));
        }
        return network.send(call);
    }

    private synchronized boolean isWithinLimit(Call call) {
        requests++;
        if (standIn == null || !call.uri().getPath().endsWith("/login")) {
            return true;
        }
        long windows = (System.nanoTime() - windowBegan) / SECOND_NANOS;
        if (windows > 0) {
            windowBegan += windows * SECOND_NANOS;
            inWindow = 0;
        }
        return ++inWindow <= loginsPerSecond;
    }

    @Override
    public void close() {
        network.closeIdle();
        if (standIn != null) {
            standIn.close();
        }
    }
}
