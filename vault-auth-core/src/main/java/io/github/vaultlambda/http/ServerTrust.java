package io.github.vaultlambda.http;

import io.github.vaultlambda.http.TransportException.Kind;
import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides whether to trust a server: the JDK checks the chain, the host name is checked here. The JDK's own check of the name
 * reads the whole default trust store to learn whether the authority is a public one, whatever trust store is in use, which
 * costs a fresh process a third of its TLS connection.
 */
final class ServerTrust extends X509ExtendedTrustManager {
    private static final X509Certificate[] NOBODY = {};
    /** Extended key usages (RFC 5280, section 4.2.1.12). */
    private static final String SERVERS = "1.3.6.1.5.5.7.3.1";

    private static final String ANY_USAGE = "2.5.29.37.0";

    private final X509ExtendedTrustManager chains;
    private final boolean privateAuthorities;

    /**
     * @param chains checks chains; its check of host names stays off as long as the socket does not ask for it
     * @param privateAuthorities whether the authorities are the user's own
     */
    ServerTrust(X509ExtendedTrustManager chains, boolean privateAuthorities) {
        this.chains = chains;
        this.privateAuthorities = privateAuthorities;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        SSLSession session = socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null;
        if (session == null) {
            throw new CertificateException("no handshake is under way");
        }
        try {
            chains.checkServerTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw reason(chain, e);
        }
        HostNames.check(chain[0], session.getPeerHost(), privateAuthorities);
    }

    private Distrust reason(X509Certificate[] chain, CertificateException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            Object basic = cause instanceof CertPathValidatorException path ? path.getReason() : null;
            if (cause instanceof CertificateExpiredException || basic == BasicReason.EXPIRED) {
                return expired(e);
            }
            if (cause instanceof CertificateNotYetValidException || basic == BasicReason.NOT_YET_VALID) {
                return notYetValid(e);
            }
            if (basic == BasicReason.ALGORITHM_CONSTRAINED) {
                return new Distrust(
                        Kind.TLS_FAILED,
                        "its certificate uses a key or signature that the Java runtime holds for too weak",
                        null,
                        e);
            }
        }
        // When no chain was found the JDK does not say that a link of it has expired.
        if (leadsToTrusted(chain)) {
            for (X509Certificate certificate : chain) {
                try {
                    certificate.checkValidity();
                } catch (CertificateExpiredException expired) {
                    return expired(e);
                } catch (CertificateNotYetValidException early) {
                    return notYetValid(e);
                }
            }
        }
        if (isForOthersThanServers(chain[0])) {
            return new Distrust(
                    Kind.TLS_FAILED,
                    "its certificate is not one of a server",
                    "the certificate's extended key usage must have serverAuth",
                    e);
        }
        return new Distrust(
                Kind.UNKNOWN_AUTHORITY,
                "its certificate comes from an authority that is not trusted ("
                        + HostNames.printable(
                                chain[chain.length - 1].getIssuerX500Principal().getName())
                        + ")",
                "set VAULT_CACERT to a file with the certificate of that authority, or VAULT_CACERT_BYTES to its text",
                e);
    }

    /** Only for a better message: the JDK has refused it already. */
    private static boolean isForOthersThanServers(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages != null && !usages.contains(SERVERS) && !usages.contains(ANY_USAGE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private boolean leadsToTrusted(X509Certificate[] chain) {
        for (X509Certificate trusted : chains.getAcceptedIssuers()) {
            for (X509Certificate certificate : chain) {
                if (certificate.getIssuerX500Principal().equals(trusted.getSubjectX500Principal())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Distrust expired(Exception e) {
        return new Distrust(Kind.CERTIFICATE_EXPIRED, "its certificate, or one above it, has expired", null, e);
    }

    private static Distrust notYetValid(Exception e) {
        return new Distrust(
                Kind.CERTIFICATE_NOT_YET_VALID,
                "its certificate, or one above it, is not valid yet, or the clock here is wrong",
                null,
                e);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NOBODY;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw notHere();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notHere();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw notHere();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw notHere();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notHere();
    }

    private static CertificateException notHere() {
        return new CertificateException("this trusts servers over sockets only");
    }
}
