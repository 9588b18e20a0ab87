package io.github.vaultlambda.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a user of the database when Vault ends the lease: nothing of ours is in between. */
interface LeaseContract {
    Bench bench();

    @Test
    default void userLivesAsLongAsItsLease() {
        SecretsEngines engines = bench().engines();
        JsonNode answer = bench().admin().read(SecretsEngines.CREDENTIALS);
        String user = answer.at("/data/username").asText();
        String password = answer.at("/data/password").asText();
        assertThat(engines.database().hasUser(user)).isTrue();
        assertThat(engines.database().admits(user, password)).isTrue();
        assertThat(engines.database().admits(user, "another")).isFalse();
        engines.revoke(answer.path("lease_id").asText());
        assertThat(engines.database().hasUser(user)).isFalse();
        assertThat(engines.database().admits(user, password)).isFalse();
    }

    @Test
    default void eachReadMakesAnotherUser() {
        JsonNode one = bench().admin().read(SecretsEngines.CREDENTIALS);
        JsonNode other = bench().admin().read(SecretsEngines.CREDENTIALS);
        assertThat(one.at("/data/username")).isNotEqualTo(other.at("/data/username"));
        assertThat(one.path("lease_id")).isNotEqualTo(other.path("lease_id"));
    }

    @Test
    default void leaseEndsWithItsToken() {
        SecretsEngines engines = bench().engines();
        String token = bench().admin().createToken(List.of(SecretsEngines.POLICY), Map.of("ttl", "1h"));
        JsonNode answer = bench().raw().get(SecretsEngines.CREDENTIALS, token).body();
        String user = answer.at("/data/username").asText();
        assertThat(engines.database().hasUser(user)).isTrue();
        bench().raw().put("auth/token/revoke-self", token, Map.of());
        Eventually.isTrue("the user is gone", () -> !engines.database().hasUser(user));
        RawVault.Answer renewal = bench().raw()
                .put(
                        "sys/leases/renew",
                        bench().engine().rootToken(),
                        Map.of("lease_id", answer.path("lease_id").asText()));
        assertThat(renewal.errors()).containsExactly("lease not found");
    }

    @Test
    default void leaseEndsWithItsTime() {
        SecretsEngines engines = bench().engines();
        String path = engines.databaseRole("moment", Duration.ofSeconds(1), Duration.ofSeconds(2));
        String user = bench().admin().read(path).at("/data/username").asText();
        assertThat(engines.database().hasUser(user)).isTrue();
        Eventually.isTrue("the user is gone", () -> !engines.database().hasUser(user));
    }

    @Test
    default void renewalsEndAtTheMaximum() {
        SecretsEngines engines = bench().engines();
        String path = engines.databaseRole("capped", Duration.ofSeconds(100), Duration.ofSeconds(100));
        String lease = bench().admin().read(path).path("lease_id").asText();
        // Vault asks the role anew at each renewal, so this is as if most of its maximum were over
        engines.databaseRole("capped", Duration.ofSeconds(40), Duration.ofSeconds(40));
        JsonNode renewal = bench().admin().write("sys/leases/renew", Map.of("lease_id", lease, "increment", 100));
        assertThat(renewal.path("lease_duration").asLong()).isBetween(30L, 40L);
        assertThat(renewal.path("renewable").asBoolean()).isTrue();
    }

    @Test
    default void rotationChangesThePasswordOfTheStaticUser() {
        SecretsEngines engines = bench().engines();
        String user = "clerk";
        String path = engines.staticRole(user, Duration.ofHours(1));
        String before = passwordAt(path);
        assertThat(engines.database().admits(user, before)).isTrue();
        assertThat(passwordAt(path)).isEqualTo(before);
        engines.rotate(user);
        String after = passwordAt(path);
        assertThat(after).isNotEqualTo(before);
        assertThat(engines.database().admits(user, after)).isTrue();
        assertThat(engines.database().admits(user, before)).isFalse();
    }

    private String passwordAt(String path) {
        return bench().admin().read(path).at("/data/password").asText();
    }
}
