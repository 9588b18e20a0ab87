package io.github.vaultlambda.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.testkit.TestCertificate.KeyType;
import io.github.vaultlambda.testkit.tls.Der;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TestCertificatesTest {
    private static final TestCertificates OURS = TestCertificates.create();
    private static final TestCertificates RSA = TestCertificates.create(KeyType.RSA_2048);

    private final ExecutorService background = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        background.shutdownNow();
    }

    /** What the server saw of the client after one byte went each way; empty without a client certificate. */
    private List<X509Certificate> meet(ServerTls tls, SSLContext client, String host) throws Exception {
        try (SSLServerSocket listener =
                (SSLServerSocket) tls.context().getServerSocketFactory().createServerSocket(0, 1, loopback())) {
            listener.setSSLParameters(tls.parameters());
            Future<List<X509Certificate>> seen = background.submit(serveOne(listener));
            try (Socket plain = new Socket(loopback(), listener.getLocalPort());
                    SSLSocket socket = (SSLSocket)
                            client.getSocketFactory().createSocket(plain, host, listener.getLocalPort(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.getOutputStream().write(1);
                // In TLS 1.3 a client learns with the first answer only that its certificate was refused.
                if (socket.getInputStream().read() != 2) {
                    throw new IOException("no answer");
                }
            }
            return seen.get();
        }
    }

    private static Callable<List<X509Certificate>> serveOne(SSLServerSocket listener) {
        return () -> {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write(2);
                try {
                    return Arrays.stream(socket.getSession().getPeerCertificates())
                            .map(X509Certificate.class::cast)
                            .toList();
                } catch (SSLException e) {
                    return List.of();
                }
            }
        };
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    @ParameterizedTest
    @CsvSource({"localhost,TLSv1.3", "localhost,TLSv1.2", "127.0.0.1,TLSv1.3", "::1,TLSv1.3"})
    void theLoopbackNamesAreTrusted(String host, String version) throws Exception {
        for (KeyType type : KeyType.values()) {
            TestCertificate server = OURS.request().keyType(type).issue();

            assertThat(meet(ServerTls.with(server).protocols(version), OURS.clientContext(), host))
                    .isEmpty();
        }
    }

    @Test
    void anRsaAuthorityIsTrustedToo() throws Exception {
        assertThat(meet(ServerTls.with(RSA.server()), RSA.clientContext(), "localhost"))
                .isEmpty();
    }

    @Test
    void theIntermediateIsTrustedThroughTheChainItSends() throws Exception {
        TestCertificate server = OURS.intermediateServer();

        assertThat(server.chain()).containsExactly(server.certificate(), OURS.intermediate());
        assertThat(meet(ServerTls.with(server), OURS.clientContext(), "localhost"))
                .isEmpty();
    }

    private void assertRefused(TestCertificate server, String host, String because) {
        assertThatThrownBy(() -> meet(ServerTls.with(server), OURS.clientContext(), host))
                .isInstanceOf(SSLException.class)
                .hasStackTraceContaining(because);
    }

    @Test
    void clientsRefuseWhatTheyShould() {
        assertRefused(OURS.expiredServer(), "localhost", "CertificateExpiredException");
        assertRefused(OURS.notYetValidServer(), "localhost", "CertificateNotYetValidException");
        assertRefused(OURS.wrongHostServer(), "localhost", "No subject alternative DNS name matching localhost");
        assertRefused(OURS.request().hosts("localhost").issue(), "127.0.0.1", "No subject alternative names matching");
        assertRefused(OURS.selfSignedServer(), "localhost", "unable to find valid certification path");
        assertRefused(TestCertificates.create().server(), "localhost", "unable to find valid certification path");
        assertRefused(OURS.client("orders"), "localhost", "Extended key usage");
    }

    @Test
    void anyClientCertificateIsSeenWhereItIsAskedFor() throws Exception {
        ServerTls tls = ServerTls.with(OURS.server()).askForClientCertificate();
        TestCertificate own = OURS.client("orders");
        TestCertificate foreign =
                RSA.request().forClient("stranger").keyType(KeyType.RSA_2048).issue();
        TestCertificate alone = RSA.request().forClient("alone").selfSigned().issue();

        for (TestCertificate client : List.of(own, foreign, alone)) {
            assertThat(meet(tls, OURS.clientContext(client), "localhost")).isEqualTo(client.chain());
            assertThat(meet(tls.protocols("TLSv1.2"), OURS.clientContext(client), "localhost"))
                    .isEqualTo(client.chain());
        }
        assertThat(meet(tls, OURS.clientContext(), "localhost")).isEmpty();
        assertThat(meet(ServerTls.with(OURS.server()), OURS.clientContext(own), "localhost"))
                .isEmpty();
    }

    @Test
    void aRequiredClientCertificateMustComeFromTheAuthority() throws Exception {
        ServerTls tls = ServerTls.with(OURS.server()).requireClientCertificate(OURS);
        TestCertificate own = OURS.client("orders");
        TestCertificate through =
                OURS.request().forClient("orders").throughIntermediate().issue();

        assertThat(meet(tls, OURS.clientContext(own), "localhost")).isEqualTo(own.chain());
        assertThat(meet(tls, OURS.clientContext(through), "localhost")).isEqualTo(through.chain());
        for (SSLContext refused : List.of(
                OURS.clientContext(),
                OURS.clientContext(RSA.client("orders")),
                OURS.clientContext(OURS.server()),
                OURS.clientContext(OURS.request()
                        .forClient("late")
                        .valid(Instant.EPOCH, Instant.EPOCH.plusSeconds(1))
                        .issue()))) {
            assertThatThrownBy(() -> meet(tls, refused, "localhost")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theJdkReadsWhatWasWritten() throws Exception {
        Instant from = Instant.parse("2030-01-02T03:04:05Z");
        Instant until = Instant.parse("2051-01-02T03:04:05Z");
        X509Certificate read = read(OURS.request()
                        .forClient("orders")
                        .organizationalUnit("shop")
                        .hosts("orders.example", "10.1.2.3")
                        .uri("spiffe://example/orders")
                        .email("orders@example.org")
                        .extension("1.3.6.1.4.1.99999.300.7", "blue")
                        .valid(from, until)
                        .issue()
                        .certificatePem())
                .get(0);

        assertThat(read.getVersion()).isEqualTo(3);
        assertThat(read.getSubjectX500Principal().getName()).isEqualTo("CN=orders,OU=shop,O=vault-lambda testkit");
        assertThat(read.getIssuerX500Principal()).isEqualTo(OURS.root().getSubjectX500Principal());
        assertThat(read.getNotBefore().toInstant()).isEqualTo(from);
        assertThat(read.getNotAfter().toInstant()).isEqualTo(until);
        assertThat(read.getSubjectAlternativeNames())
                .containsExactly(
                        List.of(2, "orders.example"),
                        List.of(7, "10.1.2.3"),
                        List.of(6, "spiffe://example/orders"),
                        List.of(1, "orders@example.org"));
        assertThat(read.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(read.getKeyUsage()).startsWith(true, false, false);
        assertThat(read.getBasicConstraints()).isEqualTo(-1);
        assertThat(read.getExtensionValue("1.3.6.1.4.1.99999.300.7")).isEqualTo(Der.octets(Der.text("blue")));
        assertThat(OURS.root().getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
        assertThat(OURS.intermediate().getBasicConstraints()).isZero();
        assertThat(read(OURS.rootPem())).containsExactly(OURS.root());
        assertThat(read(OURS.intermediateServer().chainPem())).hasSize(2).contains(OURS.intermediate());
    }

    private static List<X509Certificate> read(String pem) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    @Test
    void pathsHoldByTheRulesOfRfc5280() throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(OURS.root(), null)));
        parameters.setRevocationEnabled(false);

        assertThat(CertPathValidator.getInstance("PKIX")
                        .validate(
                                CertificateFactory.getInstance("X.509")
                                        .generateCertPath(
                                                OURS.intermediateServer().chain()),
                                parameters))
                .isNotNull();
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void theKeyBelongsToTheCertificateInEveryForm(KeyType type) throws Exception {
        TestCertificate server = OURS.request().keyType(type).issue();
        String algorithm = type == KeyType.RSA_2048 ? "RSA" : "EC";
        byte[] pkcs8 = content(server.privateKeyPem(), "PRIVATE KEY");

        assertThat(server.keyType()).isEqualTo(type);
        assertFits(server, KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        if (type == KeyType.RSA_2048) {
            byte[] pkcs1 = content(server.rsaPrivateKeyPem(), "RSA PRIVATE KEY");
            // PKCS#8 is PKCS#1 with a header.
            assertThat(pkcs8).endsWith(pkcs1);
            assertThatThrownBy(server::ecPrivateKeyPem).isInstanceOf(IllegalStateException.class);
        } else {
            byte[] sec1 = content(server.ecPrivateKeyPem(), "EC PRIVATE KEY");
            byte[] wrapped = Der.sequence(
                    Der.integer(0),
                    Der.sequence(Der.oid("1.2.840.10045.2.1"), Der.oid("1.2.840.10045.3.1.7")),
                    Der.octets(sec1));
            assertFits(server, KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(wrapped)));
            assertThatThrownBy(server::rsaPrivateKeyPem).isInstanceOf(IllegalStateException.class);
        }
    }

    private static byte[] content(String pem, String label) {
        String start = "-----BEGIN " + label + "-----\n";
        String end = "\n-----END " + label + "-----\n";
        assertThat(pem).startsWith(start).endsWith(end);
        assertThat(pem.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(64));
        return Base64.getMimeDecoder().decode(pem.substring(start.length(), pem.length() - end.length()));
    }

    private static void assertFits(TestCertificate certificate, PrivateKey key) throws Exception {
        String algorithm = certificate.keyType() == KeyType.RSA_2048 ? "SHA256withRSA" : "SHA256withECDSA";
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(new byte[] {1, 2, 3});
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certificate.certificate());
        verifier.update(new byte[] {1, 2, 3});
        assertThat(verifier.verify(signature)).isTrue();
    }

    @Test
    void readyMadeCertificatesEndWhenTheySay() {
        Instant now = Instant.now();

        assertThat(OURS.expiredServer().certificate().getNotAfter().toInstant()).isBefore(now);
        assertThat(OURS.notYetValidServer().certificate().getNotBefore().toInstant())
                .isAfter(now);
        assertThat(OURS.server().certificate().getNotAfter().toInstant()).isAfter(now.plus(20, ChronoUnit.DAYS));
    }

    @Test
    void nothingShowsAKey() {
        TestCertificate server = OURS.server();

        assertThat(server.toString()).contains("CN=localhost").doesNotContain("KEY");
        assertThat(ServerTls.with(server).toString()).contains("CN=localhost").doesNotContain("KEY");
    }
}
