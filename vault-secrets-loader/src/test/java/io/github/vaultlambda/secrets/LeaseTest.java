package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final long START = FakeVault.START.toEpochMilli();
    private static final Duration HUNDRED = Duration.ofSeconds(100);

    private final VaultToken token = token(1_000);

    private static VaultToken token(int seconds) {
        return new VaultToken(
                SecretValue.of("hvs.n0tf0rl0gs"), null, FakeVault.START, Duration.ofSeconds(seconds), true);
    }

    private static VaultResponse answer(String body) {
        return new FakeVault().at("x", 200, body).session().client().read("x");
    }

    private static VaultResponse granted(int seconds) {
        return answer("{\"lease_id\":\"x/1\",\"lease_duration\":" + seconds + ",\"renewable\":true,\"data\":{}}");
    }

    private static @Nullable Lease of(VaultResponse response) {
        return Lease.of(new SecretAnswer(response, response.body(), 0, response));
    }

    private static Lease lease() {
        Lease lease = of(granted(100));
        if (lease == null) {
            throw new AssertionError("no lease");
        }
        return lease;
    }

    @Test
    void anAnswerWithoutALeaseHasNone() {
        assertThat(of(answer("{\"lease_id\":\"\",\"lease_duration\":100,\"data\":{}}")))
                .isNull();
    }

    @Test
    void countsFromWhenItWasAskedFor() {
        assertThat(lease().endsAtMillis()).isEqualTo(START + 100_000);
        assertThat(lease().renewable()).isTrue();
        assertThat(lease()).hasToString("x/1");
    }

    @Test
    void isRenewedAgainWhileItIsGrantedHalfOfWhatItWasGivenOrWasWished() {
        assertThat(lease().renewedBy(granted(50), HUNDRED).renewable()).isTrue();
        assertThat(lease().renewedBy(granted(49), HUNDRED).renewable()).isFalse();
        assertThat(lease().renewedBy(granted(10), Duration.ofSeconds(10)).renewable())
                .isTrue();
        assertThat(lease().renewedBy(granted(4), Duration.ofSeconds(10)).renewable())
                .isFalse();
        assertThat(lease().renewedBy(granted(50), Duration.ofHours(9)).renewable())
                .as("more than the maximum TTL was wished")
                .isTrue();
        assertThat(lease().renewedBy(granted(50), Duration.ofSeconds(Long.MAX_VALUE))
                        .renewable())
                .isTrue();
    }

    @Test
    void keepsItsTokenThroughARenewalThatBeganBeforeTheTokenWasRenewed() {
        Lease hanging = lease().hangingOn(token(50));
        assertThat(hanging.isCutByToken()).isTrue();
        assertThat(hanging.endsAtMillis()).isEqualTo(START + 50_000);
        Lease renewed = hanging.renewedBy(granted(100), HUNDRED);
        Lease meanwhile = hanging.hangingOn(token);

        assertThat(meanwhile.livingAs(renewed).endsAtMillis()).isEqualTo(START + 100_000);
        assertThat(meanwhile.livingAs(renewed).isCutByToken()).isFalse();
    }

    @Test
    void staysEndedThroughARenewalThatBeganBefore() {
        Lease ended = lease().hangingOn(token).endedAt(START + 10_000);
        Lease renewed = lease().renewedBy(granted(100), HUNDRED);

        assertThat(ended.renewable()).isFalse();
        assertThat(ended.livingAs(renewed).endsAtMillis()).isEqualTo(START + 10_000);
    }

    @Test
    void hangsOnOneToken() {
        VaultToken other = new VaultToken(SecretValue.of("hvs.n0tf0rl0gs-2"), null, FakeVault.START, HUNDRED, true);

        assertThat(lease().hangingOn(token).hangsOn(token(1)))
                .as("the same, renewed")
                .isTrue();
        assertThat(lease().hangingOn(token).hangsOn(other)).isFalse();
    }

    @Test
    void aTokenWithoutEndDoesNotCutIt() {
        assertThat(lease().hangingOn(token(0)).isCutByToken()).isFalse();
    }
}
