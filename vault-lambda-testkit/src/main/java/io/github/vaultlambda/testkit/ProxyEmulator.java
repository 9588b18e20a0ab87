package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.wire.ConnectionServer;
import io.github.vaultlambda.testkit.wire.HeaderList;
import io.github.vaultlambda.testkit.wire.HttpAnswer;
import io.github.vaultlambda.testkit.wire.HttpCall;
import io.github.vaultlambda.testkit.wire.HttpRequest;
import io.github.vaultlambda.testkit.wire.RequestHead;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on 127.0.0.1: tunnels ({@code CONNECT}) and requests with a whole URL ({@code GET http://...}), with Basic
 * authentication if wished. It reaches the loopback address only; other names lead where {@link #route} says, and are refused
 * with 403 otherwise.
 *
 * <p>Thread-safe. {@link #close()} ends the proxy and its tunnels.
 */
public final class ProxyEmulator implements AutoCloseable {
    private final Builder settings;
    private final Map<String, Integer> routes = new ConcurrentHashMap<>();
    private final List<ProxyCall> calls = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Integer> failures = new ConcurrentLinkedQueue<>();
    private final ConnectionServer server;

    private ProxyEmulator(Builder settings) {
        this.settings = settings;
        this.server = ConnectionServer.start("proxy-emulator", 0, this::serve);
    }

    /** A proxy for everybody, on a free port. */
    public static ProxyEmulator start() {
        return builder().start();
    }

    /** Settings for a proxy. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code http://127.0.0.1:port}, or {@code https}. */
    public URI address() {
        return URI.create((settings.tls == null ? "http" : "https") + "://127.0.0.1:" + server.port());
    }

    /** {@link #address()} with user and password in it, as in HTTPS_PROXY; they must not need escapes. */
    public URI addressWithCredentials() {
        if (settings.user.isEmpty()) {
            throw new IllegalStateException("this proxy wants no credentials");
        }
        return URI.create(address().toString().replace("://", "://" + settings.user + ":" + settings.password + "@"));
    }

    /** Leads requests for this host name, whatever their port, to a port of 127.0.0.1. */
    public ProxyEmulator route(String host, int port) {
        routes.put(host.toLowerCase(Locale.ROOT), port);
        return this;
    }

    /** The next requests are answered with this status; 0 closes the connection without an answer. */
    public ProxyEmulator failNext(int count, int status) {
        for (int i = 0; i < count; i++) {
            failures.add(status);
        }
        return this;
    }

    /** All requests so far, in the order of their answers. */
    public List<ProxyCall> calls() {
        return List.copyOf(calls);
    }

    /** How many connections clients have opened so far. */
    public int connections() {
        return server.connections();
    }

    @Override
    public void close() {
        server.close();
    }

    private void serve(Socket plain, int number) throws IOException {
        ServerTls tls = settings.tls;
        try (Socket session = tls == null ? plain : tls.handshake().over(plain)) {
            InputStream in = new BufferedInputStream(session.getInputStream());
            for (RequestHead head = RequestHead.read(in); head != null; head = RequestHead.read(in)) {
                if (!exchange(session, in, head)) {
                    return;
                }
            }
        }
    }

    /** Whether the connection goes on. */
    private boolean exchange(Socket client, InputStream in, RequestHead head) throws IOException {
        String user = userOf(head);
        Integer failure = failures.poll();
        boolean tunnel = head.method().equals("CONNECT");
        if (user == null || failure != null || !tunnel) {
            byte[] body = head.body(in);
            HttpAnswer answer;
            if (failure != null) {
                answer = HttpAnswer.of(failure, "text/plain", "");
            } else if (user == null) {
                answer = HttpAnswer.of(407, "text/plain", "");
                answer.headers().add("Proxy-Authenticate", "Basic realm=\"proxy\"");
            } else {
                answer = forward(head, body);
            }
            calls.add(new ProxyCall(head.method(), head.target(), user == null ? "" : user, answer.status()));
            if (answer.status() == 0) {
                return false;
            }
            write(client.getOutputStream(), answer, head.method().equals("HEAD"));
            return head.keepAlive();
        }
        tunnel(client, in, head, user);
        return false;
    }

    /** The user; empty when none is needed, null when the client must say it and did not. */
    private @Nullable String userOf(RequestHead head) {
        if (settings.user.isEmpty()) {
            return "";
        }
        String expected = "Basic "
                + Base64.getEncoder()
                        .encodeToString((settings.user + ":" + settings.password).getBytes(StandardCharsets.UTF_8));
        return expected.equals(head.headers().first("Proxy-Authorization")) ? settings.user : null;
    }

    private HttpAnswer forward(RequestHead head, byte[] body) {
        URI target;
        try {
            target = new URI(head.target());
        } catch (URISyntaxException e) {
            return HttpAnswer.of(400, "text/plain", "");
        }
        String host = target.getHost();
        if (host == null || !"http".equals(target.getScheme())) {
            return HttpAnswer.of(400, "text/plain", "");
        }
        int port = port(host, target.getPort() < 0 ? 80 : target.getPort());
        if (port < 0) {
            return HttpAnswer.of(403, "text/plain", "");
        }
        HeaderList headers = new HeaderList();
        for (HeaderList.Line line : head.headers().lines()) {
            boolean ours = line.name().toLowerCase(Locale.ROOT).startsWith("proxy-");
            if (!ours && !FaultyServer.hopByHop(line.name()) && !line.name().equalsIgnoreCase("Expect")) {
                headers.add(line.name(), line.value());
            }
        }
        headers.add("Via", "1.1 testkit");
        String path = target.getRawPath() == null || target.getRawPath().isEmpty() ? "/" : target.getRawPath();
        String query = target.getRawQuery() == null ? "" : target.getRawQuery();
        try {
            return HttpCall.send(
                    URI.create("http://127.0.0.1:" + port),
                    target.getRawAuthority(),
                    new HttpRequest(head.method(), path, query, headers, body));
        } catch (IOException e) {
            return HttpAnswer.of(502, "text/plain", "");
        }
    }

    /** The port of 127.0.0.1 where this leads; -1 when it leads nowhere. */
    private int port(String host, int asked) {
        Integer route = routes.get(host.toLowerCase(Locale.ROOT));
        if (route != null) {
            return route;
        }
        return host.equals("127.0.0.1") || host.equals("localhost") ? asked : -1;
    }

    private void tunnel(Socket client, InputStream in, RequestHead head, String user) throws IOException {
        OutputStream out = client.getOutputStream();
        int colon = head.target().lastIndexOf(':');
        int asked;
        try {
            asked = Integer.parseInt(head.target().substring(colon + 1));
        } catch (NumberFormatException e) {
            refuse(out, head, user, 400);
            return;
        }
        int port = port(head.target().substring(0, Math.max(colon, 0)), asked);
        if (port < 0) {
            refuse(out, head, user, 403);
            return;
        }
        Socket server;
        try {
            server = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        } catch (IOException e) {
            refuse(out, head, user, 502);
            return;
        }
        try (server) {
            server.setTcpNoDelay(true);
            calls.add(new ProxyCall("CONNECT", head.target(), user, 200));
            out.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            CountDownLatch back = new CountDownLatch(1);
            this.server.execute(() -> {
                pump(server, client);
                back.countDown();
            });
            pump(in, server);
            back.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuse(OutputStream out, RequestHead head, String user, int status) throws IOException {
        calls.add(new ProxyCall("CONNECT", head.target(), user, status));
        write(out, HttpAnswer.of(status, "text/plain", ""), false);
    }

    private static void pump(Socket from, Socket to) {
        try {
            pump(from.getInputStream(), to);
        } catch (IOException e) {
            closeQuietly(to);
        }
    }

    // Ends when one side has no more to say; the other one may go on.
    private static void pump(InputStream in, Socket to) {
        byte[] block = new byte[8192];
        try {
            OutputStream out = to.getOutputStream();
            for (int size = in.read(block); size >= 0; size = in.read(block)) {
                out.write(block, 0, size);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed as far as we can.
        }
    }

    private static void write(OutputStream out, HttpAnswer answer, boolean head) throws IOException {
        StringBuilder text = new StringBuilder(256);
        text.append("HTTP/1.1 ").append(answer.status()).append(" Status\r\n");
        for (HeaderList.Line line : answer.headers().lines()) {
            if (!FaultyServer.hopByHop(line.name())) {
                text.append(line.name()).append(": ").append(line.value()).append("\r\n");
            }
        }
        if (answer.status() != 204 && answer.status() != 304) {
            text.append("Content-Length: ").append(answer.body().length).append("\r\n");
        }
        text.append("\r\n");
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        if (!head) {
            out.write(answer.body());
        }
        out.flush();
    }

    /** Settings for a proxy; not thread-safe. */
    public static final class Builder {
        private String user = "";
        private String password = "";
        private @Nullable ServerTls tls;

        private Builder() {}

        /** Answers 407 to all who do not say this (RFC 7617). */
        public Builder basicAuth(String newUser, String newPassword) {
            this.user = Objects.requireNonNull(newUser, "user");
            this.password = Objects.requireNonNull(newPassword, "password");
            return this;
        }

        /** Speaks TLS with its clients; plain HTTP unless set. */
        public Builder tls(ServerTls newTls) {
            this.tls = Objects.requireNonNull(newTls, "tls");
            return this;
        }

        /** Starts the proxy. */
        public ProxyEmulator start() {
            Builder copy = new Builder();
            copy.user = user;
            copy.password = password;
            copy.tls = tls;
            return new ProxyEmulator(copy);
        }
    }
}
