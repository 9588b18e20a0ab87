package io.github.vaultlambda.http;

import static io.github.vaultlambda.http.Peers.SHORT;
import static io.github.vaultlambda.http.Peers.failure;
import static io.github.vaultlambda.http.Peers.get;
import static io.github.vaultlambda.http.Peers.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.http.HttpTransport.Call;
import io.github.vaultlambda.http.TransportException.Kind;
import io.github.vaultlambda.testkit.FaultyServer;
import io.github.vaultlambda.testkit.ProxyEmulator;
import io.github.vaultlambda.testkit.ServerTls;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests through a forward proxy. */
class ProxiedConnectionsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();

    private final FaultyServer plain = FaultyServer.start();
    private final FaultyServer secured = FaultyServer.start(ServerTls.with(AUTHORITY.server()));

    @AfterEach
    void stop() {
        plain.close();
        secured.close();
    }

    private static SocketTransport through(URI proxy) {
        return new SocketTransport(
                TlsOptions.builder()
                        .authorities(AUTHORITY.rootPem(), "the test")
                        .build(),
                ProxyOptions.always(proxy.toString(), "VAULT_PROXY_ADDR"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothSchemesGoThrough(boolean proxyWithTls) throws IOException {
        ProxyEmulator.Builder settings = ProxyEmulator.builder().basicAuth("me", TestSecrets.mint("pass"));
        if (proxyWithTls) {
            settings.tls(ServerTls.with(AUTHORITY.server()));
        }
        try (ProxyEmulator proxy = settings.start();
                SocketTransport transport = through(proxy.addressWithCredentials())) {
            transport.prepare(secured.address());
            for (int i = 0; i < 2; i++) {
                assertThat(get(transport, secured.address().resolve("/v1/a?b=c"))
                                .status())
                        .isEqualTo(200);
                assertThat(send(transport, "PUT", plain.address().resolve("/v1/a?b=c"), "{}")
                                .status())
                        .isEqualTo(200);
            }

            assertThat(proxy.calls())
                    .hasSize(3)
                    .allSatisfy(call -> assertThat(call.user()).isEqualTo("me"));
            assertThat(proxy.calls().get(0).method()).isEqualTo("CONNECT");
            assertThat(proxy.calls().get(0).target())
                    .isEqualTo(secured.address().getAuthority());
            assertThat(proxy.calls().get(1).target()).isEqualTo(plain.address() + "/v1/a?b=c");
            assertThat(secured.connections()).isEqualTo(1);
            assertThat(secured.requests().get(0).target()).isEqualTo("/v1/a?b=c");
            assertThat(secured.requests().get(0).header("Proxy-Authorization")).isNull();
        }
    }

    @Test
    void theProxyResolvesTheName() throws IOException {
        try (ProxyEmulator proxy = ProxyEmulator.start()) {
            proxy.route("vault.invalid", secured.address().getPort());
            SocketTransport transport = new SocketTransport(
                    TlsOptions.builder()
                            .authorities(AUTHORITY.rootPem(), "the test")
                            .serverName("localhost")
                            .build(),
                    ProxyOptions.fromVariables(
                            Map.of("HTTPS_PROXY", proxy.address().toString())));

            assertThat(get(transport, URI.create("https://vault.invalid:8200/")).status())
                    .isEqualTo(200);
            transport.close();
            assertThat(proxy.calls().get(0).target()).isEqualTo("vault.invalid:8200");
        }
    }

    @Test
    void aWrongPasswordIsCalledSo() {
        try (ProxyEmulator proxy = ProxyEmulator.builder()
                        .basicAuth("me", TestSecrets.mint("pass"))
                        .start();
                SocketTransport transport = through(proxy.address())) {
            TransportException failure = failure(() -> get(transport, secured.address()));

            assertThat(failure.kind()).isEqualTo(Kind.PROXY);
            assertThat(failure.mayHaveArrived()).isFalse();
            assertThat(failure).hasMessageEndingWith("refused to connect us to " + secured.address() + " (status 407)");
            assertThat(failure.hint()).isEqualTo("the proxy wants another user or password in VAULT_PROXY_ADDR");
        }
    }

    @Test
    void aProxyThatRefusesOrFailsIsCalledSo() throws IOException {
        try (ProxyEmulator proxy = ProxyEmulator.start();
                SocketTransport transport = through(proxy.address())) {
            assertThat(failure(() -> get(transport, URI.create("https://elsewhere.example/"))))
                    .hasMessageEndingWith("(status 403)");
            proxy.failNext(1, 502);
            assertThat(failure(() -> get(transport, secured.address())).kind()).isEqualTo(Kind.PROXY);
            proxy.failNext(1, 0);
            assertThat(failure(() -> get(transport, secured.address())).kind()).isEqualTo(Kind.PROXY);
            assertThat(get(transport, secured.address()).status()).isEqualTo(200);
        }
        try (SocketTransport transport = through(FaultyServer.refusing())) {
            TransportException failure = failure(() -> get(transport, secured.address()));
            assertThat(failure.kind()).isEqualTo(Kind.PROXY);
            assertThat(failure).hasMessageContaining("the proxy cannot be reached");
            assertThat(failure.hint()).startsWith("check VAULT_PROXY_ADDR");
        }
        assertThat(plain.requests()).isEmpty();
    }

    @Test
    void aProxyThatHangsEndsInTime() {
        try (FaultyServer hanging = FaultyServer.start();
                SocketTransport transport = through(hanging.address())) {
            hanging.silenceNextConnection();

            TransportException failure =
                    failure(() -> transport.send(new Call("GET", secured.address(), Map.of(), null, SHORT)));

            assertThat(failure.mayHaveArrived()).isFalse();
        }
    }

    @Test
    void theServersCertificateCountsBehindAProxyAsWell() {
        try (ProxyEmulator proxy = ProxyEmulator.start();
                FaultyServer foreign = FaultyServer.start(ServerTls.with(AUTHORITY.wrongHostServer()));
                SocketTransport transport = through(proxy.address())) {
            assertThat(failure(() -> get(transport, foreign.address())).kind()).isEqualTo(Kind.HOST_NAME_MISMATCH);
        }
    }

    @Test
    void aProxyWithAForeignCertificateIsRefused() {
        try (ProxyEmulator proxy = ProxyEmulator.builder()
                        .tls(ServerTls.with(AUTHORITY.wrongHostServer()))
                        .start();
                SocketTransport transport = through(proxy.address())) {
            TransportException failure = failure(() -> get(transport, secured.address()));
            assertThat(failure.kind()).isEqualTo(Kind.PROXY);
            assertThat(failure).hasMessageContaining("is not for 127.0.0.1");
        }
        assertThat(secured.connections()).isZero();
    }
}
