package io.github.vaultlambda.testkit.wire;

import io.github.vaultlambda.testkit.tls.ServerHandshake;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 server on 127.0.0.1, with or without TLS, one daemon thread per connection, so a handler may block
 * (long polls).
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

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final ConnectionServer server;
    private final @Nullable ServerHandshake tls;
    private final Handler handler;

    private LoopbackServer(String name, int port, @Nullable ServerHandshake tls, Handler handler) {
        this.tls = tls;
        this.handler = handler;
        this.server = ConnectionServer.start(name, port, this::serve);
    }

    /** Starts to listen over plain HTTP; port 0 takes a free one. */
    public static LoopbackServer start(String name, int port, Handler handler) {
        return start(name, port, null, handler);
    }

    /** Starts to listen; port 0 takes a free one, and without {@code tls} it is plain HTTP. */
    public static LoopbackServer start(String name, int port, @Nullable ServerHandshake tls, Handler handler) {
        return new LoopbackServer(name, port, tls, handler);
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    /** {@code http://127.0.0.1:port}, or {@code https}. */
    public URI uri() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + port());
    }

    /** How many connections were accepted, those included whose handshake failed. */
    public int connections() {
        return server.connections();
    }

    /** Closes the connections of this moment; new ones are served. */
    public void closeConnections() {
        server.closeConnections();
    }

    @Override
    public void close() {
        server.close();
    }

    private void serve(Socket socket, int number) throws IOException {
        try (Socket session = tls == null ? socket : tls.over(socket)) {
            List<X509Certificate> peer = ServerHandshake.peer(session);
            InputStream in = new BufferedInputStream(session.getInputStream());
            OutputStream out = session.getOutputStream();
            boolean more = true;
            while (more) {
                more = exchange(in, out, peer);
            }
        }
    }

    private boolean exchange(InputStream in, OutputStream out, List<X509Certificate> peer) throws IOException {
        RequestHead head = RequestHead.read(in);
        if (head == null) {
            return false;
        }
        if (head.version().isEmpty()) {
            write(out, HttpAnswer.of(400, "text/plain", "400 Bad Request"), false, false);
            return false;
        }
        if (head.expectsContinue()) {
            out.write(CONTINUE);
        }
        HttpRequest request = new HttpRequest(
                head.method(), head.path(), head.query(), head.headers(), head.body(in), tls != null, peer);
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
        boolean keep = head.keepAlive();
        write(out, answer, "HEAD".equals(head.method()), keep);
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
}
