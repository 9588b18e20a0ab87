package io.github.vaultlambda.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentSettingsTest {
    private static final Duration OTHERWISE = Duration.ofSeconds(42);

    private static EnvironmentSettings with(String value) {
        return EnvironmentSettings.of(Map.of("X", value));
    }

    private static List<String> faultsOf(EnvironmentSettings settings) {
        VaultConfigException e = catchThrowableOfType(VaultConfigException.class, settings::rejectFaults);
        return e == null ? List.of() : e.faults();
    }

    @Test
    void trimsValues() {
        assertThat(with(" \t value with spaces\n").text("X")).isEqualTo("value with spaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n ", "\u2003"})
    void aBlankValueCountsAsUnset(String blank) {
        EnvironmentSettings settings = with(blank);

        assertThat(settings.text("X")).isNull();
        assertThat(settings.duration("X", OTHERWISE)).isEqualTo(OTHERWISE);
        assertThat(settings.lenientDuration("X")).isNull();
        assertThat(settings.timeout("X", OTHERWISE)).isEqualTo(OTHERWISE);
        assertThat(settings.count("X", 7, 0, 9)).isEqualTo(7);
        assertThat(settings.address("X")).isNull();
        assertThat(settings.isSet("X")).isTrue();
        assertThatCode(settings::rejectFaults).doesNotThrowAnyException();
    }

    @Test
    void anUnsetVariableIsNoFaultUnlessRequired() {
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of());

        assertThat(settings.text("X")).isNull();
        assertThat(settings.isSet("X")).isFalse();
        assertThat(settings.address("X")).isNull();
        assertThat(settings.lenientDuration("X")).isNull();
        assertThat(faultsOf(settings)).isEmpty();
        assertThat(settings.requiredText("X", "set it")).isEmpty();
        assertThat(settings.requiredAddress("Y", "set that")).isEqualTo(URI.create("http://missing.invalid"));
        assertThat(faultsOf(settings)).containsExactly("X is missing: set it", "Y is missing: set that");
    }

    @Test
    void findsNamesByPrefixInOrder() {
        EnvironmentSettings settings =
                EnvironmentSettings.of(Map.of("V_B", "1", "V_A", "2", "W", "3", "xV_C", "4", "V_", "5"));

        assertThat(settings.namesStartingWith("V_")).containsExactly("V_", "V_A", "V_B");
        assertThat(settings.namesStartingWith("Q")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10s, PT10S", "' 1m30s ', PT1M30S", "0, PT0S", "-5s, PT0S"})
    void readsDurations(String text, Duration expected) {
        EnvironmentSettings settings = with(text);

        assertThat(settings.duration("X", OTHERWISE)).isEqualTo(expected);
        assertThat(faultsOf(settings)).isEmpty();
    }

    @Test
    void aWrongDurationIsAFault() {
        EnvironmentSettings settings = with("10 seconds");

        assertThat(settings.duration("X", OTHERWISE)).isEqualTo(OTHERWISE);
        assertThat(faultsOf(settings))
                .containsExactly(
                        "X is \"10 seconds\", which is no duration: write a number with a unit, such as 10s or 1m30s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"junk", "-1s", "10"})
    void aLenientDurationIsNoFaultButNone(String text) {
        EnvironmentSettings settings = with(text);

        assertThat(settings.lenientDuration("X")).isNull();
        assertThat(faultsOf(settings)).isEmpty();
    }

    @Test
    void readsALenientDuration() {
        assertThat(with("1.5h").lenientDuration("X")).isEqualTo(Duration.ofMinutes(90));
    }

    @ParameterizedTest
    @CsvSource({"60, PT1M", "2d, PT48H", "1m30s, PT1M30S", "250ms, PT0.25S", "1, PT1S"})
    void readsTimeouts(String text, Duration expected) {
        EnvironmentSettings settings = with(text);

        assertThat(settings.timeout("X", OTHERWISE)).isEqualTo(expected);
        assertThat(faultsOf(settings)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0s",
                "0d",
                "-1s",
                "-2d",
                "d",
                "1.5d",
                "junk",
                "1.5",
                "99999999999999999999",
                "9223372036854775807",
                "106751991167301d",
                "200000d"
            })
    void aWrongTimeoutIsAFault(String text) {
        EnvironmentSettings settings = with(text);

        assertThat(settings.timeout("X", OTHERWISE)).isEqualTo(OTHERWISE);
        assertThat(faultsOf(settings))
                .containsExactly("X is \"" + text
                        + "\", which is no time-out: write seconds such as 60, or a duration such as 1m30s");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "9, 9", "' 5 ', 5"})
    void readsCounts(String text, int expected) {
        EnvironmentSettings settings = with(text);

        assertThat(settings.count("X", 7, 0, 9)).isEqualTo(expected);
        assertThat(faultsOf(settings)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "10", "two", "1.0", "99999999999"})
    void aWrongCountIsAFault(String text) {
        EnvironmentSettings settings = with(text);

        assertThat(settings.count("X", 7, 0, 9)).isEqualTo(7);
        assertThat(faultsOf(settings)).containsExactly("X is \"" + text + "\": write a whole number from 0 to 9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://vault.example.com",
                "https://vault.example.com:8200/",
                "HTTP://127.0.0.1:8200/prefix/of/path",
                "http://[::1]:8200"
            })
    void readsAddresses(String text) {
        EnvironmentSettings settings = with(" " + text + " ");

        assertThat(settings.address("X")).isEqualTo(URI.create(text));
        assertThat(settings.requiredAddress("X", "")).isEqualTo(URI.create(text));
        assertThat(faultsOf(settings)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vault.example.com",
                "vault.example.com:8200",
                "//vault.example.com",
                "ftp://vault.example.com",
                "https://",
                "https:///path",
                "https://vault.example.com:99999",
                "https://vault.example.com/#f",
                "https://vault example.com",
                "unix:///run/vault.sock"
            })
    void aWrongAddressIsAFault(String text) {
        EnvironmentSettings settings = with(text);

        assertThat(settings.address("X")).isEqualTo(URI.create("http://faulty.invalid"));
        assertThat(faultsOf(settings))
                .containsExactly("X is \"" + text
                        + "\", which is no http or https address: write one such as https://host.example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:n0tf0rl0gs@vault.example.com",
                "https://n0tf0rl0gs@vault.example.com:8200/",
                "https://user:n0tf0rl0gs@",
                "https://user:n0t f0rl0gs n0tf0rl0gs@vault.example.com",
                "https://user:n0tf0rl0gs@under_score",
                "user:n0tf0rl0gs@vault.example.com",
                "ftp://user:n0tf0rl0gs@vault.example.com",
                "https://user:n0tf0rl0gs@vault.example.com:99999"
            })
    void aValueWithAPasswordIsNeverShown(String text) {
        EnvironmentSettings settings = with(text);

        assertThat(settings.requiredAddress("X", "")).isEqualTo(URI.create("http://faulty.invalid"));
        assertThatThrownBy(settings::rejectFaults)
                .isInstanceOf(VaultConfigException.class)
                .hasNoCause()
                .message()
                .startsWith("Vault configuration has 1 fault: (1) X ")
                .contains("not shown")
                .doesNotContain("n0t");
    }

    @Test
    void reportsAllFaultsInOneMessageInTheirOrder() {
        EnvironmentSettings settings = EnvironmentSettings.of(Map.of("B", "junk", "C", "-1"));
        settings.requiredText("A", "set A");
        settings.duration("B", OTHERWISE);
        settings.count("C", 0, 0, 5);
        settings.fault("D is odd");

        assertThatThrownBy(settings::rejectFaults)
                .isInstanceOf(VaultConfigException.class)
                .hasMessage("Vault configuration has 4 faults: (1) A is missing: set A (2) B is \"junk\", which is no"
                        + " duration: write a number with a unit, such as 10s or 1m30s (3) C is \"-1\": write a whole number"
                        + " from 0 to 5 (4) D is odd");
        assertThat(faultsOf(settings)).hasSize(4).last().isEqualTo("D is odd");
    }
}
