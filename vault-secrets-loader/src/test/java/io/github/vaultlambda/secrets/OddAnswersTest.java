package io.github.vaultlambda.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.secrets.fakes.FakeVault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in Vault's answers that are none to count with. */
class OddAnswersTest {
    private final FakeVault vault = new FakeVault();
    private final VaultSecrets secrets = vault.secrets(Duration.ofMinutes(1));
    private final AtomicInteger answers = new AtomicInteger();

    /** What is read from now on has a number of its own. */
    private Secret<String> secret(String answer) {
        vault.at("engine/creds", call -> {
            String body = answer.replace("DATA", "\"k\":\"n0tf0rl0gs-" + answers.incrementAndGet() + "\"");
            return new HttpTransport.Reply(200, body.getBytes(StandardCharsets.UTF_8));
        });
        return secrets.secret("engine/creds#k");
    }

    private void isKeptForItsTtl(Secret<String> secret) {
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        vault.advance(Duration.ofSeconds(59));
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        secret.expiresAt();
        vault.advance(Duration.ofSeconds(1));
        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "9223372036854775", "9000000000000000", "400000000000"})
    void aLeaseOfHundredsOfYearsOrMoreIsKept(String seconds) {
        Secret<String> secret = secret("{\"lease_id\":\"engine/creds/1\",\"renewable\":true,\"lease_duration\":"
                + seconds + ",\"data\":{DATA}}");
        secret.get();
        vault.advance(Duration.ofDays(30));

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        assertThat(secret.expiresAt()).isAfter(vault.instant().plus(Duration.ofDays(10_000)));
        assertThat(vault.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "9223372036854775", "-1", "-9223372036854775808", "1e300", "\"1\""})
    void anAdviceThatIsNoneLeavesTheTtl(String seconds) {
        isKeptForItsTtl(secret("{\"lease_id\":\"\",\"lease_duration\":" + seconds + ",\"data\":{DATA}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "null", "\"1h\""})
    void aLeaseWithoutLifeIsNotAskedForAtEachUse(String seconds) {
        isKeptForItsTtl(secret("{\"lease_id\":\"engine/creds/1\",\"renewable\":true,\"lease_duration\":" + seconds
                + ",\"data\":{DATA}}"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_772_366_399, 1_772_366_400, -5})
    void aCertificateThatHasEndedBeforeItWasMadeIsNotAskedForAtEachUse(long expiration) {
        isKeptForItsTtl(secret("{\"data\":{\"serial_number\":\"1\",\"expiration\":" + expiration + ",DATA}}"));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE / 1_000 + 1})
    void aCertificateThatNeverEndsIsKept(long expiration) {
        Secret<String> secret = secret("{\"data\":{\"serial_number\":\"1\",\"expiration\":" + expiration + ",DATA}}");
        secret.get();
        vault.advance(Duration.ofDays(30));

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        assertThat(secret.state().stale()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "9223372036854776", "-1", "\"x\""})
    void aRotationThatIsNeverDueLeavesTheTtl(String ttl) {
        isKeptForItsTtl(
                secret("{\"data\":{\"last_vault_rotation\":\"2026-03-01T11:00:00Z\",\"ttl\":" + ttl + ",DATA}}"));
    }

    @Test
    void aRenewalThatGivesHundredsOfYearsIsTaken() {
        Secret<String> secret =
                secret("{\"lease_id\":\"engine/creds/1\",\"renewable\":true,\"lease_duration\":100,\"data\":{DATA}}");
        vault.at(
                "sys/leases/renew",
                200,
                "{\"lease_id\":\"engine/creds/1\",\"renewable\":true,\"lease_duration\":9223372036854775807}");
        secret.get();
        vault.advance(Duration.ofSeconds(75));
        secret.get();
        vault.advance(Duration.ofDays(30));

        assertThat(secret.get()).isEqualTo("n0tf0rl0gs-1");
        assertThat(vault.calls()).hasSize(2);
    }

    @Test
    void theDataMayBeAnything() {
        assertThat(secret("{\"data\":[\"n0tf0rl0gs\"],\"warnings\":[\"w\"]}").reference())
                .isNotNull();
        assertThat(secrets.secret("engine/creds").get()).isEqualTo("[\"n0tf0rl0gs\"]");
    }

    @Test
    void theLeaseInAWrappedAnswerHangsOnTheTokenThatAskedForIt() {
        vault.at("engine/creds", 200, "{\"data\":null,\"wrap_info\":{\"token\":\"hvs.n0tf0rl0gs-wrapping\"}}")
                .at(
                        "sys/wrapping/unwrap",
                        200,
                        "{\"lease_id\":\"engine/creds/1\",\"lease_duration\":100,\"data\":{\"k\":\"n0tf0rl0gs-1\"}}");
        Secret<String> secret = secrets.secret("engine/creds?wrap_ttl=60s#k");
        secret.get();
        VaultSession session = secrets.session();
        session.reject(session.token(session.client().newDeadline()));
        secret.get();

        assertThat(vault.calls()).extracting(call -> call.uri().getPath()).contains("/v1/sys/leases/lookup");
    }
}
