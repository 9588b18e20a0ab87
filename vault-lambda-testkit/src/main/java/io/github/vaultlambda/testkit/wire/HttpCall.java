package io.github.vaultlambda.testkit.wire;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends one request and reads its answer, with full control over target and Host header. The JDK's client allows
 * neither a foreign Host nor the target {@code //}.
 */
public final class HttpCall {
    private static final int TIMEOUT_MILLIS = 10_000;
    // What the connection itself decides, whatever the caller lists.
    private static final Set<String> OWN = Set.of("host", "content-length", "connection", "transfer-encoding");

    private HttpCall() {}

    /** The answer of {@code server} to {@code request}, whose headers may name any host. */
    public static HttpAnswer send(URI server, String host, HttpRequest request) throws IOException {
        boolean tls = "https".equals(server.getScheme());
        int port = server.getPort() >= 0 ? server.getPort() : tls ? 443 : 80;
        String name = server.getHost();
        if (name == null) {
            throw new IOException("no host in the endpoint");
        }
        try (Socket plain = new Socket()) {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(TIMEOUT_MILLIS);
            plain.connect(new InetSocketAddress(name, port), TIMEOUT_MILLIS);
            if (!tls) {
                return exchange(plain, host, request);
            }
            SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
            try (SSLSocket secure = (SSLSocket) factory.createSocket(plain, name, port, true)) {
                var parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
                return exchange(secure, host, request);
            }
        }
    }

    private static HttpAnswer exchange(Socket socket, String host, HttpRequest request) throws IOException {
        StringBuilder head = new StringBuilder(512);
        head.append(request.method()).append(' ').append(request.path());
        if (!request.query().isEmpty()) {
            head.append('?').append(request.query());
        }
        head.append(" HTTP/1.1\r\nHost: ").append(oneLine(host));
        if (request.headers().first("User-Agent") == null) {
            head.append("\r\nUser-Agent: Go-http-client/1.1");
        }
        head.append("\r\nContent-Length: ").append(request.body().length);
        for (HeaderList.Line line : request.headers().lines()) {
            if (!OWN.contains(line.name().toLowerCase(Locale.ROOT))) {
                head.append("\r\n").append(oneLine(line.name())).append(": ").append(oneLine(line.value()));
            }
        }
        head.append("\r\nConnection: close\r\n\r\n");
        OutputStream out = socket.getOutputStream();
        out.write(head.toString().getBytes(StandardCharsets.UTF_8));
        out.write(request.body());
        out.flush();
        InputStream in = new BufferedInputStream(socket.getInputStream());
        String status = HttpWire.line(in);
        if (status == null) {
            throw new EOFException("EOF");
        }
        String[] parts = status.split(" ", 3);
        if (parts.length < 2 || !parts[1].matches("\\d{3}")) {
            throw new IOException("malformed HTTP response");
        }
        HeaderList headers = HttpWire.headers(in);
        boolean sized = headers.first("Content-Length") != null || headers.first("Transfer-Encoding") != null;
        byte[] body = sized ? HttpWire.body(in, headers) : in.readAllBytes();
        return new HttpAnswer(Integer.parseInt(parts[1]), headers, body);
    }

    private static String oneLine(String text) throws IOException {
        if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
            throw new IOException("line break in a header");
        }
        return text;
    }
}
