package io.github.vaultlambda.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.RetryBudget;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.http.HttpTransport;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;

/**
 * A session with a Vault that only counts, small enough for a model checker: built anew for each interleaving. It asserts for
 * itself what holds in all of them: one login at a time, and of each token first its beginning and then its end, each once.
 */
final class Interleaved implements LoginMethod, SessionListener, HttpTransport, InstantSource {
    private static final VaultConfig CONFIG = VaultConfig.builder()
            .address(URI.create("https://vault.example.com"))
            .revokeOnClose(true)
            .maxRetries(0)
            .build();
    private static final int MOST_COUNTED_TOKENS = 4;
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    final List<String> told = new ArrayList<>();
    final Set<String> alive = new HashSet<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final VaultSession session;
    private final int uses;
    /** Made before any interleaving: to the model checker a thread that reads an answer byte by byte seems to wait for others. */
    private final Queue<VaultToken> countedTokens = new ArrayDeque<>();

    private volatile long offsetMillis;
    private volatile boolean down;
    private boolean loggingIn;
    private int logins;
    private int renewals;

    Interleaved(int uses) {
        this.uses = uses;
        this.session = VaultSession.builder(CONFIG, this)
                .platform(Platform.system()
                        .withClock(this)
                        .withTransport(this)
                        .withSleeper(time -> {})
                        .withRetryBudget(new RetryBudget()))
                .listener(this)
                .build();
        for (int number = 1; uses > 0 && number <= MOST_COUNTED_TOKENS; number++) {
            // A counted token comes out of an answer only.
            countedTokens.add(Objects.requireNonNull(VaultToken.issuedBy(session.endpoint()
                    .send(VaultRequest.get("counted/" + number), null, Deadline.after(this, Duration.ofMinutes(1))))));
        }
    }

    VaultSession session() {
        return session;
    }

    VaultToken ask() {
        return session.token(Deadline.after(this, Duration.ofMinutes(1)));
    }

    synchronized void later(Duration time) {
        offsetMillis += time.toMillis();
    }

    void goDown() {
        down = true;
    }

    synchronized int logins() {
        return logins;
    }

    synchronized int renewals() {
        return renewals;
    }

    synchronized void revoke(VaultToken token) {
        alive.remove(token.value().reveal());
    }

    // ------------------------------------------------------------------ Vault

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        int number;
        synchronized (this) {
            check(!loggingIn, "two logins in flight");
            loggingIn = true;
            number = ++logins;
        }
        Instant sentAt = instant();
        synchronized (this) {
            loggingIn = false;
            if (down) {
                throw new VaultUnavailableException(VaultFailure.of("down"));
            }
            alive.add("n0tf0rl0gs-" + number);
        }
        synchronized (this) {
            if (uses > 0) {
                return countedTokens.remove();
            }
        }
        return new VaultToken(
                SecretValue.of("n0tf0rl0gs-" + number), "token " + number, sentAt, Duration.ofSeconds(1000), true);
    }

    @Override
    public String describe() {
        return "test";
    }

    @Override
    public synchronized Reply send(Call call) {
        String path = call.uri().getPath();
        String token = call.headers().getOrDefault("X-Vault-Token", "");
        if (path.startsWith("/v1/counted/")) {
            String number = path.substring("/v1/counted/".length());
            return new Reply(200, auth(number, uses));
        }
        if (!alive.contains(token)) {
            return new Reply(403, new byte[0]);
        }
        if (path.endsWith("/renew-self")) {
            renewals++;
            return new Reply(200, auth(token.substring(token.indexOf('-') + 1), uses));
        }
        if (path.endsWith("/revoke-self")) {
            alive.remove(token);
            return new Reply(204, new byte[0]);
        }
        return new Reply(200, "{}".getBytes(UTF_8));
    }

    private static byte[] auth(String number, int uses) {
        return ("{\"auth\":{\"client_token\":\"n0tf0rl0gs-" + number + "\",\"accessor\":\"token " + number
                        + "\",\"lease_duration\":1000,\"renewable\":true,\"num_uses\":" + uses + "}}")
                .getBytes(UTF_8);
    }

    @Override
    public Instant instant() {
        return START.plusMillis(offsetMillis);
    }

    // ------------------------------------------------------------------ what is told

    @Override
    public synchronized void loggedIn(VaultToken token) {
        told.add(token.accessor() + " logged in");
    }

    @Override
    public synchronized void dropped(VaultToken token, Reason reason) {
        check(told.contains(token.accessor() + " logged in"), "dropped before it was logged in");
        told.add(token.accessor() + " dropped");
    }

    @Override
    public synchronized void failed(VaultException failure) {
        told.add("failed");
    }

    // ------------------------------------------------------------------ running

    /** Something a thread does; what it throws fails the test. */
    interface Step {
        void run();
    }

    /** Runs them all, each in a thread of its own, and then asserts what always holds. */
    void atOnce(Step... steps) {
        Thread[] threads = new Thread[steps.length];
        for (int i = 0; i < steps.length; i++) {
            Step step = steps[i];
            threads[i] = new Thread(() -> {
                try {
                    step.run();
                } catch (Throwable fault) {
                    fault(fault);
                }
            });
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        for (Throwable fault : faults) {
            throw new AssertionError(fault.toString(), fault);
        }
        check(
                new HashSet<>(told).size() + Math.max(0, Collections.frequency(told, "failed") - 1) == told.size(),
                "told twice");
        if (!down) {
            int begun = 0;
            for (String one : told) {
                begun += one.endsWith("logged in") ? 1 : 0;
            }
            check(begun == logins, "told of each login");
        }
    }

    private synchronized void fault(Throwable fault) {
        faults.add(fault);
    }

    void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + ": " + told);
        }
    }
}
