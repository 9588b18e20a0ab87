package io.github.vaultlambda.extension.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which request targets go on, and which hosts they may name. */
class RequestTargetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/secret/data/a",
                "/v1/secret/metadata/",
                "/v1/secret/data/a%2Fb%20c",
                "/v1/a?list=true&x=%2F..%2F",
                "/v1/a?",
                "/v1/a...b/..c",
                "/v1/a?x=//y/../z"
            })
    void goOnAsTheyAre(String target) throws Refusal {
        assertThat(RequestTarget.of(URI.create(target))).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:8200/v1/a?b=c, /v1/a?b=c", "http://localhost/, /", "http://localhost?x=y, /?x=y"})
    void loseTheHostOfTheAbsoluteForm(String target, String sent) throws Refusal {
        assertThat(RequestTarget.of(URI.create(target))).isEqualTo(sent);
    }

    @ParameterizedTest
    @CsvSource({
        "//v1/a, /v1/a",
        "///v1/a, /v1/a",
        "/v1//a, /v1/a",
        "/v1/a//, /v1/a/",
        "/v1/./a, /v1/a",
        "/v1/../a, /a",
        "/../../a, /a",
        "/v1/.., /",
        "/v1/a/.., /v1/",
        "/v1/a/., /v1/a/",
        "/v1/%2e%2E/sys?x=//y, /sys?x=//y",
        "/v1/.%2e/a%2Fb, /a%2Fb",
        "http://localhost//evil.example/, /evil.example/"
    })
    void areRedirectedToTheirCleanForm(String target, String clean) {
        assertThatThrownBy(() -> RequestTarget.of(URI.create(target)))
                .asInstanceOf(type(Refusal.class))
                .satisfies(refusal -> assertThat(refusal.location()).isEqualTo(clean))
                .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(307));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/..%2fsys",
                "/v1/a%2F..%2F..%2Fsys",
                "/v1/a%5C..%5cb",
                "/v1/%2e%2e%2fx",
                "/a#b",
                "*",
                "a/b",
                "x:y"
            })
    void areRefusedWhereTheyCouldLeaveThePath(String target) {
        assertThatThrownBy(() -> RequestTarget.of(URI.create(target)))
                .asInstanceOf(type(Refusal.class))
                .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LocalHost:8200", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8200", "localhost:"})
    void mayNameThisMachine(String host) throws Refusal {
        HostGuard.check(List.of(host), URI.create("/v1/a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vault.example.com",
                "localhost.example.com",
                "127.0.0.1.example.com:8200",
                "127.0.0.2",
                "localhost:8200@evil",
                "",
                "[::1",
                "localhost,evil"
            })
    void mayNotNameAnother(String host) {
        assertThatThrownBy(() -> HostGuard.check(List.of(host), URI.create("/v1/a")))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void mustNameThisMachineOnceAndInBothPlaces() {
        URI local = URI.create("/v1/a");
        assertThatThrownBy(() -> HostGuard.check(null, local)).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> HostGuard.check(List.of("localhost", "localhost"), local))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> HostGuard.check(List.of("localhost"), URI.create("http://evil.example/v1/a")))
                .isInstanceOf(Refusal.class);
    }
}
