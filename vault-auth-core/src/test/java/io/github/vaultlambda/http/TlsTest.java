package io.github.vaultlambda.http;

import static io.github.vaultlambda.http.Peers.SHORT;
import static io.github.vaultlambda.http.Peers.failure;
import static io.github.vaultlambda.http.Peers.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.fakes.Said;
import io.github.vaultlambda.http.HttpTransport.Call;
import io.github.vaultlambda.http.TransportException.Kind;
import io.github.vaultlambda.testkit.FaultyServer;
import io.github.vaultlambda.testkit.ServerTls;
import io.github.vaultlambda.testkit.TestCertificate;
import io.github.vaultlambda.testkit.TestCertificate.KeyType;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.WireAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom we trust, what we show, and what we say when it does not work. */
class TlsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final TestCertificates STRANGER = TestCertificates.create();

    @TempDir
    Path directory = Path.of("not.there");

    private static TlsOptions.Builder trusting() {
        return TlsOptions.builder().authorities(AUTHORITY.rootPem(), "VAULT_CACERT_BYTES");
    }

    private static SocketTransport transport(TlsOptions options) {
        return new SocketTransport(options, ProxyOptions.none());
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static TransportException failed(ServerTls tls, TlsOptions options) {
        try (FaultyServer server = FaultyServer.start(tls);
                SocketTransport transport = transport(options)) {
            TransportException failure = failure(() -> get(transport, server.address()));
            assertThat(server.requests()).isEmpty();
            assertThat(failure.kind().isTls()).isTrue();
            return failure;
        }
    }

    private static void works(ServerTls tls, TlsOptions options) throws IOException {
        try (FaultyServer server = FaultyServer.start(tls);
                SocketTransport transport = transport(options)) {
            for (int i = 0; i < 3; i++) {
                assertThat(get(transport, server.address()).status()).isEqualTo(200);
                assertThat(Peers.send(transport, "POST", server.address(), "{}").status())
                        .isEqualTo(200);
            }
            assertThat(server.connections()).isEqualTo(1);
            transport.closeIdle();
            assertThat(get(transport, server.address()).status()).isEqualTo(200);
        }
    }

    // ------------------------------------------------------------------ trust

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersionsServe(String version) throws IOException {
        works(ServerTls.with(AUTHORITY.server()).protocols(version), trusting().build());
    }

    @Test
    void anIntermediateAuthorityServes() throws IOException {
        works(ServerTls.with(AUTHORITY.intermediateServer()), trusting().build());
    }

    @Test
    void anRsaServerServes() throws IOException {
        works(
                ServerTls.with(AUTHORITY.request().keyType(KeyType.RSA_2048).issue()),
                trusting().build());
    }

    @Test
    void authoritiesComeFromFilesAndDirectories() throws IOException {
        Path bundle = file("bundle.pem", "a comment\n" + STRANGER.rootPem() + "\n" + AUTHORITY.rootPem());
        works(
                ServerTls.with(AUTHORITY.server()),
                TlsOptions.builder().authoritiesFile(bundle).build());

        Path below = Files.createDirectories(directory.resolve("cas/below"));
        Files.writeString(below.resolve("ca.pem"), AUTHORITY.rootPem());
        Files.writeString(below.resolve("other.crt"), STRANGER.rootPem());
        works(
                ServerTls.with(AUTHORITY.server()),
                TlsOptions.builder()
                        .authoritiesDirectory(directory.resolve("cas"))
                        .build());
    }

    @Test
    void anUnknownAuthorityIsNamed() {
        TransportException failure =
                failed(ServerTls.with(STRANGER.server()), trusting().build());

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN_AUTHORITY);
        assertThat(failure.kind().isPermanent()).isTrue();
        assertThat(failure.mayHaveArrived()).isFalse();
        assertThat(failure)
                .hasMessageContaining("comes from an authority that is not trusted (")
                .hasMessageContaining(STRANGER.root().getSubjectX500Principal().getName());
        assertThat(failure.hint()).contains("VAULT_CACERT");
    }

    @Test
    void theTrustStoreOfTheRuntimeCountsWhenNothingIsSaid() {
        assertThat(failed(ServerTls.with(AUTHORITY.server()), TlsOptions.defaults())
                        .kind())
                .isEqualTo(Kind.UNKNOWN_AUTHORITY);
    }

    @Test
    void aSelfSignedCertificateIsOfAnUnknownAuthority() {
        assertThat(failed(
                                ServerTls.with(AUTHORITY.selfSignedServer()),
                                trusting().build())
                        .kind())
                .isEqualTo(Kind.UNKNOWN_AUTHORITY);
    }

    @Test
    void theCertificateOfAClientIsNoneOfAServer() {
        TransportException failure =
                failed(ServerTls.with(AUTHORITY.client("vault")), trusting().build());

        assertThat(failure.kind()).isEqualTo(Kind.TLS_FAILED);
        assertThat(failure).hasMessageEndingWith("failed: its certificate is not one of a server");
        assertThat(failure.hint()).contains("serverAuth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionWithOneNameIsNoneWithAnother(String version) throws IOException {
        ServerTls tls =
                ServerTls.with(AUTHORITY.request().hosts("localhost").issue()).protocols(version);
        try (FaultyServer server = FaultyServer.start(tls);
                SocketTransport transport = transport(trusting().build())) {
            URI named = URI.create("https://localhost:" + server.address().getPort());
            assertThat(get(transport, named).status()).isEqualTo(200);

            assertThat(failure(() -> get(transport, URI.create("https://127.0.0.1:" + named.getPort())))
                            .kind())
                    .isEqualTo(Kind.HOST_NAME_MISMATCH);
        }
    }

    @Test
    void theNameOfAnUnknownAuthorityCannotForgeALog() {
        TestCertificate forged = STRANGER.request()
                .commonName("vault\n2026-01-01 ERROR \u001b[31m")
                .hosts("127.0.0.1")
                .selfSigned()
                .issue();

        assertThat(failed(ServerTls.with(forged), trusting().build()).getMessage())
                .contains("CN=vault?2026-01-01 ERROR ?[31m")
                .doesNotContain("\n", "\u001b");
    }

    @Test
    void anExpiredCertificateIsCalledSo() {
        TransportException failure =
                failed(ServerTls.with(AUTHORITY.expiredServer()), trusting().build());

        assertThat(failure.kind()).isEqualTo(Kind.CERTIFICATE_EXPIRED);
        assertThat(failure).hasMessageEndingWith("failed: its certificate, or one above it, has expired");
    }

    @Test
    void aCertificateFromTheFutureIsCalledSo() {
        assertThat(failed(
                                ServerTls.with(AUTHORITY.notYetValidServer()),
                                trusting().build())
                        .kind())
                .isEqualTo(Kind.CERTIFICATE_NOT_YET_VALID);
    }

    @Test
    void theCertificateOfAnotherHostNamesIt() {
        TransportException failure =
                failed(ServerTls.with(AUTHORITY.wrongHostServer()), trusting().build());

        assertThat(failure.kind()).isEqualTo(Kind.HOST_NAME_MISMATCH);
        assertThat(failure)
                .hasMessageEndingWith("failed: its certificate is not for 127.0.0.1 but for elsewhere.example");
        assertThat(failure.hint()).contains("VAULT_TLS_SERVER_NAME");
    }

    @Test
    void aServerNameStandsForTheHost() throws IOException {
        works(
                ServerTls.with(AUTHORITY.wrongHostServer()),
                trusting().serverName("elsewhere.example").build());

        assertThat(failed(
                                ServerTls.with(AUTHORITY.server()),
                                trusting().serverName("elsewhere.example").build())
                        .kind())
                .isEqualTo(Kind.HOST_NAME_MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({"elsewhere.example, elsewhere.example", "vault, vault", "127.0.0.1, "})
    void theServerLearnsTheName(String name, String indicated) throws Exception {
        String[] seen = new String[1];
        ServerTls tls = ServerTls.with(AUTHORITY.request().hosts(name).issue());
        try (SSLServerSocket listener = (SSLServerSocket) tls.context()
                        .getServerSocketFactory()
                        .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SocketTransport transport =
                        transport(trusting().serverName(name).build())) {
            Thread server = new Thread(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                    if (socket.getSession() instanceof javax.net.ssl.ExtendedSSLSession session
                            && !session.getRequestedServerNames().isEmpty()) {
                        seen[0] = new String(
                                session.getRequestedServerNames().get(0).getEncoded(),
                                java.nio.charset.StandardCharsets.UTF_8);
                    }
                } catch (IOException e) {
                    // the client says what went wrong
                }
            });
            server.start();
            failure(() -> get(transport, URI.create("https://127.0.0.1:" + listener.getLocalPort())));
            server.join();
        }
        assertThat(seen[0]).isEqualTo(indicated);
    }

    @Test
    void onlyWhoAsksForItIsNotProtected() throws IOException {
        TlsOptions careless = TlsOptions.builder().skipVerify(true).build();
        works(ServerTls.with(STRANGER.server()), careless);
        works(ServerTls.with(AUTHORITY.expiredServer()), careless);
        works(ServerTls.with(AUTHORITY.wrongHostServer()), careless);
        assertThat(careless.toString()).contains("NOTHING VERIFIED");
    }

    // ------------------------------------------------------------------ other failures

    @Test
    void aServerWithoutTlsIsCalledSo() {
        try (FaultyServer plain = FaultyServer.start();
                SocketTransport transport = transport(trusting().build())) {
            plain.garbleNextConnection();
            URI address = URI.create("https://127.0.0.1:" + plain.address().getPort());

            TransportException failure = failure(() -> get(transport, address));

            assertThat(failure.kind()).isEqualTo(Kind.NOT_TLS);
            assertThat(failure.hint()).contains("http://");
        }
    }

    @Test
    void aServerWithTlsIsCalledSo() {
        try (FaultyServer alerting = FaultyServer.start();
                SocketTransport transport = transport(trusting().build())) {
            alerting.next(
                    WireAnswer.raw("\u0015\u0003\u0003\u0000\u0002\u0002\n").thenClose());
            URI address = alerting.address();

            TransportException failure = failure(() -> get(transport, address));

            assertThat(failure.kind()).isEqualTo(Kind.NOT_TLS);
            assertThat(failure.hint()).contains("https://");
        }
    }

    @Test
    void aHandshakeThatBreaksOffIsAReset() {
        try (FaultyServer server = FaultyServer.start(ServerTls.with(AUTHORITY.server()));
                SocketTransport transport = transport(trusting().build())) {
            server.resetNextConnection().closeNextConnection();

            for (int i = 0; i < 2; i++) {
                TransportException failure = failure(() -> get(transport, server.address()));
                assertThat(failure.kind()).isEqualTo(Kind.RESET);
                assertThat(failure.mayHaveArrived()).isFalse();
            }
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aHandshakeThatHangsEndsInTime() {
        try (FaultyServer server = FaultyServer.start(ServerTls.with(AUTHORITY.server()));
                SocketTransport transport = transport(trusting().build())) {
            server.silenceNextConnection();

            TransportException failure =
                    failure(() -> transport.send(new Call("GET", server.address(), Map.of(), null, SHORT)));

            assertThat(failure.kind()).isEqualTo(Kind.TLS_TIMEOUT);
            assertThat(failure.mayHaveArrived()).isFalse();
        }
    }

    @Test
    void noCommonCipherIsAMismatch() throws Exception {
        ServerTls tls = ServerTls.with(AUTHORITY.server());
        try (SSLServerSocket listener = (SSLServerSocket) tls.context()
                        .getServerSocketFactory()
                        .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SocketTransport transport = transport(trusting().build())) {
            listener.setEnabledProtocols(new String[] {"TLSv1.2"});
            listener.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}); // the key is EC
            Thread server = new Thread(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                } catch (IOException e) {
                    // as it must be
                }
            });
            server.start();

            TransportException failure =
                    failure(() -> get(transport, URI.create("https://127.0.0.1:" + listener.getLocalPort())));

            assertThat(failure.kind()).isEqualTo(Kind.TLS_MISMATCH);
            server.join();
        }
    }

    @Test
    void answersBreakOffUnderTlsAsWell() {
        try (FaultyServer server = FaultyServer.start(ServerTls.with(AUTHORITY.server()));
                SocketTransport transport = transport(trusting().build())) {
            server.next(
                    WireAnswer.of(200, "{\"a\":1}").truncatedTo(3),
                    WireAnswer.reset(),
                    WireAnswer.of(200, "{\"a\":1}").resetAfter(30));

            for (int i = 0; i < 3; i++) {
                assertThat(failure(() -> get(transport, server.address())).kind())
                        .isEqualTo(Kind.RESET);
            }
        }
    }

    @Test
    void aKeptConnectionThatDiedIsReplaced() throws Exception {
        try (FaultyServer server = FaultyServer.start(ServerTls.with(AUTHORITY.server()));
                SocketTransport transport = transport(trusting().build())) {
            for (String method : new String[] {"GET", "POST", "PUT", "PATCH"}) {
                assertThat(Peers.send(transport, method, server.address(), "{}").status())
                        .isEqualTo(200);
                server.closeIdleConnections();
                assertThat(Peers.send(transport, method, server.address(), "{}").status())
                        .isEqualTo(200);
                server.resetIdleConnections();
            }
            assertThat(server.requests()).hasSize(8);
        }
    }

    // ------------------------------------------------------------------ client certificates

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aMissingClientCertificateIsCalledSo(String version) {
        try (FaultyServer server = FaultyServer.start(ServerTls.with(AUTHORITY.server())
                        .requireClientCertificate(AUTHORITY)
                        .protocols(version));
                SocketTransport transport = transport(trusting().build())) {
            TransportException failure = failure(() -> get(transport, server.address()));

            if (failure.kind() == Kind.TLS_MISMATCH) { // some servers know no better word before TLS 1.3
                assertThat(version).isEqualTo("TLSv1.2");
                assertThat(failure.hint()).contains("client certificate");
            } else {
                assertThat(failure.kind()).isEqualTo(Kind.CLIENT_CERTIFICATE);
                assertThat(failure.hint()).contains("VAULT_CLIENT_CERT");
            }
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientCertificateOfOthersIsRefused(String version) throws IOException {
        TestCertificate client = STRANGER.client("app");
        TlsOptions options = trusting()
                .clientCertificate(file("c.pem", client.chainPem()), file("k.pem", client.privateKeyPem()))
                .build();
        try (FaultyServer server = FaultyServer.start(ServerTls.with(AUTHORITY.server())
                        .requireClientCertificate(AUTHORITY)
                        .protocols(version));
                SocketTransport transport = transport(options)) {
            assertThat(failure(() -> get(transport, server.address())).kind()).isEqualTo(Kind.CLIENT_CERTIFICATE);
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void everyFormOfKeyServes(KeyType type) throws IOException {
        TestCertificate client =
                AUTHORITY.request().forClient("app").keyType(type).issue();
        Path certificate = file("client.pem", client.chainPem());
        ServerTls tls = ServerTls.with(AUTHORITY.server()).requireClientCertificate(AUTHORITY);
        String older = type == KeyType.RSA_2048 ? client.rsaPrivateKeyPem() : client.ecPrivateKeyPem();
        String withParameters = type == KeyType.RSA_2048
                ? older
                : "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + older;
        for (String key : new String[] {client.privateKeyPem(), older, withParameters}) {
            works(
                    tls,
                    trusting()
                            .clientCertificate(certificate, file("key.pem", key))
                            .build());
        }
        Path both = file("both.pem", client.privateKeyPem() + client.chainPem());
        works(tls, trusting().clientCertificate(both, both).build());
    }

    @Test
    void theChainIsPutInOrder() throws IOException {
        TestCertificate client =
                AUTHORITY.request().forClient("app").throughIntermediate().issue();
        String[] parts = client.chainPem().split("(?<=-----END CERTIFICATE-----)\n");
        assertThat(parts).hasSize(2);
        Path certificate = file("client.pem", AUTHORITY.rootPem() + parts[1] + "\n" + parts[0] + "\n");

        works(
                ServerTls.with(AUTHORITY.server()).requireClientCertificate(AUTHORITY),
                trusting()
                        .clientCertificate(certificate, file("key.pem", client.privateKeyPem()))
                        .build());
    }

    // ------------------------------------------------------------------ bad input

    private static String rejected(TlsOptions.Builder options) {
        TlsOptions built = options.build();
        Throwable thrown = catchThrowable(built::load);
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
        assertThat(Said.by(thrown)).doesNotContain(TestSecrets.MARKER).doesNotContain("PRIVATE KEY-");
        try (SocketTransport transport = transport(built);
                FaultyServer server = FaultyServer.start()) {
            URI address = URI.create("https://127.0.0.1:" + server.address().getPort());
            TransportException failure = failure(() -> get(transport, address));
            assertThat(failure.kind()).isEqualTo(Kind.TLS_OPTIONS);
            assertThat(failure).hasMessage(thrown.getMessage());
        }
        return String.valueOf(thrown.getMessage()).replaceAll("/\\S*/", "DIR/");
    }

    @Test
    void badAuthoritiesAreNamed() throws IOException {
        assertThat(rejected(TlsOptions.builder().authoritiesFile(directory.resolve("none.pem"))))
                .isEqualTo("the file DIR/none.pem cannot be read: it does not exist");
        assertThat(rejected(TlsOptions.builder().authoritiesFile(file("empty.pem", "n0tf0rl0gs"))))
                .isEqualTo("the file DIR/empty.pem holds no certificate in PEM form");
        assertThat(rejected(TlsOptions.builder().authorities("n0tf0rl0gs", "VAULT_CACERT_BYTES")))
                .isEqualTo("VAULT_CACERT_BYTES holds no certificate in PEM form");
        assertThat(rejected(TlsOptions.builder()
                        .authorities(
                                "-----BEGIN CERTIFICATE-----\nn0tf0rl0gs!\n-----END CERTIFICATE-----",
                                "VAULT_CACERT_BYTES")))
                .isEqualTo("VAULT_CACERT_BYTES holds a broken PEM block");
        assertThat(rejected(TlsOptions.builder()
                        .authorities("-----BEGIN CERTIFICATE-----\nn0tf0rl0gs==\n-----END CERTIFICATE-----", "it")))
                .isIn("it holds a certificate that cannot be read", "it holds a broken PEM block");
        assertThat(rejected(TlsOptions.builder().authorities("-----BEGIN CERTIFICATE-----\nn0tf0rl0gs", "it")))
                .isEqualTo("it holds a broken PEM block");
        assertThat(rejected(TlsOptions.builder().authoritiesDirectory(directory.resolve("nowhere"))))
                .isEqualTo("the directory DIR/nowhere cannot be read: it does not exist");
        Path empty = Files.createDirectories(directory.resolve("empty"));
        assertThat(rejected(TlsOptions.builder().authoritiesDirectory(empty)))
                .isEqualTo("the directory DIR/empty holds no certificate in PEM form");
    }

    @Test
    void badClientKeysAreNamed() throws IOException {
        TestCertificate ec = AUTHORITY.client("app");
        TestCertificate rsa =
                AUTHORITY.request().forClient("app").keyType(KeyType.RSA_2048).issue();
        Path certificate = file("c.pem", ec.chainPem());
        Path rsaCertificate = file("r.pem", rsa.chainPem());
        String mismatch = "the key in the file DIR/k.pem does not belong to the certificate in the file DIR/";

        assertThat(rejected(trusting().clientCertificate(certificate, directory.resolve("none"))))
                .isEqualTo("the file DIR/none cannot be read: it does not exist");
        assertThat(rejected(trusting().clientCertificate(certificate, certificate)))
                .isEqualTo("the file DIR/c.pem holds no private key in PEM form");
        for (String other : new String[] {
            AUTHORITY.client("other").privateKeyPem(),
            AUTHORITY.client("other").ecPrivateKeyPem(),
            rsa.privateKeyPem(),
            rsa.rsaPrivateKeyPem()
        }) {
            assertThat(rejected(trusting().clientCertificate(certificate, file("k.pem", other))))
                    .isEqualTo(mismatch + "c.pem");
        }
        for (String other : new String[] {ec.privateKeyPem(), ec.ecPrivateKeyPem()}) {
            assertThat(rejected(trusting().clientCertificate(rsaCertificate, file("k.pem", other))))
                    .isEqualTo(mismatch + "r.pem");
        }
        for (String encrypted : new String[] {
            block("ENCRYPTED PRIVATE KEY", ""),
            block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"),
            block("EC PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n")
        }) {
            assertThat(rejected(trusting().clientCertificate(certificate, file("k.pem", encrypted))))
                    .isEqualTo("the file DIR/k.pem holds an encrypted private key: it must not be encrypted");
        }
        for (String broken : new String[] {
            block("PRIVATE KEY", ""),
            block("RSA PRIVATE KEY", ""),
            block("EC PRIVATE KEY", ""),
            block("DSA PRIVATE KEY", "")
        }) {
            assertThat(rejected(trusting().clientCertificate(certificate, file("k.pem", broken))))
                    .isEqualTo("the file DIR/k.pem holds a private key that cannot be read; RSA and EC keys can");
        }
    }

    private static String block(String label, String headers) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(TestSecrets.mint("key").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return "-----BEGIN " + label + "-----\n" + headers + Base64.getEncoder().encodeToString(content.toByteArray())
                + "\n-----END " + label + "-----\n";
    }

    @Test
    void filesAreReadOnce() throws IOException {
        Path file = file("ca.pem", AUTHORITY.rootPem());
        TlsOptions options = TlsOptions.builder().authoritiesFile(file).build();
        options.load();
        Files.delete(file);

        works(ServerTls.with(AUTHORITY.server()), options);
    }

    @Test
    void plainRequestsNeedNoTls() throws IOException {
        TlsOptions unreadable =
                TlsOptions.builder().authoritiesFile(directory.resolve("none")).build();
        try (FaultyServer server = FaultyServer.start();
                SocketTransport transport =
                        new SocketTransport(unreadable, ProxyOptions.none(), InstantSource.system(), 100)) {
            assertThat(get(transport, server.address()).status()).isEqualTo(200);
        }
        assertThatThrownBy(unreadable::load).isInstanceOf(IllegalArgumentException.class);
    }
}
