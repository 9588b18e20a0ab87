package io.github.vaultlambda.extension.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.extension.log.OneLine;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The proxy's socket and threads: listens on the loopback address only and hands each request to a {@link ProxyHandler}.
 * Thread-safe.
 */
public final class ProxyServer {
    static {
        // Read by the JDK when the first server is made. Without the first one, answers wait for the peer's ACK.
        setUnlessSet("sun.net.httpserver.nodelay", "true");
        // The function's client decides when an idle connection ends: when both sides do, a request may meet a closing
        // one.
        setUnlessSet("sun.net.httpserver.idleInterval", "3600");
    }

    private final HttpServer server;
    private final Forwarder forwarder;
    private final ProxyHandler handler;
    private final ExecutorService workers = Workers.pool();
    private final InFlight inFlight = new InFlight();
    private final AtomicBoolean stopped = new AtomicBoolean();

    private ProxyServer(HttpServer server, VaultSession session) {
        this.server = server;
        this.forwarder = new Forwarder(session);
        this.handler = new ProxyHandler(forwarder);
    }

    /**
     * Opens the proxy.
     *
     * @throws IOException when the port is taken, with what to do in the message
     */
    public static ProxyServer start(ProxySettings settings, VaultSession session) throws IOException {
        int port = settings.port();
        byte[] loopback = {127, 0, 0, 1};
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(loopback), port), 0);
        } catch (BindException e) {
            throw new IOException(
                    "The proxy cannot listen on 127.0.0.1:" + port + ": " + OneLine.of(e)
                            + ". Hint: is there another Vault extension or agent? VAULT_EXTENSION_PROXY_PORT sets"
                            + " another port",
                    e);
        }
        ProxyServer proxy = new ProxyServer(server, session);
        server.setExecutor(proxy.workers);
        server.createContext("/", proxy::handle);
        server.start();
        return proxy;
    }

    /** Where it listens, for messages. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** The port it listens on. */
    int port() {
        return server.getAddress().getPort();
    }

    /** Closes the proxy, after requests under way have had at most this time to end. The second call has no effect. */
    public void stop(Duration most) {
        if (stopped.compareAndSet(false, true)) {
            inFlight.awaitNone(most);
            server.stop(0);
            forwarder.stop();
            workers.shutdownNow();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        inFlight.enter();
        try {
            handler.handle(exchange);
        } finally {
            inFlight.leave();
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
