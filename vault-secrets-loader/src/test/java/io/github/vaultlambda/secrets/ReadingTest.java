package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadingTest {
    private static final long START = FakeVault.START.toEpochMilli();
    private static final long GRACE = 10_000;
    private static final SecretOptions MINUTE = SecretOptions.defaults();

    private static Reading reading(String body, int version, double jitter) {
        VaultResponse response =
                new FakeVault().at("x", 200, body).session().client().read("x");
        SecretValue data = response.data();
        assertThat(data).isNotNull();
        return Reading.of(
                new SecretAnswer(response, data == null ? SecretValue.of("") : data, version, response), jitter, 1);
    }

    private static Reading kv(double jitter) {
        return reading("{\"lease_duration\":0,\"data\":{\"k\":\"n0tf0rl0gs\"}}", 1, jitter);
    }

    @Test
    void aValueWithoutAnEndIsFreshForItsTtlAndServableForLonger() {
        Reading reading = kv(0);

        assertThat(reading.endsAtMillis()).isEqualTo(Reading.NEVER);
        assertThat(reading.isFreshAt(START + 59_999, MINUTE)).isTrue();
        assertThat(reading.isFreshAt(START + 60_000, MINUTE)).isFalse();
        assertThat(reading.isServableAt(START + 3_659_999, MINUTE)).isTrue();
        assertThat(reading.isServableAt(START + 3_660_000, MINUTE)).isFalse();
    }

    @Test
    void isDueBetweenThreeQuartersAndTheEndOfItsTtl() {
        assertThat(kv(0).dueAt(MINUTE, GRACE)).isEqualTo(START + 45_000);
        assertThat(kv(1).dueAt(MINUTE, GRACE)).isEqualTo(START + 57_000);
    }

    @Test
    void whatIsNotReadAheadIsDueWhenItIsTooOld() {
        assertThat(kv(0).dueAt(MINUTE.withRefreshAhead(false), GRACE)).isEqualTo(START + 60_000);
    }

    @Test
    void aClockThatWasSetBackByMoreThanAMinuteVoidsIt() {
        assertThat(kv(0).isFreshAt(START - 60_000, MINUTE)).isTrue();
        assertThat(kv(0).isFreshAt(START - 60_001, MINUTE)).isFalse();
        assertThat(kv(0).isServableAt(START - 60_001, MINUTE)).isFalse();
    }

    @Test
    void afterARefusalItServesNoLongerThanItIsFresh() {
        Reading refused = kv(0).afterRefusal();

        assertThat(refused.isFreshAt(START + 59_999, MINUTE)).isTrue();
        assertThat(refused.isServableAt(START + 60_000, MINUTE)).isFalse();
    }

    @Test
    void whatVaultAdvisesShortensTheTtlAndNeverLengthensIt() {
        assertThat(reading("{\"lease_duration\":20,\"data\":{}}", 0, 0).freshUntil(MINUTE))
                .isEqualTo(START + 20_000);
        assertThat(reading("{\"lease_duration\":2764800,\"data\":{}}", 0, 0).freshUntil(MINUTE))
                .isEqualTo(START + 60_000);
    }

    @Test
    void aCertificateLivesToItsEndWhateverTheTtl() {
        long end = START / 1000 + 3_600;
        Reading reading =
                reading("{\"lease_duration\":0,\"data\":{\"serial_number\":\"1\",\"expiration\":" + end + "}}", 0, 0);

        assertThat(reading.freshUntil(MINUTE)).isEqualTo(end * 1000 - 2_000);
        assertThat(reading.dueAt(MINUTE, GRACE)).isEqualTo(START + 2_880_000);
        assertThat(reading.servableUntil(MINUTE)).isEqualTo(end * 1000);
    }

    @Test
    void aStaticRoleIsReadWhenItIsRotated() {
        String body = "{\"lease_duration\":0,\"data\":{\"last_vault_rotation\":\"2026-03-01T11:00:00Z\",\"ttl\":%}}";

        Reading soon = reading(body.replace("%", "20"), 0, 0);
        assertThat(soon.freshUntil(MINUTE)).isEqualTo(START + 20_000);
        assertThat(soon.dueAt(MINUTE, GRACE)).isEqualTo(START + 20_000);
        assertThat(soon.isServableAt(START + 20_000, MINUTE)).isFalse();
        assertThat(reading(body.replace("%", "0"), 0, 0).freshUntil(MINUTE)).isEqualTo(START + 1_000);
        assertThat(reading(body.replace("%", "86400"), 0, 0).freshUntil(MINUTE)).isEqualTo(START + 60_000);
    }

    @Test
    void aKvSecretMayHaveFieldsOfThoseNames() {
        Reading reading = reading(
                "{\"lease_duration\":0,\"data\":{\"last_vault_rotation\":\"x\",\"ttl\":1,\"serial_number\":\"1\","
                        + "\"expiration\":1}}",
                3,
                0);

        assertThat(reading.freshUntil(MINUTE)).isEqualTo(START + 60_000);
    }

    @Test
    void aLeaseLivesToItsEndLessAMargin() {
        Reading reading = reading("{\"lease_id\":\"x/1\",\"lease_duration\":100,\"renewable\":true,\"data\":{}}", 0, 0);
        Reading last = reading("{\"lease_id\":\"x/1\",\"lease_duration\":100,\"data\":{}}", 0, 1);
        Reading brief = reading("{\"lease_id\":\"x/1\",\"lease_duration\":10,\"data\":{}}", 0, 1);

        assertThat(reading.freshUntil(MINUTE)).isEqualTo(START + 98_000);
        assertThat(reading.dueAt(MINUTE, GRACE)).isEqualTo(START + 60_000);
        assertThat(last.dueAt(MINUTE, GRACE)).isEqualTo(START + 90_000);
        assertThat(brief.freshUntil(MINUTE)).isEqualTo(START + 9_000);
        assertThat(reading.servableUntil(MINUTE)).isEqualTo(START + 100_000);
        assertThat(reading.isDeadAt(START + 99_999)).isFalse();
        assertThat(reading.isDeadAt(START + 100_000)).isTrue();
    }

    @Test
    void aLeaseThatVaultEndedIsNeitherFreshNorServableThoughTheClockWasSetBack() {
        Reading reading = reading("{\"lease_id\":\"x/1\",\"lease_duration\":100,\"data\":{}}", 0, 0);
        Lease lease = reading.lease();
        assertThat(lease).isNotNull();
        if (lease != null) {
            Reading ended = reading.with(lease.endedAt(START - 30_000));

            assertThat(ended.isFreshAt(START - 30_000, MINUTE)).isFalse();
            assertThat(ended.isServableAt(START - 30_000, MINUTE)).isFalse();
        }
    }

    @Test
    void endlessTimesDoNotOverflow() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        SecretOptions endless = MINUTE.withTtl(forEver).withMaxStale(forEver);
        Reading reading = kv(1);

        assertThat(reading.isFreshAt(START + Long.MAX_VALUE / 4, endless)).isTrue();
        assertThat(reading.isServableAt(START + Long.MAX_VALUE / 4, endless)).isTrue();
        assertThat(reading.dueAt(endless, GRACE)).isGreaterThan(START);
    }

    @Test
    void printsNoData() {
        assertThat(kv(0)).hasToString("Reading[at " + START + "]");
    }
}
