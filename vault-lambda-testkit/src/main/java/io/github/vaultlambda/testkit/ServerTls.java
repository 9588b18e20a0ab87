package io.github.vaultlambda.testkit;

import io.github.vaultlambda.testkit.tls.AnyPeer;
import io.github.vaultlambda.testkit.tls.ServerHandshake;
import io.github.vaultlambda.testkit.tls.TlsContexts;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * How a server of the testkit speaks TLS: the certificate it shows, and what it wants of clients. Immutable and thread-safe.
 */
public final class ServerTls {
    private enum Clients {
        IGNORED,
        ASKED,
        REQUIRED
    }

    private final TestCertificate certificate;
    private final Clients clients;
    private final List<String> protocols;
    private final SSLContext context;

    private ServerTls(TestCertificate certificate, Clients clients, List<String> protocols, SSLContext context) {
        this.certificate = certificate;
        this.clients = clients;
        this.protocols = protocols;
        this.context = context;
    }

    /** Shows this certificate and asks clients for none. */
    public static ServerTls with(TestCertificate certificate) {
        Objects.requireNonNull(certificate, "certificate");
        return new ServerTls(
                certificate, Clients.IGNORED, List.of(), TlsContexts.of(certificate.keyManager(), new AnyPeer()));
    }

    /** Asks clients for a certificate, takes any and does without: so does Vault, whose cert auth method judges it. */
    public ServerTls askForClientCertificate() {
        return new ServerTls(
                certificate, Clients.ASKED, protocols, TlsContexts.of(certificate.keyManager(), new AnyPeer()));
    }

    /** Ends every handshake in which the client shows no certificate that this authority has issued. */
    public ServerTls requireClientCertificate(TestCertificates issuer) {
        TrustManager[] trust = TlsContexts.trusting(List.of(issuer.root()));
        return new ServerTls(certificate, Clients.REQUIRED, protocols, TlsContexts.of(certificate.keyManager(), trust));
    }

    /** Speaks these versions alone, such as {@code TLSv1.2}; unless set, what the JDK allows. */
    public ServerTls protocols(String... versions) {
        return new ServerTls(certificate, clients, List.of(versions), context);
    }

    /** The certificate that clients see. */
    public TestCertificate certificate() {
        return certificate;
    }

    /** The context, for a server of a test's own; {@link #parameters()} belong to it. */
    public SSLContext context() {
        return context;
    }

    /** Versions and what is wanted of clients; a new object each time. */
    public SSLParameters parameters() {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setWantClientAuth(clients == Clients.ASKED);
        if (clients == Clients.REQUIRED) {
            parameters.setNeedClientAuth(true);
        }
        if (!protocols.isEmpty()) {
            parameters.setProtocols(protocols.toArray(new String[0]));
        }
        return parameters;
    }

    ServerHandshake handshake() {
        return new ServerHandshake(context, this::parameters);
    }

    @Override
    public String toString() {
        return "ServerTls[" + certificate + ", client certificates " + clients + "]";
    }
}
