package io.github.vaultlambda.contract;

import io.github.vaultlambda.auth.SessionListener;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.RetryBudget;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.ProxyOptions;
import io.github.vaultlambda.http.SocketTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A {@link VaultSession} as the library makes it, with a watched transport, a clock that can be put forward and no real waits. */
final class ContractSession {
    private final WatchedTransport transport;
    private final List<Duration> waits = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final VaultSession session;
    private volatile Duration ahead = Duration.ZERO;

    ContractSession(VaultConfig config, Function<Platform, LoginMethod> login) {
        this.transport = new WatchedTransport(new SocketTransport(config.tls(), ProxyOptions.none()));
        Platform platform = Platform.system()
                .withClock(() -> Instant.now().plus(ahead))
                .withSleeper(waits::add)
                .withTransport(transport)
                .withRetryBudget(new RetryBudget());
        this.session = VaultSession.builder(config, login.apply(platform))
                .platform(platform)
                .listener(new Diary())
                .build();
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

    /** The session itself, for what is built on it. */
    VaultSession vaultSession() {
        return session;
    }

    /** Drops the token. */
    void invalidate() {
        session.invalidate();
    }

    /** Ends the session. */
    void close() {
        session.close();
    }

    /** What became of the tokens: {@code logged in}, {@code renewed}, {@code failed} or the reason why one was dropped. */
    List<String> events() {
        return events;
    }

    /** From now on it is this much later. */
    void putClockForward(Duration time) {
        ahead = ahead.plus(time);
    }

    int logins() {
        return transport.logins();
    }

    int renewals() {
        return transport.count("/auth/token/renew-self");
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

    private final class Diary implements SessionListener {
        @Override
        public void loggedIn(VaultToken token) {
            events.add("logged in");
        }

        @Override
        public void renewed(VaultToken token) {
            events.add("renewed");
        }

        @Override
        public void dropped(VaultToken token, Reason reason) {
            events.add(reason.name());
        }

        @Override
        public void failed(VaultException failure) {
            events.add("failed");
        }
    }
}
