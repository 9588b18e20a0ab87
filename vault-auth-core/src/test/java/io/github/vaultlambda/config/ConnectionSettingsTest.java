package io.github.vaultlambda.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.http.ProxyOptions;
import io.github.vaultlambda.http.TlsOptions;
import io.github.vaultlambda.testkit.TestCertificate;
import io.github.vaultlambda.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables that say how Vault is reached: TLS, proxies, headers, limits. */
class ConnectionSettingsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();

    @TempDir
    Path folder;

    private Path ca;
    private Path certificate;
    private Path key;

    @BeforeEach
    void writeFiles() throws IOException {
        TestCertificate client = AUTHORITY.client("orders");
        ca = Files.writeString(folder.resolve("ca.pem"), AUTHORITY.rootPem());
        certificate = Files.writeString(folder.resolve("client.pem"), client.chainPem());
        key = Files.writeString(folder.resolve("client-key.pem"), client.privateKeyPem());
    }

    private static VaultConfig with(String... variables) {
        Map<String, String> environment = new HashMap<>();
        environment.put("VAULT_ADDR", "https://vault.example.com:8200");
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return VaultConfig.fromEnvironment(environment);
    }

    private static void isFault(String message, String... variables) {
        assertThatThrownBy(() -> with(variables))
                .isInstanceOf(VaultConfigException.class)
                .hasMessage("Vault configuration has 1 fault: (1) " + message);
    }

    // ------------------------------------------------------------------ TLS

    @Test
    void withoutVariablesTheJavaRuntimeIsTrustedAndNoProxyUsed() {
        assertThat(with().tls()).isSameAs(TlsOptions.defaults());
        assertThat(with().proxies()).isSameAs(ProxyOptions.none());
        assertThat(with().headers()).isEmpty();
        assertThat(with().rateLimit()).isNull();
        assertThat(with().followRedirects()).isTrue();
        assertThat(with().revokeOnClose()).isFalse();
    }

    @Test
    void readsEveryTlsVariable() {
        TlsOptions tls = with(
                        "VAULT_CACERT", ca.toString(),
                        "VAULT_CLIENT_CERT", certificate.toString(),
                        "VAULT_CLIENT_KEY", key.toString(),
                        "VAULT_TLS_SERVER_NAME", "vault.internal",
                        "VAULT_SKIP_VERIFY", "true")
                .tls();

        assertThat(tls)
                .hasToString("TLS options: authorities " + ca + ", client certificate " + certificate
                        + ", server name vault.internal, NOTHING VERIFIED");
        assertThat(tls.hasClientCertificate()).isTrue();
        assertThat(tls.skipsVerification()).isTrue();
        tls.load();
    }

    @Test
    void theFileWinsOverTheTextAndTheTextOverTheFolder() {
        String pem = AUTHORITY.rootPem();

        assertThat(with("VAULT_CACERT", ca.toString(), "VAULT_CACERT_BYTES", pem, "VAULT_CAPATH", folder.toString())
                        .tls()
                        .toString())
                .contains("authorities " + ca);
        assertThat(with("VAULT_CACERT_BYTES", pem, "VAULT_CAPATH", folder.toString())
                        .tls()
                        .toString())
                .contains("authorities VAULT_CACERT_BYTES");
        assertThat(with("VAULT_CAPATH", folder.toString()).tls().toString()).contains("authorities " + folder);
    }

    @Test
    void filesThatAreNotThereAreFaults() {
        String missing = folder.resolve("missing.pem").toString();

        isFault(
                "VAULT_CACERT is \"" + missing
                        + "\": there is no such file; for a folder of certificates there is VAULT_CAPATH",
                "VAULT_CACERT",
                missing);
        isFault("VAULT_CAPATH is \"" + missing + "\": there is no such folder", "VAULT_CAPATH", missing);
        isFault(
                "VAULT_CLIENT_KEY is \"" + missing + "\": there is no such file",
                "VAULT_CLIENT_CERT",
                certificate.toString(),
                "VAULT_CLIENT_KEY",
                missing);
    }

    @Test
    void certificateAndKeyBelongTogether() {
        isFault(
                "VAULT_CLIENT_CERT is set but VAULT_CLIENT_KEY is not: set both or none",
                "VAULT_CLIENT_CERT",
                certificate.toString());
        isFault(
                "VAULT_CLIENT_KEY is set but VAULT_CLIENT_CERT is not: set both or none",
                "VAULT_CLIENT_KEY",
                key.toString());
    }

    @Test
    void aKeyInPlaceOfItsFileIsNotQuoted() {
        assertThatThrownBy(() -> with(
                        "VAULT_CLIENT_CERT",
                        certificate.toString(),
                        "VAULT_CLIENT_KEY",
                        "-----BEGIN PRIVATE KEY-----\nn0tf0rl0gs\n-----END PRIVATE KEY-----"))
                .hasMessageContaining("VAULT_CLIENT_KEY is PEM text (not shown), but the path of a file is wanted")
                .message()
                .doesNotContain("n0tf0rl0gs");
    }

    @Test
    void textInPlaceOfAFolderIsNotShown() {
        assertThatThrownBy(() -> with("VAULT_CAPATH", "-----BEGIN PRIVATE KEY-----\nn0tf0rl0gs"))
                .hasMessageContaining("VAULT_CAPATH is PEM text (not shown)")
                .message()
                .doesNotContain("n0tf0rl0gs");
    }

    @Test
    void textThatIsNoCertificateIsAFault() {
        isFault("VAULT_CACERT_BYTES holds no certificate in PEM form (value not shown)", "VAULT_CACERT_BYTES", "junk");
    }

    // ------------------------------------------------------------------ proxies

    @ParameterizedTest
    @CsvSource({
        "VAULT_PROXY_ADDR, http: the proxy proxy.example.com:3128",
        "VAULT_HTTP_PROXY, http: the proxy proxy.example.com:3128",
        "HTTPS_PROXY, https: the proxy proxy.example.com:3128",
        "https_proxy, https: the proxy proxy.example.com:3128",
    })
    void readsTheProxy(String variable, String expected) {
        assertThat(with(variable, "http://user:n0tf0rl0gs@proxy.example.com:3128")
                        .proxies()
                        .toString())
                .contains(expected)
                .doesNotContain("n0tf0rl0gs");
    }

    @Test
    void vaultsOwnProxyWins() {
        assertThat(with(
                                "VAULT_PROXY_ADDR", "http://first:1",
                                "VAULT_HTTP_PROXY", "http://second:2",
                                "HTTPS_PROXY", "http://third:3")
                        .proxies()
                        .toString())
                .contains("first:1")
                .doesNotContain("second", "third");
    }

    @ParameterizedTest
    @ValueSource(strings = {"VAULT_PROXY_ADDR", "VAULT_HTTP_PROXY", "HTTPS_PROXY"})
    void aProxyThatIsNoneIsAFaultAndNotQuoted(String variable) {
        assertThatThrownBy(() -> with(variable, "socks5://user:n0tf0rl0gs@proxy:1080"))
                .isInstanceOf(VaultConfigException.class)
                .hasMessageContaining("has 1 fault")
                .hasMessageContaining(variable)
                .message()
                .doesNotContain("n0tf0rl0gs");
    }

    // ------------------------------------------------------------------ headers, limits, redirects

    @Test
    void readsHeaders() {
        assertThat(with("VAULT_HEADERS", " {\"X-Team\":\"orders\",\"X-Key\":\"n0tf0rl0gs\"} ")
                        .headers())
                .containsOnly(Map.entry("X-Team", "orders"), Map.entry("X-Key", "n0tf0rl0gs"));
        assertThat(with("VAULT_HEADERS", "{}").headers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n0tf0rl0gs",
                "[\"n0tf0rl0gs\"]",
                "{\"X-Key\":7}",
                "{\"X-Key\":[\"n0tf0rl0gs\"]}",
                "{\"X-Key\":\"n0tf0rl0gs\"",
                "{\"X-Key\":\"n0tf0rl0gs\"} more",
            })
    void headersThatAreNoneAreAFaultAndNotQuoted(String json) {
        isFault(
                "VAULT_HEADERS is no JSON object of texts (value not shown): write for example {\"X-Team\":\"orders\"}",
                "VAULT_HEADERS",
                json);
    }

    @Test
    void vaultsOwnHeadersAreNotForTheUser() {
        isFault(
                "VAULT_HEADERS sets x-vault-Token: headers that begin with X-Vault- are Vault's own",
                "VAULT_HEADERS",
                "{\"x-vault-Token\":\"n0tf0rl0gs\"}");
    }

    @Test
    void headersThatCannotBeSentAreFaults() {
        isFault(
                "VAULT_HEADERS sets a header whose name is none: letters, digits and dashes make one",
                "VAULT_HEADERS",
                "{\"a b\":\"n0tf0rl0gs\"}");
        isFault(
                "VAULT_HEADERS sets Content-Length, which only the connection itself may set",
                "VAULT_HEADERS",
                "{\"Content-Length\":\"7\"}");
        isFault(
                "VAULT_HEADERS sets X-Key to a value with control characters (not shown)",
                "VAULT_HEADERS",
                "{\"X-Key\":\"n0tf0rl0gs\\r\\n\"}");
    }

    @ParameterizedTest
    @CsvSource({"10, 10, 10", "0.5, 0.5, 1", "10:20, 10, 20", "2.5:3, 2.5, 3"})
    void readsTheRateLimit(String text, double perSecond, int burst) {
        assertThat(with("VAULT_RATE_LIMIT", text).rateLimit()).isEqualTo(new RateLimit(perSecond, burst));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "0", "-1", "10:0", "10:x", "NaN", "Infinity", ":5"})
    void aRateLimitThatIsNoneIsAFault(String text) {
        isFault(
                "VAULT_RATE_LIMIT is \"" + text
                        + "\": write requests per second, such as 10, or with a burst, such as 10:20",
                "VAULT_RATE_LIMIT",
                text);
    }

    @Test
    void readsFlags() {
        VaultConfig config = with("VAULT_DISABLE_REDIRECTS", "1", "VAULT_REVOKE_TOKEN_ON_CLOSE", "T");

        assertThat(config.followRedirects()).isFalse();
        assertThat(config.revokeOnClose()).isTrue();
        isFault("VAULT_SKIP_VERIFY is \"yes\": write true or false", "VAULT_SKIP_VERIFY", "yes");
    }
}
