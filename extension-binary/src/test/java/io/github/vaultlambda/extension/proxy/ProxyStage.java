package io.github.vaultlambda.extension.proxy;

import com.sun.net.httpserver.HttpHandler;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.RetryBudget;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultRequest;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.extension.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A proxy with a scripted Vault behind it, a clock that a test moves, and waits that take no time. */
final class ProxyStage implements AutoCloseable {
    private final FakeUpstream vault;
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final AtomicInteger logins = new AtomicInteger();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private volatile boolean loginsFail;
    private @Nullable VaultSession session;
    private @Nullable ProxyServer proxy;

    ProxyStage(HttpHandler behaviour) throws IOException {
        vault = new FakeUpstream(behaviour);
    }

    /** A Vault that answers each request with this status and a text that counts the requests. */
    static ProxyStage counting(int status) throws IOException {
        AtomicInteger number = new AtomicInteger();
        return new ProxyStage(exchange ->
                FakeUpstream.answer(exchange, status, status == 204 ? "" : "answer " + number.incrementAndGet()));
    }

    /** A Vault that answers each request with this JSON, in which {@code #} counts the requests. */
    static ProxyStage json(String text) throws IOException {
        AtomicInteger number = new AtomicInteger();
        return new ProxyStage(exchange ->
                FakeUpstream.answer(exchange, 200, text.replace("#", Integer.toString(number.incrementAndGet()))));
    }

    /** Opens the proxy as these variables say. */
    ProxyStage start(Map<String, String> variables) throws IOException {
        return start(variables, vault.address());
    }

    ProxyStage start(Map<String, String> variables, URI address) throws IOException {
        VaultConfig config = VaultConfig.builder().address(address).build();
        Platform platform = Platform.system()
                .withClock((InstantSource) () -> now)
                .withSleeper(time -> {})
                .withRetryBudget(new RetryBudget());
        session = VaultSession.of(config, new Login(), platform);
        proxy = Proxies.start(session, variables);
        return this;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** From now on Vault cannot be reached for a login. */
    void failLogins() {
        loginsFail = true;
    }

    VaultSession session() {
        return Objects.requireNonNull(session);
    }

    ProxyServer proxy() {
        return Objects.requireNonNull(proxy);
    }

    FakeUpstream vault() {
        return vault;
    }

    /** How many requests came to Vault. */
    int asked() {
        return vault.seen().size();
    }

    int logins() {
        return logins.get();
    }

    int port() {
        return proxy().port();
    }

    /** The whole answer to a GET. */
    String get(String target, String... headers) throws IOException {
        String[] all = new String[headers.length + 1];
        all[0] = "Host: localhost:8200";
        System.arraycopy(headers, 0, all, 1, headers.length);
        return RawHttp.get(port(), target, all);
    }

    /** The content of the answer to a GET. */
    String read(String target, String... headers) throws IOException {
        return content(get(target, headers));
    }

    String send(String method, String target, String body, String... headers) throws IOException {
        StringBuilder request =
                new StringBuilder(method + " " + target + " HTTP/1.1\nHost: localhost\nConnection: close\n");
        for (String header : headers) {
            request.append(header).append('\n');
        }
        return RawHttp.exchange(port(), request + "Content-Length: " + body.length() + "\n\n" + body);
    }

    static String content(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    /** As {@link #get}, in a thread of its own. */
    CompletableFuture<String> getLater(String target, String... headers) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return get(target, headers);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                clients);
    }

    List<CompletableFuture<String>> getLater(int times, String target, String... headers) {
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.add(getLater(target, headers));
        }
        return all;
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.stop(Duration.ZERO);
        }
        vault.close();
        clients.shutdownNow();
    }

    private final class Login implements LoginMethod {
        @Override
        public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
            if (loginsFail) {
                VaultConfig nowhere = VaultConfig.builder()
                        .address(URI.create("http://127.0.0.1:1"))
                        .maxRetries(0)
                        .build();
                new VaultEndpoint(nowhere, session().platform()).send(VaultRequest.get("a"), null, deadline);
            }
            String token = "token-" + logins.incrementAndGet();
            return new VaultToken(SecretValue.of(token), token, now, Duration.ofHours(1), true);
        }

        @Override
        public String describe() {
            return "test";
        }
    }
}
