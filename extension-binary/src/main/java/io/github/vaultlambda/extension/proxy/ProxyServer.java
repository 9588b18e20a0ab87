package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The proxy: listens for the function beside it, on the loopback address unless the settings say otherwise and on a Unix socket if
 * they do, and answers with what Vault says to the session's token. Thread-safe.
 */
public final class ProxyServer {
    private static final Log LOG = Log.of(ProxyServer.class);

    private final Connections connections;
    private final ClientWatch watch;
    private final ProxyCounters counters = new ProxyCounters();
    private final SharedReads reads;
    private final ProxyHandler handler;
    private final List<Listener> listeners = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();

    private ProxyServer(ProxySettings settings, VaultSession session) {
        InstantSource clock = session.platform().clock();
        this.connections = new Connections(settings.maxConnections());
        this.watch = new ClientWatch(connections);
        AnswerCache cache = settings.cacheTtl().isZero() ? null : new AnswerCache(settings, new HeldToken(session));
        Forwarder forwarder =
                new Forwarder(session, settings.timeout(session.config().requestTimeout()), counters);
        this.reads = new SharedReads(forwarder, cache, clock, counters);
        this.handler = new ProxyHandler(
                forwarder,
                reads,
                cache,
                settings.refreshesAhead() ? new RefreshAhead(forwarder, reads) : null,
                new Health(session, cache, counters),
                clock,
                counters);
    }

    /**
     * Opens the proxy.
     *
     * @throws IOException when it cannot listen there, with what to do in the message
     */
    public static ProxyServer start(ProxySettings settings, VaultSession session) throws IOException {
        ProxyServer proxy = new ProxyServer(settings, session);
        try {
            if (settings.port() >= 0) {
                KnownRequests requests = new KnownRequests(true, settings, session.config());
                proxy.listeners.add(Listener.tcp(settings.address(), settings.port(), proxy.new Reception(requests)));
            }
            String socket = settings.socket();
            if (socket != null) {
                KnownRequests requests = new KnownRequests(false, settings, session.config());
                proxy.listeners.add(Listener.unix(socket, proxy.new Reception(requests)));
            }
        } catch (IOException e) {
            proxy.stop(Duration.ZERO);
            throw e;
        }
        if (!settings.isLoopback()) {
            LOG.warn(
                    "{} is {}: whoever can reach that address reads secrets through this proxy",
                    ProxySettings.ADDRESS,
                    settings.address());
        }
        for (Listener listener : proxy.listeners) {
            listener.start();
        }
        return proxy;
    }

    /** Where it listens, for messages. */
    public String address() {
        StringBuilder text = new StringBuilder();
        for (Listener listener : listeners) {
            text.append(text.length() == 0 ? "" : " and ").append(listener.address());
        }
        return text.toString();
    }

    /** The TCP port it listens on, or -1. */
    public int port() {
        return listeners.isEmpty() ? -1 : listeners.get(0).port();
    }

    /** What it has done. */
    public ProxyCounters counters() {
        return counters;
    }

    /** Keeps no answer from before: no secret outlives a snapshot of the process. */
    public void forget() {
        reads.distrust();
    }

    /** Closes the proxy, after requests under way have had at most this time to end. The second call has no effect. */
    public void stop(Duration most) {
        if (stopped.compareAndSet(false, true)) {
            for (Listener listener : listeners) {
                listener.close();
            }
            connections.stop(most);
            reads.distrust();
        }
    }

    /** Looks after the connections now; for tests, which do not wait for the watch. */
    boolean tick() {
        return connections.tick();
    }

    /** How many requests wait for Vault or for each other. */
    int waiting() {
        return connections.waiting();
    }

    /** Hands connections to threads. Classes and not lambdas here: the first lambda of a process costs a cold start some 8 ms. */
    private final class Reception implements Listener.Receiver {
        private final KnownRequests requests;

        Reception(KnownRequests requests) {
            this.requests = requests;
        }

        @Override
        public boolean receive(SocketChannel channel) throws InterruptedException {
            return connections.add(
                    new ClientConnection(new ClientChannel(channel), requests, handler, connections, watch));
        }
    }

    /** The session's token of the moment. */
    private static final class HeldToken implements Supplier<@Nullable VaultToken> {
        private final VaultSession session;

        HeldToken(VaultSession session) {
            this.session = session;
        }

        @Override
        public @Nullable VaultToken get() {
            return session.heldToken();
        }
    }
}
