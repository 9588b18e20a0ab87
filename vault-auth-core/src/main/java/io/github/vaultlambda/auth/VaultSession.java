package io.github.vaultlambda.auth;

import io.github.vaultlambda.auth.SessionListener.Reason;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.TokenSource;
import io.github.vaultlambda.client.VaultClient;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.client.internal.SingleFlight;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.log.Log;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A login to Vault that is made when it is first needed and again whenever its token has come to its end.
 *
 * <p>The token is judged when it is asked for, by wall clock, so that time in which Lambda froze the process counts; no timer and
 * no thread runs. However many threads ask, one login is made. A renewable token of which less than a fifth of its life is left
 * is renewed by one of the threads that ask, while the others go on with it. When its end is near or its renewals have come to
 * their end (max TTL), a new login is made; if Vault cannot be reached then, the old token serves as long as it lives.
 * Thread-safe.
 */
public final class VaultSession implements TokenSource, AutoCloseable {
    private static final Log LOG = Log.of(VaultSession.class);
    /** What is under way, in messages too. */
    private static final String LOGIN = "auth/login";

    /** Between two tries to renew. */
    private static final long RENEWAL_FLOOR_MILLIS = 5_000;
    /** A renewal is never needed at once, so the caller does not wait long for it. */
    private static final Duration RENEWAL_TIMEOUT = Duration.ofSeconds(2);

    /** While the token in hand lives, nobody waits long for the next one, */
    private static final Duration LOGIN_AHEAD_TIMEOUT = Duration.ofSeconds(3);
    /** nor tries again at once when it could not be had. */
    private static final long LOGIN_FLOOR_MILLIS = 5_000;

    private static final Duration REVOCATION_TIMEOUT = Duration.ofSeconds(1);

    private final VaultEndpoint endpoint;
    private final VaultClient client;
    private final LoginMethod login;
    private final VaultConfig config;
    private final Platform platform;
    private final InstantSource clock;
    private final long graceMillis;
    private final SessionEvents events;
    private final SingleFlight<String, VaultToken> flights = new SingleFlight<>();
    private final AtomicReference<@Nullable VaultToken> current = new AtomicReference<>();
    private final RejectedTokens rejected = new RejectedTokens();
    private final AtomicLong noRenewalBefore = new AtomicLong(Long.MIN_VALUE);
    /** When a login failed although the token in hand still lived; far in the past when none has. */
    private volatile long loginFailedAt = Long.MIN_VALUE / 2;

    private volatile boolean closed;

    private VaultSession(Builder builder) {
        this.config = builder.config;
        this.login = builder.login;
        this.platform = builder.platform;
        this.events = new SessionEvents(builder.listeners);
        this.endpoint = new VaultEndpoint(config, platform);
        this.clock = platform.clock();
        this.graceMillis = config.tokenGrace().toMillis();
        this.client = new VaultClient(endpoint, this, config.requestTimeout());
    }

    /**
     * A session configured by environment variables. Does not touch the network.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException with every fault in one message
     */
    public static VaultSession fromEnvironment(Map<String, String> environment) {
        return fromEnvironment(EnvironmentSettings.of(environment));
    }

    /**
     * As {@link #fromEnvironment(Map)}, with settings of which others have read their own part before: their faults are reported
     * along with those of the session.
     *
     * @throws io.github.vaultlambda.config.VaultConfigException with every fault in one message
     */
    public static VaultSession fromEnvironment(EnvironmentSettings settings) {
        LoginMethods.prepare(settings);
        Platform platform = Platform.forEnvironment(settings);
        VaultConfig config = VaultConfig.read(settings);
        config.prepareConnection();
        LoginMethod login = LoginMethods.read(settings, platform);
        settings.rejectFaults();
        return of(config, login, platform);
    }

    /** A session with any login method. */
    public static VaultSession of(VaultConfig config, LoginMethod login, Platform platform) {
        return builder(config, login).platform(platform).build();
    }

