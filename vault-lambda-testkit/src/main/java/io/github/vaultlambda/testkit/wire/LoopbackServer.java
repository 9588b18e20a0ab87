package io.github.vaultlambda.testkit.wire;

import io.github.vaultlambda.testkit.tls.ServerHandshake;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 server on 127.0.0.1, with or without TLS, one daemon thread per connection, so a handler may block (long polls).
 *
 * <p>The JDK's own server is not used because it refuses the request target {@code //}, which Vault sends to STS, and
 * hides how headers were written, which a signature check needs.
 */
public final class LoopbackServer implements AutoCloseable {
    /** Answers requests; called by many threads at once. */
    @FunctionalInterface
    public interface Handler {
        /** The answer to {@code request}; an exception becomes status 500. */
        HttpAnswer handle(HttpRequest request) throws Exception;
    }

    private final ServerSocket listener;
    private final @Nullable ServerHandshake tls;
    private final Handler handler;
    private final ExecutorService threads;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean closed;

    private LoopbackServer(String name, ServerSocket listener, @Nullable ServerHandshake tls, Handler handler) {
        this.listener = listener;
        this.tls = tls;
        this.handler = handler;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts to listen over plain HTTP; port 0 takes a free one. */
    public static LoopbackServer start(String name, int port, Handler handler) {
        return start(name, port, null, handler);
    }

    /** Starts to listen; port 0 takes a free one, and without {@code tls} it is plain HTTP. */
    public static LoopbackServer start(String name, int port, @Nullable ServerHandshake tls, Handler handler) {
        ServerSocket listener = null;
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 4096);
            LoopbackServer server = new LoopbackServer(name, listener, tls, handler);
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

    /** {@code http://127.0.0.1:port}, or {@code https}. */
    public URI uri() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + port());
    }

    /** How many connections were accepted, those included whose handshake failed. */
    public int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        closed = true;
        closeQuietly(listener);
        open.forEach(LoopbackServer::closeQuietly);
        threads.shutdownNow();
    }

    private void accept() {
        while (!closed) {
            Socket socket = null;
            try {
                socket = listener.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                connections.incrementAndGet();
                Socket accepted = socket;
                threads.execute(() -> serve(accepted));
            } catch (IOException | RejectedExecutionException e) {
                // Closing ends the loop; any other failure concerns one connection only.
                closeQuietly(socket);
            }
        }
        open.forEach(LoopbackServer::closeQuietly);
    }

    private void serve(Socket socket) {
        try (socket;
                Socket session = tls == null ? socket : tls.over(socket)) {
            List<X509Certificate> peer = ServerHandshake.peer(session);
            InputStream in = new BufferedInputStream(session.getInputStream());
            OutputStream out = session.getOutputStream();
            boolean more = true;
            while (more && !closed) {
                more = exchange(in, out, peer);
            }
        } catch (IOException e) {
            // The peer went away, refused us or sent no HTTP; there is nobody to tell.
        } finally {
            open.remove(socket);
        }
    }

    private boolean exchange(InputStream in, OutputStream out, List<X509Certificate> peer) throws IOException {
        String requestLine = HttpWire.line(in);
        if (requestLine == null) {
            return false;
        }
        int firstSpace = requestLine.indexOf(' ');
        int lastSpace = requestLine.lastIndexOf(' ');
        if (firstSpace <= 0 || lastSpace <= firstSpace || !requestLine.startsWith("HTTP/1.", lastSpace + 1)) {
            write(out, HttpAnswer.of(400, "text/plain", "400 Bad Request"), false, false);
            return false;
        }
        HeaderList headers = HttpWire.headers(in);
        if ("100-continue".equalsIgnoreCase(headers.first("Expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        byte[] body = HttpWire.body(in, headers);
        String method = requestLine.substring(0, firstSpace);
        String target = requestLine.substring(firstSpace + 1, lastSpace);
        int question = target.indexOf('?');
        HttpRequest request = new HttpRequest(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                headers,
                body,
                peer);
        HttpAnswer answer;
        try {
            answer = handler.handle(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            // Only the type: a message could carry what the request carried.
            answer = HttpAnswer.of(
                    500, "text/plain", "testkit failure: " + e.getClass().getName());
        }
        if (answer.status() == 0) {
            return false;
        }
        boolean keep = !"close".equalsIgnoreCase(headers.first("Connection")) && requestLine.endsWith("1.1");
        write(out, answer, "HEAD".equals(method), keep);
        return keep;
    }

    private static void write(OutputStream out, HttpAnswer answer, boolean head, boolean keep) throws IOException {
        StringBuilder text = new StringBuilder(256);
        text.append("HTTP/1.1 ").append(answer.status()).append(' ').append(reason(answer.status()));
        for (HeaderList.Line header : answer.headers().lines()) {
            text.append("\r\n").append(header.name()).append(": ").append(header.value());
        }
        boolean bodyless = answer.status() == 204 || answer.status() == 304;
        if (!bodyless) {
            text.append("\r\nContent-Length: ").append(answer.body().length);
        }
        if (!keep) {
            text.append("\r\nConnection: close");
        }
        text.append("\r\n\r\n");
        byte[] start = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] body = head || bodyless ? new byte[0] : answer.body();
        // One write: two small ones could wait for each other's acknowledgement.
        byte[] all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        out.write(all);
        out.flush();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 307 -> "Temporary Redirect";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
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
