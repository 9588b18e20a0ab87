package io.github.vaultlambda.extension.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.vaultlambda.http.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the proxy answers, and what may go to Vault. */
class GateTest {
    private static final Map<String, String> PATHS = Map.of(
            ProxySettings.ALLOW_PATHS, "secret/data/orders/*, secret/metadata/+/db, transit/*/app-*, /v1/sys/health");

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LocalHost:8200", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8200", "localhost:"})
    void hostsOfThisMachineAreAnswered(String host) throws Refusal {
        checkSender(Map.of(), "/v1/a", "Host", host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vault.example.com",
                "localhost.example.com",
                "127.0.0.1.example.com:8200",
                "127.0.0.2",
                "localhost:8200@evil",
                "localhost:123456",
                "",
                "[::1",
                "localhost,evil"
            })
    void otherHostsAreNot(String host) {
        assertThatThrownBy(() -> checkSender(Map.of(), "/v1/a", "Host", host))
                .asInstanceOf(type(Refusal.class))
                .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(403));
    }

    @Test
    void theHostMustBeNamedOnceAndTheSameInBothPlaces() {
        assertThatThrownBy(() -> checkSender(Map.of(), "/v1/a")).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> checkSender(Map.of(), "/v1/a", "Host", "localhost", "Host", "localhost"))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> checkSender(Map.of(), "http://evil.example/v1/a", "Host", "localhost"))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void moreHostsCanBeNamed() throws Refusal {
        Map<String, String> settings = Map.of(ProxySettings.HOSTS, "vault-proxy, Sidecar");
        checkSender(settings, "/v1/a", "Host", "vault-proxy:8200");
        checkSender(settings, "/v1/a", "Host", "sidecar");
        checkSender(Map.of(ProxySettings.ADDRESS, "10.1.2.3"), "/v1/a", "Host", "10.1.2.3:8200");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For", "x-forwarded-host", "Forwarded"})
    void forwardedRequestsAreRefusedUnlessTheyAreAllowed(String header) throws Refusal {
        assertThatThrownBy(() -> checkSender(Map.of(), "/v1/a", "Host", "localhost", header, "1.2.3.4"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("forwarded");
        checkSender(Map.of(ProxySettings.ALLOW_FORWARDED, "true"), "/v1/a", "Host", "localhost", header, "1.2.3.4");
    }

    @Test
    void theHeaderOfVaultsAgentsCanBeRequired() throws Refusal {
        Map<String, String> settings = Map.of(ProxySettings.REQUIRE_HEADER, "true");
        checkRequest(settings, "GET", "/v1/a", "x-vault-request", "true");
        for (String[] headers :
                new String[][] {{}, {"X-Vault-Request", "True"}, {"X-Vault-Request", "true", "X-Vault-Request", "true"}
                }) {
            assertThatThrownBy(() -> checkRequest(settings, "GET", "/v1/a", headers))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("X-Vault-Request: true");
        }
    }

    @Test
    void methodsCanBeListed() throws Refusal {
        Map<String, String> settings = Map.of(ProxySettings.ALLOW_METHODS, "get, LIST");
        checkRequest(settings, "GET", "/v1/a");
        checkRequest(settings, "LIST", "/v1/a");
        assertThatThrownBy(() -> checkRequest(settings, "POST", "/v1/a"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("POST")
                .hasMessageContaining(ProxySettings.ALLOW_METHODS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/secret/data/orders/db",
                "/v1/secret/data/orders/db/deep?version=2",
                "/v1/secret/data/orders/",
                "/v1/secret/metadata/orders/db",
                "/v1/transit/encrypt/app-1",
                "/v1/transit/encrypt/app-1/more",
                "/v1/sys/health",
                "/v1/secret/d%61ta/orders/db"
            })
    void pathsInTheListAreAllowed(String path) throws Refusal {
        checkRequest(PATHS, "GET", path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/secret/data/orders",
                "/v1/secret/data/other/db",
                "/v1/secret/metadata/orders/deep/db",
                "/v1/secret/metadata//db",
                "/v1/transit/a/b/app-1",
                "/v1/transit/encrypt/other",
                "/v1/sys/healthy",
                "/ui/",
                "/",
                "/v1/secret/d%61ta/other/db"
            })
    void othersAreNot(String path) {
        assertThatThrownBy(() -> checkRequest(PATHS, "GET", path)).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @CsvSource({"team, false", "ours, true", "/other/, true"})
    void aNamespaceOfTheClientsOwnMustBeInTheList(String namespace, boolean allowed) throws Refusal {
        Map<String, String> settings = Map.of(ProxySettings.ALLOW_PATHS, "secret/*, other/secret/*");
        if (allowed) {
            checkRequest(settings, "GET", "/v1/secret/a", "X-Vault-Namespace", namespace);
        } else {
            assertThatThrownBy(() -> checkRequest(settings, "GET", "/v1/secret/a", "X-Vault-Namespace", namespace))
                    .isInstanceOf(Refusal.class);
        }
    }

    private static void checkSender(Map<String, String> settings, String target, String... headers) throws Refusal {
        gate(settings).checkSender(head("GET", target, headers), RequestTarget.of(target), true);
    }

    private static void checkRequest(Map<String, String> settings, String method, String target, String... headers)
            throws Refusal {
        RequestTarget wanted = new RequestTarget(null, target.replaceAll("\\?.*", ""), "");
        gate(settings).checkRequest(head(method, target, headers), wanted);
    }

    private static Gate gate(Map<String, String> settings) {
        return new Gate(Proxies.settings(settings), "ours");
    }

    private static RequestHead head(String method, String target, String... namesAndValues) {
        Headers headers = new Headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RequestHead(method, target, true, headers, 0, true, false);
    }
}
