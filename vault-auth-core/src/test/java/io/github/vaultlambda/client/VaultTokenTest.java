package io.github.vaultlambda.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.fakes.FakeClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultTokenTest {
    private static final Instant ISSUED = FakeClock.START;

    private static VaultToken token(Duration ttl) {
        return new VaultToken(SecretValue.of("hvs.n0tf0rl0gs"), "accessor-1", ISSUED, ttl, true);
    }

    private static boolean isUsable(VaultToken token, Duration age, Duration grace) {
        return token.isUsableAt(ISSUED.plus(age).toEpochMilli(), grace.toMillis());
    }

    @ParameterizedTest(name = "ttl {0}, grace {1}: last usable at {2}")
    @CsvSource({
        "PT1H, PT10S, PT59M50S",
        "PT1H, PT0S, PT1H",
        // a grace beyond half of the TTL counts as half
        "PT1H, PT30M, PT30M",
        "PT1H, PT31M, PT30M",
        "PT1H, PT5H, PT30M",
        "PT15S, PT10S, PT7.5S",
        "PT1S, PT10S, PT0.5S",
    })
    void isUsableUntilTheGraceBegins(Duration ttl, Duration grace, Duration end) {
        VaultToken token = token(ttl);

        assertThat(isUsable(token, Duration.ZERO, grace)).isTrue();
        assertThat(isUsable(token, end.minusMillis(1), grace)).isTrue();
        assertThat(isUsable(token, end, grace)).isFalse();
        assertThat(isUsable(token, end.plusSeconds(3600), grace)).isFalse();
    }

    @Test
    void withoutTtlItNeverEnds() {
        VaultToken token = token(Duration.ZERO);

        assertThat(token.expiresAt()).isNull();
        assertThat(token.ttl()).isZero();
        assertThat(isUsable(token, Duration.ofDays(100_000), Duration.ofDays(1)))
                .isTrue();
        assertThat(token).hasToString("VaultToken[accessor=accessor-1, expires=never]");
    }

    @Test
    void tellsWhatIsKnownButNotItself() {
        VaultToken token = token(Duration.ofHours(1));

        assertThat(token.value().reveal()).isEqualTo("hvs.n0tf0rl0gs");
        assertThat(token.accessor()).isEqualTo("accessor-1");
        assertThat(token.issuedAt()).isEqualTo(ISSUED);
        assertThat(token.expiresAt()).isEqualTo(ISSUED.plusSeconds(3600));
        assertThat(token.renewable()).isTrue();
        assertThat(token).hasToString("VaultToken[accessor=accessor-1, expires=2026-03-01T13:00:00Z]");
        assertThat(new VaultToken(SecretValue.of("hvb.n0tf0rl0gs"), null, ISSUED, Duration.ZERO, false))
                .hasToString("VaultToken[accessor=null, expires=never]");
    }

    @Test
    void twoLoginsAreTwoTokens() {
        assertThat(token(Duration.ofHours(1))).isNotEqualTo(token(Duration.ofHours(1)));
    }
}