    /** Builds a session that has more to it than {@link #of}. */
    public static Builder builder(VaultConfig config, LoginMethod login) {
        return new Builder(config, login);
    }

    /** Adds a listener, which is told after those that are there already. */
    public void addListener(SessionListener listener) {
        events.add(Objects.requireNonNull(listener, "listener"));
    }

    /** The client whose requests carry this session's token; always the same one. */
    public VaultClient client() {
        return client;
    }

    /** What this session was made with. */
    public VaultConfig config() {
        return config;
    }

    /** Where this session's requests go. */
    public VaultEndpoint endpoint() {
        return endpoint;
    }

    /** What this session takes from its surroundings. */
    public Platform platform() {
        return platform;
    }

    /**
     * A token that is alive now; logs in when there is none. Takes one use of a token that Vault counts.
     *
     * @throws IllegalStateException when the session is closed
     */
    @Override
    public VaultToken token(Deadline deadline) {
        if (closed) {
            throw closed(); // though the token of a late login may be in hand for a moment
        }
        long now = clock.millis();
        VaultToken token = current.get();
        if (token != null && token.isUsableAt(now, graceMillis)) {
            if (token.isDueForRenewalAt(now)) {
                renew(token, deadline);
                token = held(graceMillis); // it may have been dropped or come to its end meanwhile
            }
            if (token != null && token.takeUse()) {
                return token;
            }
        } else if (token != null && token.isRenewedInGrace(graceMillis) && token.isUsableAt(now, 0)) {
            renew(token, deadline);
            token = held(0);
            // While another thread renews it, or none could just now, it serves; not when Vault will not renew it any
            // more.
            boolean serves = token != null && (token.renewable() || token.isUsableAt(clock.millis(), graceMillis));
            if (token != null && serves && token.takeUse()) {
                return token;
            }
        }
        return newToken(deadline);
    }

    /** The token in hand when it is alive now, or null: asks nobody, and takes no use of it. */
    public @Nullable VaultToken heldToken() {
        return held(0);
    }

    private VaultToken newToken(Deadline deadline) {
        while (true) {
            if (held(0) == null && !flights.isUnderWay(LOGIN)) {
                endpoint.awaitLogin(deadline); // here and not in the flight: each as long as its own time allows
            }
            if (closed) {
                throw closed();
            }
            LogIn mine = new LogIn(deadline);
            VaultToken token = flights.run(LOGIN, deadline, mine);
            if (!mine.ran && !isStillHeld(token)) {
                continue; // waited for a login whose token was dropped before this call, or while it waited
            }
            if (token.takeUse()) {
                return token;
            }
            drop(token, Reason.USED_UP); // by the threads that waited for the same login
        }
    }

    /** The token in hand, when at this moment more than the grace is left of it. */
    private @Nullable VaultToken held(long grace) {
        VaultToken held = current.get();
        return held != null && held.isUsableAt(clock.millis(), grace) ? held : null;
    }

    private boolean isStillHeld(VaultToken token) {
        VaultToken held = held(0);
        return held != null && held.isSameAs(token);
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("this session is closed");
    }

    @Override
    public void reject(VaultToken token) {
        VaultToken held = current.get();
        while (held != null && held.isSameAs(token)) {
            if (drop(held, Reason.REJECTED)) {
                if (isToBeRevoked(held)) {
                    rejected.add(held);
                }
                return;
            }
            held = current.get(); // renewed at this moment, perhaps
        }
    }

    private boolean isToBeRevoked(VaultToken token) {
        return config.revokeOnClose() && login.issuesTokens() && token.accessor() != null;
    }

    /** Drops the token, so that the next request logs in anew. The token itself is not revoked. */
    public void invalidate() {
        VaultToken held = current.get();
        while (held != null && !drop(held, Reason.INVALIDATED)) {
            held = current.get(); // renewed at this moment, perhaps
        }
    }

