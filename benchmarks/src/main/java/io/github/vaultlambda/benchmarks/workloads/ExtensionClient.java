package io.github.vaultlambda.benchmarks.workloads;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.config.EnvironmentSettings;
import io.github.vaultlambda.extension.proxy.ProxyServer;
import io.github.vaultlambda.extension.proxy.ProxySettings;
import io.github.vaultlambda.http.HttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * A function that asks our extension's proxy at each use, over its socket: proxy, cache and token are the product's own, on the clock
 * that is set. Its cache is on; the extension logs in when it starts.
 */
final class ExtensionClient implements Client {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpTransport network;
    private final ProxyServer proxy;

    ExtensionClient(VaultSession session, HttpTransport network, Duration cacheTtl) {
        this.network = network;
        session.token(session.client().newDeadline());
        EnvironmentSettings settings = EnvironmentSettings.of(
                Map.of("VAULT_DEFAULT_CACHE_TTL", cacheTtl.toSeconds() + "s", "VAULT_DEFAULT_CACHE_ENABLED", "true"));
        try {
            proxy = ProxyServer.start(ProxySettings.read(settings).withPort(0), session);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public SecretValue use(String path) {
        URI uri = URI.create("http://127.0.0.1:" + proxy.port() + "/v1/" + path);
        try {
            HttpTransport.Reply reply = network.send(new HttpTransport.Call("GET", uri, Map.of(), null, TIMEOUT));
            if (reply.status() != 200) {
                throw new IllegalStateException("the proxy answered " + reply.status() + " for " + path);
            }
            return Client.fields(SecretValue.parse(reply.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        proxy.stop(Duration.ZERO);
    }
}
