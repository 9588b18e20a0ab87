package io.github.vaultlambda.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:8200",
                "internal.example:8080",
                "1.2.3",
                "1.2.3.4.",
                "1.2.3.256",
                "1.2.3.4:80",
                "::1/128",
                "::g",
                "1::2::3",
                ":"
            })
    void whatIsNoAddressIsAName(String text) {
        assertThat(IpAddress.bytes(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 4", "::1, 16", "::ffff:10.0.0.1, 4", "2001:DB8::a, 16", "fe80::1%1, 16"})
    void addressesHaveFourOrSixteenBytes(String text, int bytes) {
        assertThat(IpAddress.bytes(text)).hasSize(bytes);
    }
}
