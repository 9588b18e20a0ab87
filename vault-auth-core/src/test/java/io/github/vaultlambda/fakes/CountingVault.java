package io.github.vaultlambda.fakes;

import io.github.vaultlambda.auth.SessionListener;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A Vault that keeps tokens by a time of its own, and counts; with the login to it, and a listener. Thread-safe. */
public final class CountingVault implements HttpTransport, LoginMethod, SessionListener {
    /** What Vault knows of a token. */
    private static final class Issued {
        long endMillis;
        long lastMillis;
        int usesLeft;
        boolean revoked;
    }

    /** What a test does while a request is under way. */
    public interface Meanwhile {
        void act();
    }

    private final int ttlSeconds;
    private final int maxTtlSeconds;
    private final int uses;
    private final Map<String, Issued> tokens = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private Meanwhile duringLogin = () -> {};
    private Meanwhile duringRenewal = () -> {};
    private long nowMillis;
    private boolean down;
    private int loginsInFlight;
    private int logins;
    private int renewals;
    private int refusals;

    /** Its tokens live so long, with renewals at most {@code maxTtlSeconds}; {@code uses} zero means any number. */
    public CountingVault(int ttlSeconds, int maxTtlSeconds, int uses) {
        this.ttlSeconds = ttlSeconds;
        this.maxTtlSeconds = maxTtlSeconds;
        this.uses = uses;
    }

    public void duringLogin(Meanwhile act) {
        duringLogin = act;
    }

    public void duringRenewal(Meanwhile act) {
        duringRenewal = act;
    }

    public synchronized void pass(Duration time) {
        nowMillis += time.toMillis();
    }

    public synchronized void down(boolean isDown) {
        down = isDown;
    }

    public synchronized void revoke(VaultToken token) {
        known(token).revoked = true;
    }

    public synchronized boolean isAlive(VaultToken token) {
        return isAlive(known(token));
    }

    public synchronized boolean isRevoked(VaultToken token) {
        return known(token).revoked;
    }

    private boolean isAlive(Issued issued) {
        return !issued.revoked && nowMillis < issued.endMillis && (uses == 0 || issued.usesLeft > 0);
    }

    private Issued known(VaultToken token) {
        return Objects.requireNonNull(tokens.get(token.value().reveal()));
    }

    /** Tokens that are alive now. */
    public synchronized int alive() {
        int alive = 0;
        for (Issued issued : tokens.values()) {
            alive += isAlive(issued) ? 1 : 0;
        }
        return alive;
    }

    public synchronized int logins() {
        return logins;
    }

    public synchronized int renewals() {
        return renewals;
    }

    /** Requests with a token that was not alive. */
    public synchronized int refusals() {
        return refusals;
    }

    /** What the listener was told, in order. */
    public synchronized List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public VaultToken login(VaultEndpoint vault, Deadline deadline) {
        return Objects.requireNonNull(VaultToken.issuedBy(
                vault.send(VaultRequest.post("auth/test/login", SecretValue.of(Map.of())), null, deadline)));
    }

    @Override
    public String describe() {
        return "test";
    }

    @Override
    public Reply send(Call call) throws IOException {
        String path = call.uri().getPath();
        if (path.endsWith("/login")) {
            begin();
            duringLogin.act();
            return logIn();
        }
        if (path.endsWith("/renew-self")) {
            duringRenewal.act();
        }
        return answer(path, Objects.requireNonNull(call.headers().get("X-Vault-Token")));
    }

    private synchronized void begin() throws IOException {
        if (down) {
            throw new ConnectException("down");
        }
        if (loginsInFlight++ > 0) {
            throw new AssertionError("two logins in flight");
        }
    }

    private synchronized Reply logIn() {
        loginsInFlight--;
        logins++;
        Issued issued = new Issued();
        issued.lastMillis = nowMillis + maxTtlSeconds * 1000L;
        issued.endMillis = nowMillis + ttlSeconds * 1000L;
        issued.usesLeft = uses;
        tokens.put("hvs.n0tf0rl0gs." + logins, issued);
        return auth("hvs.n0tf0rl0gs." + logins, ttlSeconds);
    }

    private synchronized Reply answer(String path, String token) throws IOException {
        if (down) {
            throw new ConnectException("down");
        }
        Issued issued = Objects.requireNonNull(tokens.get(token));
        if (!isAlive(issued)) {
            refusals++;
            return ScriptedTransport.reply(403, "{\"errors\":[\"permission denied\"]}");
        }
        issued.usesLeft--;
        if (path.endsWith("/renew-self")) {
            renewals++;
            int seconds = (int) Math.min(ttlSeconds, (issued.lastMillis - nowMillis) / 1000);
            issued.endMillis = nowMillis + seconds * 1000L;
            return auth(token, seconds);
        }
        if (path.endsWith("/revoke-self")) {
            issued.revoked = true;
            return ScriptedTransport.reply(204, "");
        }
        return ScriptedTransport.reply(200, "{}");
    }

    private Reply auth(String token, int seconds) {
        return ScriptedTransport.reply(
                200,
                "{\"auth\":{\"client_token\":\"" + token + "\",\"accessor\":\"" + token.substring(15)
                        + "\",\"lease_duration\":" + seconds + ",\"renewable\":true,\"num_uses\":" + uses + "}}");
    }

    @Override
    public synchronized void loggedIn(VaultToken token) {
        told.add("logged in " + token.accessor());
    }

    @Override
    public synchronized void dropped(VaultToken token, Reason reason) {
        if (!told.contains("logged in " + token.accessor())) {
            throw new AssertionError("dropped before it was logged in");
        }
        told.add("dropped " + token.accessor() + " " + reason);
    }
}
