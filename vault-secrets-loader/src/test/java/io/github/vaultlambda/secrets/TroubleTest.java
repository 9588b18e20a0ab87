package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TroubleTest {
    private final VaultUnavailableException failure = new VaultUnavailableException(VaultFailure.of("down"));
    private static final SecretOptions OPTIONS = SecretOptions.defaults();

    @Test
    void eachFurtherFailureDoublesThePauseUpToAMinute() {
        Trouble trouble = Trouble.outage(failure, 0, null, 1);
        assertThat(trouble.untilMillis()).isEqualTo(1_000);
        for (int i = 1; i <= 100; i++) {
            trouble = Trouble.outage(failure, 0, trouble, 1);
            assertThat(trouble.failures()).isEqualTo(i + 1);
            assertThat(trouble.untilMillis()).isEqualTo(1_000L << Math.min(i, 6));
        }
        assertThat(Trouble.outage(failure, 0, trouble, 0).untilMillis()).isEqualTo(32_000);
    }

    @Test
    void anOutageAfterARefusalIsTheFirst() {
        Trouble refusal = Trouble.refusal(failure, 0, 5_000);

        assertThat(Trouble.outage(failure, 0, refusal, 1).failures()).isEqualTo(1);
    }

    @Test
    void holdsFromItsBeginningToItsEnd() {
        Trouble trouble = Trouble.refusal(failure, 10_000, 5_000);

        assertThat(trouble.holdsAt(9_999)).isFalse();
        assertThat(trouble.holdsAt(10_000)).isTrue();
        assertThat(trouble.holdsAt(14_999)).isTrue();
        assertThat(trouble.holdsAt(15_000)).isFalse();
        assertThat(trouble.holdsAt(14_999, OPTIONS)).isTrue();
        assertThat(trouble.holdsAt(11_000, OPTIONS.withRefusalTtl(Duration.ofSeconds(1))))
                .isFalse();
        assertThat(trouble.holdsAt(15_000, OPTIONS.withRefusalTtl(Duration.ofHours(1))))
                .isFalse();
    }

    @Test
    void aRefusalForEverDoesNotOverflow() {
        Trouble trouble = Trouble.refusal(failure, 10_000, Reading.millis(Duration.ofSeconds(Long.MAX_VALUE)));

        assertThat(trouble.holdsAt(Long.MAX_VALUE / 4)).isTrue();
    }
}