    /**
     * Loads what the first login and the first connection need of the Java runtime, without network and without anything secret: to
     * be called before a snapshot of the process is taken. Takes some tenths of a second.
     */
    public void loadAhead() {
        Log.writeAtOnce();
        login.loadAhead();
        if ("https".equalsIgnoreCase(config.address().getScheme())) {
            config.tls().greetNobody();
        }
    }

    /**
     * Forgets everything that must not outlive a snapshot of the process: the token, credentials that the login method keeps,
     * connections. The session is as good as new afterwards.
     */
    public void forget() {
        invalidate();
        events.forget();
        rejected.takeAll();
        client.refusedPaths().forget();
        login.forget();
        endpoint.forget();
        platform.transport().closeIdle();
    }

    /**
     * Ends the session: the token is dropped and, where {@link VaultConfig#revokeOnClose()} asks for it, revoked in Vault, which
     * ends its leases as well; best effort, within a second. So is the token of a login that is under way, when it comes, by the
     * thread that logs in. Closing twice does nothing.
     */
    @Override
    public void close() {
        close(endpoint.deadlineIn(REVOCATION_TIMEOUT));
    }

    /** As {@link #close()}, with another limit to the time in which the token may be revoked. */
    public void close(Deadline deadline) {
        closed = true;
        end(deadline);
        for (VaultToken token : rejected.takeAll()) {
            if (token.isUsableAt(clock.millis(), 0) && !deadline.isOver()) {
                revoke(token, true, deadline);
            }
        }
        endpoint.closeConnections();
    }

    /** Drops and revokes the token of a closed session: once, whichever thread comes first. */
    private void end(Deadline deadline) {
        VaultToken held = current.getAndSet(null);
        if (held == null) {
            return;
        }
        events.dropped(held, Reason.CLOSED);
        if (isToBeRevoked(held)) {
            revoke(held, false, deadline);
        }
    }

    private void revoke(VaultToken token, boolean mayBeGone, Deadline deadline) {
        try {
            endpoint.sendOnce(
                    VaultRequest.repeatablePut("auth/token/revoke-self", SecretValue.of(Map.of())), token, deadline);
            LOG.info("The {} is revoked", nameOf(token));
        } catch (VaultException e) {
            if (mayBeGone && e instanceof VaultPermissionException) {
                LOG.debug("The {} is gone already", nameOf(token));
            } else {
                LOG.warn("The {} could not be revoked: {}", nameOf(token), e.getMessage());
            }
        }
    }

    /** Whether it was still in hand. */
    private boolean drop(VaultToken token, Reason reason) {
        if (!current.compareAndSet(token, null)) {
            return false;
        }
        LOG.info("The {} is dropped ({}); the next request logs in", nameOf(token), reason);
        events.dropped(token, reason);
        return true;
    }

    /** How a log names a token. A batch token has no accessor, nor has one that may not look itself up. */
    private static String nameOf(VaultToken token) {
        return token.accessor() == null ? "token without accessor" : "token with accessor " + token.accessor();
    }

    private static String lifeOf(VaultToken token) {
        if (token.expiresAt() != null) {
            return "for " + token.ttl().toSeconds() + " s";
        }
        return token.accessor() == null ? "of unknown life" : "without an end"; // unknown: it may not look itself up
    }

