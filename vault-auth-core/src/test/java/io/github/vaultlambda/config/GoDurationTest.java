package io.github.vaultlambda.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases are those of Go's own test of time.ParseDuration. */
class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "-0, PT0S",
        "+0, PT0S",
        "5s, PT5S",
        "30s, PT30S",
        "1478s, PT1478S",
        "-5s, PT-5S",
        "+5s, PT5S",
        "5.0s, PT5S",
        "5.6s, PT5.6S",
        "5.s, PT5S",
        ".5s, PT0.5S",
        "-.5s, PT-0.5S",
        "1.0s, PT1S",
        "1.00s, PT1S",
        "1.004s, PT1.004S",
        "1.0040s, PT1.004S",
        "100.00100s, PT100.001S",
        "10ns, PT0.00000001S",
        "11us, PT0.000011S",
        "12µs, PT0.000012S",
        "12μs, PT0.000012S",
        "13ms, PT0.013S",
        "14s, PT14S",
        "15m, PT15M",
        "16h, PT16H",
        "1.5h, PT1H30M",
        "1h3m, PT1H3M",
        "3h30m, PT3H30M",
        "10.5s4m, PT4M10.5S",
        "-2m3.4s, PT-2M-3.4S",
        "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
        "39h9m14.425s, PT39H9M14.425S",
        "0.9ns, PT0S",
        "0.3333333333333333333h, PT20M",
        "9223372036854775807ns, PT9223372036.854775807S",
        "9223372036854775.807us, PT9223372036.854775807S",
        "-9223372036s854ms775us807ns, PT-9223372036.854775807S",
    })
    void readsWhatGoReads(String text, Duration expected) {
        Duration read = GoDuration.parse(text);

        if (text.startsWith("0.33")) {
            // Go answers exactly 20m here because it computes with floating point; exact arithmetic is 1 ns below.
            assertThat(read).isBetween(expected.minusNanos(1), expected);
        } else {
            assertThat(read).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3",
                "-",
                "+",
                "s",
                ".",
                "-.",
                ".s",
                "+.s",
                "1d",
                "5.",
                "1h5.",
                "1.5",
                "10",
                "00",
                "0.0",
                "1h3",
                "1.2.3s",
                "1..5s",
                "--1s",
                "+-1s",
                "1s-1s",
                "1 s",
                "1s 1s",
                " 1s",
                "1s ",
                "1S",
                "1sec",
                "1e3s",
                "0x1s",
                "1_000s",
                "1,5s",
                "٣s",
                "h1",
                "ten seconds",
                "\uD83D\uDE00s",
                "1\u0000s"
            })
    void refusesWhatGoRefuses(String text) {
        assertThat(GoDuration.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808ns",
                "9223372036854775.808us",
                "9223372036854ms775us808ns",
                "9223372036854775807ns1ns",
                "3000000h",
                "-3000000h",
                "99999999999999999999999999999999h"
            })
    void refusesWhatDoesNotFitInGosDuration(String text) {
        assertThat(GoDuration.parse(text)).isNull();
    }
}
