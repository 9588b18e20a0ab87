package io.github.vaultlambda.extension.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which request targets go on, and how. */
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
        assertThat(RequestTarget.of(target).text()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:8200/v1/a?b=c, /v1/a?b=c", "http://localhost/, /", "http://localhost?x=y, /?x=y"})
    void loseTheHostOfTheAbsoluteForm(String target, String sent) throws Refusal {
        assertThat(RequestTarget.of(target).text()).isEqualTo(sent);
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
        assertThatThrownBy(() -> RequestTarget.of(target))
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
        assertThatThrownBy(() -> RequestTarget.of(target))
                .asInstanceOf(type(Refusal.class))
                .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/a b", "/v1/\u00e9", "/v1/%zz", "/v1/a%2", "/v1/\u0001"})
    void areRefusedWhereTheyAreNotEncoded(String target) {
        assertThatThrownBy(() -> RequestTarget.of(target))
                .asInstanceOf(type(Refusal.class))
                .satisfies(refusal -> assertThat(refusal.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @CsvSource({"/v1/a{b}, /v1/a%7Bb%7D", "/v1/a?x={%22y%22:1}, /v1/a?x=%7B%22y%22:1%7D", "/v1/a?x=50%, /v1/a?x=50%25"})
    void areEncodedWhereClientsForget(String target, String sent) throws Refusal {
        assertThat(RequestTarget.of(target).text()).isEqualTo(sent);
    }

    @Test
    void areDecodedAsVaultDoes() throws Refusal {
        assertThat(RequestTarget.of("/v1/s%65cret/a%20b").decodedPath()).isEqualTo("/v1/secret/a b");
    }
}
