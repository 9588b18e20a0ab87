package io.github.vaultlambda.http;

import io.github.vaultlambda.http.TransportException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in plain words what the JDK's exceptions about a connection mean. */
final class Failures {
    private static final String CLIENT_CERTIFICATE_HINT =
            "set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY to a certificate that the server accepts";

    private Failures() {}

    /** What it means that a connection to there ended so. */
    static TransportException of(IOException e, Origin origin) {
        if (e instanceof TransportException known) {
            return known;
        }
        if (e instanceof SSLException) {
            return tls(e, origin.toString());
        }
        String said = e.getMessage();
        String why = said == null
                ? ""
                : said.startsWith("Connection reset")
                        ? " (reset)"
                        : said.startsWith("Broken pipe") ? " (it no longer reads)" : "";
        return new TransportException(Kind.RESET, origin + " broke the connection off" + why, null, e);
    }

    /** What it means that TLS failed, with this server or proxy. */
    static TransportException tls(IOException e, String peer) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Distrust distrust) {
                return new TransportException(
                        distrust.kind(), "TLS with " + peer + " failed: " + distrust.getMessage(), distrust.hint(), e);
            }
        }
        String said = String.valueOf(e.getMessage());
        if (said.contains("fatal alert")) {
            return alert(said, peer, e);
        }
        if (said.contains("Unsupported or unrecognized SSL message")) {
            return failed(
                    Kind.NOT_TLS,
                    peer,
                    "the server does not speak TLS",
                    "the address of a server without TLS begins with http://",
                    e);
        }
        if (said.contains("protocol version") || said.contains("No appropriate protocol")) {
            return mismatch(peer, e);
        }
        if (e.getCause() instanceof EOFException
                || e.getCause() instanceof SocketException
                || said.contains("Remote host terminated the handshake")
                || said.contains("peer shut down")) {
            return new TransportException(Kind.RESET, peer + " broke the connection off within TLS", null, e);
        }
        if (e.getCause() instanceof CertificateException) {
            return failed(Kind.TLS_FAILED, peer, "the server's certificate cannot be used", null, e);
        }
        return failed(Kind.TLS_FAILED, peer, oneLine(said), null, e);
    }

    private static TransportException alert(String said, String peer, IOException e) {
        if (said.contains("certificate_required") || said.contains("bad_certificate")) {
            return failed(
                    Kind.CLIENT_CERTIFICATE,
                    peer,
                    "the server wants a client certificate, or another than it got",
                    CLIENT_CERTIFICATE_HINT,
                    e);
        }
        if (said.contains("unknown_ca") || said.contains("certificate_") || said.contains("access_denied")) {
            return failed(
                    Kind.CLIENT_CERTIFICATE,
                    peer,
                    "the server refused the client certificate",
                    CLIENT_CERTIFICATE_HINT,
                    e);
        }
        if (said.contains("protocol_version")
                || said.contains("handshake_failure")
                || said.contains("insufficient_security")) {
            return mismatch(peer, e);
        }
        if (said.contains("unrecognized_name")) {
            return failed(
                    Kind.HOST_NAME_MISMATCH,
                    peer,
                    "the server does not know the host name that it was asked for",
                    "set VAULT_TLS_SERVER_NAME to a name that it knows",
                    e);
        }
        return failed(Kind.TLS_FAILED, peer, oneLine(said), null, e);
    }

    private static TransportException mismatch(String peer, IOException e) {
        return failed(
                Kind.TLS_MISMATCH,
                peer,
                "no TLS version and cipher that both sides accept (here 1.2 and 1.3)",
                "the server must offer TLS 1.2 or 1.3; some servers also say this when they want a client certificate",
                e);
    }

    private static TransportException failed(Kind kind, String peer, String why, @Nullable String hint, IOException e) {
        return new TransportException(kind, "TLS with " + peer + " failed: " + why, hint, e);
    }

    private static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}
