package io.github.vaultlambda.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.VaultResponse;
import io.github.vaultlambda.http.HttpTransport;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final SecretReference REFERENCE = SecretReference.parse("secret/data/db");
    private static final String VERSIONED = "{\"version\":3,\"created_time\":\"2026-03-01T11:00:00Z\"}";

    private final ScriptedVault vault = new ScriptedVault();

    private Reading reading(String body) {
        vault.at("x", 200, body);
        VaultResponse response = vault.session().client().read("x");
        return Reading.of(REFERENCE, response, TTL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // KV v2
                "{\"data\":{\"k\":\"n0tf0rl0gs\"},\"metadata\":" + VERSIONED + "}|{\"k\":\"n0tf0rl0gs\"}",
                "{\"metadata\":" + VERSIONED + ",\"data\":{}}|{}",
                // a KV v2 secret that itself looks like one
                "{\"data\":{\"data\":{\"k\":1},\"metadata\":" + VERSIONED + "},\"metadata\":" + VERSIONED
                        + "}|{\"data\":{\"k\":1},\"metadata\":" + VERSIONED + "}",
                // KV v1 and everything else
                "{\"k\":\"n0tf0rl0gs\"}|{\"k\":\"n0tf0rl0gs\"}",
                "{}|{}",
                // KV v1 secrets that look a little like KV v2
                "{\"data\":\"n0tf0rl0gs\",\"metadata\":\"x\"}|{\"data\":\"n0tf0rl0gs\",\"metadata\":\"x\"}",
                "{\"data\":{\"k\":1},\"metadata\":{}}|{\"data\":{\"k\":1},\"metadata\":{}}",
                "{\"data\":{\"k\":1},\"metadata\":{\"version\":1}}|{\"data\":{\"k\":1},\"metadata\":{\"version\":1}}",
                "{\"data\":{\"k\":1}}|{\"data\":{\"k\":1}}",
                "{\"data\":[1],\"metadata\":" + VERSIONED + "}|{\"data\":[1],\"metadata\":" + VERSIONED + "}",
                "{\"data\":{\"k\":1},\"metadata\":" + VERSIONED + ",\"more\":1}|{\"data\":{\"k\":1},\"metadata\":"
                        + VERSIONED + ",\"more\":1}",
            })
    void findsTheSecret(String data, String expected) {
        assertThat(reading("{\"data\":" + data + "}").data().revealJson()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"data\":null}", "{\"auth\":{\"client_token\":\"n0tf0rl0gs\"}}"})
    void anAnswerWithoutDataIsNoSecret(String body) {
        assertThatThrownBy(() -> reading(body))
                .isInstanceOf(SecretFormatException.class)
                .hasMessage("secret/data/db has no data: this path answers something else than a secret");
    }

    @ParameterizedTest
    @CsvSource({
        // no lease: what KV engines say about the duration is only a recommendation
        "'', 2764800, 60000",
        "'', 5, 60000",
        "'', 0, 60000",
        // a lease
        "database/creds/r/1, 3600, 60000",
        "database/creds/r/1, 60, 60000",
        "database/creds/r/1, 59, 59000",
        "database/creds/r/1, 1, 1000",
        "database/creds/r/1, 0, 0",
    })
    void isFreshUntilTtlOrLeaseEnd(String leaseId, long leaseSeconds, long freshMillis) {
        vault.at("slow", call -> {
            vault.advance(Duration.ofSeconds(7));
            String body = "{\"lease_id\":\"" + leaseId + "\",\"lease_duration\":" + leaseSeconds + ",\"data\":{}}";
            return new HttpTransport.Reply(200, body.getBytes(UTF_8));
        });

        Reading reading = Reading.of(REFERENCE, vault.session().client().read("slow"), TTL);

        // counted from when the request was sent
        long until = ScriptedVault.START.toEpochMilli() + freshMillis;
        assertThat(reading.freshUntilMillis()).isEqualTo(until);
        assertThat(reading.isFreshAt(until - 1)).isTrue();
        assertThat(reading.isFreshAt(until)).isFalse();
        assertThat(reading.isFreshAt(until + 1)).isFalse();
    }

    @Test
    void aTtlWithoutEndIsNoOverflow() {
        vault.kv1("x", "{}");
        VaultResponse response = vault.session().client().read("x");

        Reading reading = Reading.of(REFERENCE, response, Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(reading.isFreshAt(ScriptedVault.START.toEpochMilli()
                        + Duration.ofDays(36_500).toMillis()))
                .isTrue();
    }

    @Test
    void printsNothing() {
        assertThat(reading("{\"data\":{\"k\":\"n0tf0rl0gs\"}}").toString())
                .startsWith("Reading[fresh until ")
                .doesNotContain("n0tf0rl0gs");
    }
}