    /** Renews the token in hand, unless another thread is at it or has just been. */
    private void renew(VaultToken token, Deadline deadline) {
        long now = clock.millis();
        long notBefore = noRenewalBefore.get();
        if (now < notBefore && notBefore - now <= RENEWAL_FLOOR_MILLIS) {
            return; // the second condition: unless the clock was set back
        }
        if (!noRenewalBefore.compareAndSet(notBefore, now + RENEWAL_FLOOR_MILLIS) || current.get() != token) {
            return;
        }
        if (!token.takeUse()) {
            return; // Vault counts this request as well
        }
        VaultToken next;
        try {
            next = token.renewedBy(endpoint.sendOnce(
                    VaultRequest.repeatablePut(
                            "auth/token/renew-self",
                            SecretValue.of(Map.of(
                                    "increment", SecretValue.of(token.ttl().toSeconds())))),
                    token,
                    deadline.within(RENEWAL_TIMEOUT)));
        } catch (VaultException e) {
            LOG.warn("The {} could not be renewed: {}", nameOf(token), e.getMessage());
            events.failed(e);
            if (!(e instanceof VaultUnavailableException)) {
                current.compareAndSet(token, token.notRenewable()); // what Vault refuses once it refuses again
            }
            return;
        }
        if (next.isDueForRenewalAt(now) || next.ttl().compareTo(token.ttl().dividedBy(2)) < 0) {
            next = next.notRenewable(); // max TTL: what is left is served, then a new login made
        }
        LOG.info("The {} is renewed {}", nameOf(next), lifeOf(next));
        if (current.compareAndSet(token, next)) { // unless it was dropped meanwhile
            events.renewed(next);
        }
    }

    /** One login. A class and not a lambda: the first lambda of a process costs a cold start some 8 ms. */
    private final class LogIn implements Supplier<VaultToken> {
        private final Deadline deadline;
        /** Whether this thread did it, rather than wait for another. */
        private boolean ran;

        LogIn(Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public VaultToken get() {
            ran = true;
            VaultToken held = held(graceMillis);
            if (held != null) {
                return held; // another thread was quicker
            }
            VaultToken living = held(0);
            long now = clock.millis();
            boolean justFailed = now >= loginFailedAt && now - loginFailedAt < LOGIN_FLOOR_MILLIS; // nor set back
            if (living != null && (justFailed || endpoint.isLoginPaused())) {
                return living;
            }
            VaultToken token;
            long start = System.nanoTime();
            endpoint.connectAhead(); // while the login is being signed
            Log.prepare();
            try {
                token = login.login(endpoint, living == null ? deadline : deadline.within(LOGIN_AHEAD_TIMEOUT));
            } catch (VaultUnavailableException e) {
                events.failed(e);
                held = held(0);
                if (held != null) {
                    loginFailedAt = clock.millis();
                    LOG.warn("No new login, so the token in hand serves until its end: {}", e.getMessage());
                    return held;
                }
                throw e;
            } catch (VaultException e) {
                events.failed(e);
                throw e;
            }
            SessionEvents.Announcement announced = events.announce(token);
            VaultToken before = current.getAndSet(token);
            LOG.info(
                    "Logged in to Vault at {} as {}: {} {}, {} ms",
                    endpoint.address(),
                    login.describe(),
                    nameOf(token),
                    lifeOf(token),
                    (System.nanoTime() - start) / 1_000_000);
            if (before != null) {
                events.dropped(before, Reason.EXPIRED);
            }
            announced.loggedIn();
            if (closed) {
                end(endpoint.deadlineIn(REVOCATION_TIMEOUT));
                throw closed();
            }
            return token;
        }
    }

    /** Builds a {@link VaultSession}. Not thread-safe. */
    public static final class Builder {
        private final VaultConfig config;
        private final LoginMethod login;
        private final List<SessionListener> listeners = new ArrayList<>();
        private Platform platform = Platform.system();

        private Builder(VaultConfig config, LoginMethod login) {
            this.config = Objects.requireNonNull(config, "config");
            this.login = Objects.requireNonNull(login, "login");
        }

        /** Where time, randomness and network come from; default {@link Platform#system()}. */
        public Builder platform(Platform value) {
            this.platform = Objects.requireNonNull(value, "platform");
            return this;
        }

        /** Adds a listener; they are told in the order in which they were added. */
        public Builder listener(SessionListener value) {
            listeners.add(Objects.requireNonNull(value, "listener"));
            return this;
        }

        /** The session. Does not touch the network. */
        public VaultSession build() {
            return new VaultSession(this);
        }
    }
}
