package io.github.vaultlambda.extension.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.auth.login.LoginMethod;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultEndpoint;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.config.VaultConfig;
import io.github.vaultlambda.testkit.ProxyCall;
import io.github.vaultlambda.testkit.ProxyEmulator;
import io.github.vaultlambda.testkit.TestCertificates;
import io.github.vaultlambda.testkit.TestSecrets;
import io.github.vaultlambda.testkit.VaultStandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Proxied requests go over connections as the variables secure and lead them, and the session's own go over the same. */
class ProxyConnectionTest {
    private static final String SECRET = "secret/data/orders/db";

    private final TestCertificates authority = TestCertificates.create();
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable VaultStandIn vault;
    private @Nullable ProxyServer proxy;
    private String token = "";

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.stop(Duration.ZERO);
        }
        if (vault != null) {
            vault.close();
        }
    }

    @Test
    void overTlsWithTheAuthorityFromTheVariables() throws IOException {
        VaultStandIn secured = vault(VaultStandIn.startTls(authority));
        environment.put("VAULT_CACERT_BYTES", authority.rootPem());
        VaultSession session = start();
        session.client().read(SECRET);

        for (int i = 0; i < 3; i++) {
            String answer = read();
            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(answer.contains(TestSecrets.MARKER)).isTrue();
        }

        assertThat(secured.connectionCount()).isEqualTo(1);
    }

    @Test
    void saysInOneLineThatTheCertificateIsNotTrusted() throws IOException {
        VaultStandIn secured = vault(VaultStandIn.startTls(authority));
        environment.put("VAULT_CACERT_BYTES", TestCertificates.create().rootPem());
        start();
        String answer;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            answer = read();
        } finally {
            System.setErr(before);
        }

        assertThat(answer)
                .startsWith("HTTP/1.1 502 ")
                .endsWith("\r\n\r\nfailed to proxy request: GET /v1/" + SECRET
                        + ": TLS failed: the server's certificate comes from an authority that is not trusted\n");
        assertThat(log.toString(UTF_8).lines().filter(line -> line.contains("Forwarder")))
                .singleElement()
                .asString()
                .contains("GET /v1/" + SECRET + " to Vault at " + secured.address())
                .contains("its certificate comes from an authority that is not trusted")
                .contains("VAULT_CACERT")
                .doesNotContain(TestSecrets.MARKER);
        assertThat(secured.requests()).isEmpty();
    }

    @Test
    void throughATunnelOfAForwardProxy() throws IOException {
        VaultStandIn secured = vault(VaultStandIn.startTls(authority));
        try (ProxyEmulator forward =
                ProxyEmulator.builder().basicAuth("orders", "n0tf0rl0gs").start()) {
            environment.put("VAULT_CACERT_BYTES", authority.rootPem());
            environment.put("VAULT_PROXY_ADDR", forward.addressWithCredentials().toString());
            start();

            assertThat(read()).startsWith("HTTP/1.1 200 ");
            assertThat(read()).startsWith("HTTP/1.1 200 ");

            assertThat(forward.calls())
                    .containsExactly(new ProxyCall("CONNECT", secured.address().getAuthority(), "orders", 200));
        }
    }

    @Test
    void throughAForwardProxyThatSeesTheRequest() throws IOException {
        VaultStandIn plain = vault(VaultStandIn.start());
        try (ProxyEmulator forward = ProxyEmulator.start()) {
            environment.put("VAULT_HTTP_PROXY", forward.address().toString());
            start();

            assertThat(read()).startsWith("HTTP/1.1 200 ");

            assertThat(forward.calls())
                    .containsExactly(new ProxyCall("GET", plain.address() + "/v1/" + SECRET, "", 200));
        }
    }

    @Test
    void saysThatTheForwardProxyDoesNotConnect() throws IOException {
        vault(VaultStandIn.startTls(authority));
        try (ProxyEmulator forward = ProxyEmulator.start().failNext(9, 503)) {
            environment.put("VAULT_PROXY_ADDR", forward.address().toString());
            start();

            assertThat(read())
                    .startsWith("HTTP/1.1 502 ")
                    .endsWith(": the forward proxy did not connect to the host\n");
        }
    }

    private VaultStandIn vault(VaultStandIn started) {
        vault = started;
        started.readable("orders", SECRET);
        started.putSecret(SECRET, Map.of("password", TestSecrets.mint("db-")));
        token = started.createToken(Duration.ofHours(1), "orders");
        environment.put("VAULT_ADDR", started.address().toString());
        return started;
    }

    private VaultSession start() throws IOException {
        VaultSession session =
                VaultSession.of(VaultConfig.fromEnvironment(environment), new GivenToken(), Platform.system());
        proxy = Proxies.start(session, Map.of());
        return session;
    }

    private String read() throws IOException {
        return RawHttp.get(proxy == null ? 0 : proxy.port(), "/v1/" + SECRET, "Host: localhost");
    }

    /** No login: so that what is seen at Vault are the proxied requests. */
    private final class GivenToken implements LoginMethod {
        @Override
        public VaultToken login(VaultEndpoint endpoint, Deadline deadline) {
            return new VaultToken(SecretValue.of(token), null, Instant.now(), Duration.ofHours(1), false);
        }

        @Override
        public String describe() {
            return "given token";
        }
    }
}
