package io.github.vaultlambda.testkit.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Listens on 127.0.0.1 and serves every connection on a daemon thread of its own. Thread-safe. */
public final class ConnectionServer implements AutoCloseable {
    /** Serves connections; called by many threads at once. */
    @FunctionalInterface
    public interface Service {
        /** Serves a connection until its end, and need not close it; connections are numbered from 1. */
        void serve(Socket socket, int number) throws IOException;
    }

    private final ServerSocket listener;
    private final Service service;
    private final ExecutorService threads;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean closed;

    private ConnectionServer(String name, ServerSocket listener, Service service) {
        this.listener = listener;
        this.service = service;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts to listen; port 0 takes a free one. */
    public static ConnectionServer start(String name, int port, Service service) {
        ServerSocket listener = null;
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 4096);
            ConnectionServer server = new ConnectionServer(name, listener, service);
            server.threads.execute(server::accept);
            return server;
        } catch (IOException e) {
            closeQuietly(listener);
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port, e);
        }
    }

    /** The port. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections were accepted. */
    public int connections() {
        return connections.get();
    }

    /** Runs a task on a thread of this server, which {@link #close()} interrupts. */
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** Closes the connections of this moment; new ones are served. */
    public void closeConnections() {
        open.forEach(ConnectionServer::closeQuietly);
    }

    @Override
    public void close() {
        closed = true;
        closeQuietly(listener);
        closeConnections();
        threads.shutdownNow();
    }

    private void accept() {
        while (!closed) {
            Socket socket = null;
            try {
                socket = listener.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                int number = connections.incrementAndGet();
                Socket accepted = socket;
                threads.execute(() -> serve(accepted, number));
            } catch (IOException | RejectedExecutionException e) {
                // Closing ends the loop; any other failure concerns one connection only.
                closeQuietly(socket);
            }
        }
        closeConnections();
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            service.serve(socket, number);
        } catch (IOException e) {
            // The peer went away, refused us or broke the protocol; there is nobody to tell.
        } finally {
            open.remove(socket);
        }
    }

    private static void closeQuietly(@Nullable AutoCloseable socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (Exception e) {
            // It is closed as far as we can.
        }
    }
}
