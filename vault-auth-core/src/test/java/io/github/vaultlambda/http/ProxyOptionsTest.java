package io.github.vaultlambda.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which way a connection takes. */
class ProxyOptionsTest {
    private static @Nullable ForwardProxy way(ProxyOptions options, String address) throws IOException {
        return options.proxyFor(Origin.of(URI.create(address)));
    }

    private static boolean isProxied(String noProxy, String address) throws IOException {
        return way(
                        ProxyOptions.fromVariables(
                                Map.of("HTTPS_PROXY", "proxy:3128", "HTTP_PROXY", "proxy:3128", "NO_PROXY", noProxy)),
                        address)
                != null;
    }

    @Test
    void noProxyMeansNone() throws IOException {
        assertThat(way(ProxyOptions.none(), "https://vault.example.com")).isNull();
        assertThat(ProxyOptions.fromVariables(Map.of("NO_PROXY", "*"))).isSameAs(ProxyOptions.none());
        assertThat(ProxyOptions.fromVariables(Map.of("HTTPS_PROXY", " "))).isSameAs(ProxyOptions.none());
    }

    @Test
    void oneForAllIsForThisMachineAsWell() throws IOException {
        ProxyOptions options = ProxyOptions.always("http://proxy:3128", "VAULT_PROXY_ADDR");

        assertThat(way(options, "https://127.0.0.1:8200")).hasToString("the proxy proxy:3128");
        assertThat(way(options, "http://localhost")).hasToString("the proxy proxy:3128");
    }

    @Test
    void eachSchemeHasItsVariable() throws IOException {
        ProxyOptions options = ProxyOptions.fromVariables(
                Map.of("https_proxy", "http://lower:1", "HTTPS_PROXY", "http://upper:2", "http_proxy", "plain"));

        assertThat(way(options, "https://vault.example.com")).hasToString("the proxy upper:2");
        assertThat(way(options, "http://vault.example.com")).hasToString("the proxy plain:80");
        assertThat(way(ProxyOptions.fromVariables(Map.of("https_proxy", "p")), "http://vault.example.com"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://vault.example.com|example.com",
                "https://example.com|example.com",
                "https://vault.example.com|.example.com",
                "https://vault.example.com|*.example.com",
                "https://VAULT.example.com|other,  Example.COM ",
                "https://vault.example.com:8200|example.com:8200",
                "https://vault.example.com|example.com:443",
                "http://vault.example.com|example.com:80",
                "https://vault.example.com|*",
                "https://10.1.2.3|10.0.0.0/8",
                "https://10.1.2.3|10.1.2.3",
                "https://10.1.2.3:8200|10.1.2.3:8200",
                "https://10.1.2.3|*",
                "https://[fd00::1]:8200|fd00::/8",
                "https://[fd00::1]:8200|fd00::1",
                "https://[fd00::1]:8200|[fd00::1]:8200",
                "https://[fd00::1]|[fd00::1]",
                "https://localhost|",
                "https://LOCALHOST|",
                "https://127.9.9.9|",
                "https://[::1]:8200|"
            })
    void goesDirectly(String address, @Nullable String noProxy) throws IOException {
        assertThat(isProxied(noProxy == null ? "" : noProxy, address)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://vault.example.com|",
                "https://vault.example.com|ample.com",
                "https://example.com|.example.com",
                "https://example.com|*.example.com",
                "https://vault.example.com|vault",
                "https://vault.example.com:8200|example.com:443",
                "https://vault.example.com|10.0.0.0/8",
                "https://11.1.2.3|10.0.0.0/8",
                "https://10.1.2.3|10.1.2",
                "https://10.1.2.3:8200|10.1.2.3:443",
                "https://10.1.2.3|2.3",
                "https://10.1.2.3|10.0.0.0/33",
                "https://10.1.2.3|10.0.0.0/x",
                "https://[fe80::1]|fd00::/8",
                "https://vault.example.com|:443,,/,[]",
                "https://localhost.example.com|"
            })
    void goesThroughTheProxy(String address, @Nullable String noProxy) throws IOException {
        assertThat(isProxied(noProxy == null ? "" : noProxy, address)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://user:pa%20ss%3a+@proxy:1|Basic dXNlcjpwYSBzczor",
                "http://user@proxy:1|Basic dXNlcjo=",
                "user:p%C3%A9@proxy:1|Basic dXNlcjpww6k=",
                "https://[::1]:1/ignored?x|"
            })
    void theUserIsDecoded(String address, @Nullable String authorization) throws IOException {
        ForwardProxy proxy = ForwardProxy.parse(address, "HTTPS_PROXY");

        assertThat(proxy.port()).isEqualTo(1);
        assertThat(proxy.authorization()).isEqualTo(authorization);
        assertThat(proxy.tls()).isEqualTo(address.startsWith("https"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://u:n0tf0rl0gs@h",
                "http://",
                "http://u:n0tf0rl0gs@",
                "http://u:n0tf0rl0gs@h:port",
                "http://u:n0tf0rl0gs@h:70000",
                "http://u:n0tf0rl0gs%zz@h",
                "http://u:n0tf0rl0gs%4@h",
                "http://u:n0tf0rl0gs@a b"
            })
    void whatIsNoProxyIsNotQuoted(String address) {
        Throwable thrown = catchThrowable(() -> ProxyOptions.fromVariables(Map.of("https_proxy", address)));

        assertThat(thrown)
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .hasMessage("https_proxy is no address of a proxy: it must look like http://host:port or"
                        + " http://user:password@host:port");
    }

    @Test
    void socksIsRefusedClearly() {
        assertThat(catchThrowable(() ->
                        ProxyOptions.always("socks5://u:" + TestSecrets.mint("p") + "@h:1080", "VAULT_HTTP_PROXY")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("VAULT_HTTP_PROXY names a SOCKS proxy, which is not supported: use one with http:// or"
                        + " https://");
    }

    @Test
    void passwordsAreNotPrinted() {
        ProxyOptions options = ProxyOptions.always("http://u:" + TestSecrets.mint("p") + "@h:1", "X");

        assertThat(options.toString()).isEqualTo("http: the proxy h:1, https: the proxy h:1");
    }
}
