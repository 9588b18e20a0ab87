package io.github.vaultlambda.testkit.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** The server's side of TLS on connections that are already open. Thread-safe. */
public final class ServerHandshake {
    private static final byte[] PLAIN = """
            HTTP/1.0 400 Bad Request\r
            \r
            Client sent an HTTP request to an HTTPS server.
            """.getBytes(StandardCharsets.US_ASCII);
    private static final List<String> HTTP_STARTS = List.of("GET /", "HEAD ", "POST ", "PUT /", "OPTIO");
    private static final int FIRST_BYTES = 5;
    private static final int LAST_READ_MILLIS = 2_000;

    private final SSLContext context;
    private final Supplier<SSLParameters> parameters;

    public ServerHandshake(SSLContext context, Supplier<SSLParameters> parameters) {
        this.context = context;
        this.parameters = parameters;
    }

    /**
     * The connection after the handshake. A client that speaks plain HTTP is told so in the words of Go's server, which is
     * Vault's.
     *
     * @throws IOException when the handshake fails
     */
    public SSLSocket over(Socket plain) throws IOException {
        byte[] first = plain.getInputStream().readNBytes(FIRST_BYTES);
        if (HTTP_STARTS.contains(new String(first, StandardCharsets.US_ASCII))) {
            refuse(plain);
            throw new IOException("plain HTTP");
        }
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, new ByteArrayInputStream(first), true);
        socket.setSSLParameters(parameters.get());
        socket.startHandshake();
        return socket;
    }

    // Reads on until the client has gone: bytes left unread would reset the connection under the answer.
    private static void refuse(Socket plain) throws IOException {
        plain.getOutputStream().write(PLAIN);
        plain.shutdownOutput();
        plain.setSoTimeout(LAST_READ_MILLIS);
        InputStream in = plain.getInputStream();
        byte[] rest = new byte[8192];
        try {
            while (in.read(rest) >= 0) {
                // Nothing to do with it.
            }
        } catch (SocketTimeoutException e) {
            // It had time enough.
        }
    }

    /** The chain that the client has shown, its own certificate first; empty when it has shown none. */
    public static List<X509Certificate> peer(Socket socket) {
        if (!(socket instanceof SSLSocket secure)) {
            return List.of();
        }
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : secure.getSession().getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return List.copyOf(chain);
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }
}
