package io.github.vaultlambda.contract;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.RetryBudget;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link VaultSession} as the library makes it, with a watched transport, a clock that can be put forward and no real waits. */
final class ContractSession {
    private final WatchedTransport transport =
            new WatchedTransport(Platform.system().transport());
    private final List<Duration> waits = new CopyOnWriteArrayList<>();
    private final VaultSession session;
    private volatile Duration ahead = Duration.ZERO;

    ContractSession(VaultConfig config, Function<Platform, LoginMethod> login) {
        Platform platform = Platform.system()
                .withClock(() -> Instant.now().plus(ahead))
                .withSleeper(waits::add)
                .withTransport(transport)
                .withRetryBudget(new RetryBudget());
        this.session = VaultSession.of(config, login.apply(platform), platform);
    }

    VaultResponse read(String path) {
        return session.client().read(path);
    }

    /** A field of a KV v2 secret. */
    @Nullable
    String versionedField(String path, String field) {
        SecretValue data = read(path).data();
        SecretValue fields = data == null ? null : data.field("data");
        return fields == null ? null : fields.text(field);
    }

    /** A field of a KV v1 secret. */
    @Nullable
    String unversionedField(String path, String field) {
        SecretValue fields = read(path).data();
        return fields == null ? null : fields.text(field);
    }

    /** The token that a request would carry now; logs in when there is none. */
    VaultToken token() {
        return session.token(session.client().newDeadline());
    }

    /** From now on it is this much later. */
    void putClockForward(Duration time) {
        ahead = ahead.plus(time);
    }

    int logins() {
        return transport.count("/login");
    }

    int assumedRoles() {
        return transport.assumedRoles();
    }

    /** How often this path was asked for. */
    int requests(String path) {
        return transport.count("/v1/" + path);
    }

    /** The waits between tries, none of which was really waited. */
    List<Duration> waits() {
        return waits;
    }

    /** The body of the last login, as it went out. */
    String lastLoginBody() {
        return transport.lastLoginBody();
    }
}
