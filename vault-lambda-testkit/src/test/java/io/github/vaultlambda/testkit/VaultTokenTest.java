package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultTokenTest extends VaultFixture {
    private String create(Map<String, ?> fields) throws Exception {
        return root("POST", "auth/token/create", fields).text("auth", "client_token");
    }

    @Test
    void batchTokensCarryNothingThatCouldBeManaged() throws Exception {
        Http.Reply made =
                root("POST", "auth/token/create", Map.of("type", "batch", "ttl", "1h", "policies", "default"));
        String token = made.text("auth", "client_token");

        assertThat(token).startsWith("hvb.");
        assertThat(made.text("auth", "accessor")).isEmpty();
        assertThat(made.at("auth", "renewable")).isEqualTo(false);
        Http.Reply shown = call(token, "GET", "auth/token/lookup-self", null);
        assertThat(shown.text("data", "type")).isEqualTo("batch");
        assertThat(shown.text("data", "expire_time")).isEqualTo("2026-03-01T13:00:00Z");
        assertFails(call(token, "POST", "auth/token/renew-self", Map.of()), 400, "batch tokens cannot be renewed");
        assertFails(call(token, "POST", "auth/token/revoke-self", Map.of()), 400, "batch tokens cannot be revoked");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            type=batch;num_uses=3         | batch tokens cannot have "num_uses" set
            type=batch;period=1h          | batch tokens cannot have "period" set
            type=batch;explicit_max_ttl=1h| batch tokens cannot have "explicit_max_ttl" set
            type=batch                    | batch tokens cannot be root tokens
            type=odd                      | invalid 'token_type' value
            ttl=-1h                       | ttl must be positive
            num_uses=-1                   | number of uses cannot be negative
            policies=response-wrapping    | cannot assign policy "response-wrapping"
            """)
    void refusesWhatNoTokenCanBe(String fields, String error) throws Exception {
        Map<String, String> body = new LinkedHashMap<>();
        for (String field : fields.split(";", -1)) {
            body.put(field.split("=", 2)[0], field.split("=", 2)[1]);
        }
        assertFails(root("POST", "auth/token/create", body), 400, error);
    }

    @Test
    void usesAreCountedDown() throws Exception {
        String token = create(Map.of("num_uses", 2, "ttl", "1h"));

        assertThat(call(token, "GET", "auth/token/lookup-self", null).text("data", "num_uses"))
                .isEqualTo("1");
        assertThat(call(token, "GET", "auth/token/lookup-self", null).text("data", "num_uses"))
                .isEqualTo("-1");
        assertInvalid(token);
    }

    @Test
    void refusedRequestsUseATokenToo() throws Exception {
        String token = create(Map.of("num_uses", 1, "ttl", "1h", "policies", "default"));

        assertFails(call(token, "GET", "secret/data/x", null), 403, "1 error occurred:\n\t* permission denied\n\n");
        assertInvalid(token);
    }

    @Test
    void limitedTokensMakeNoOthersAndDoNotRenewWithTheirLastUse() throws Exception {
        String token = create(Map.of("num_uses", 2, "ttl", "1h"));

        assertFails(
                call(token, "POST", "auth/token/create", Map.of()),
                400,
                "restricted use token cannot generate child tokens");
        assertFails(call(token, "POST", "auth/token/renew-self", Map.of()), 400, "token not found");
        assertInvalid(token);
    }

    @Test
    void periodicTokensLiveOnePeriodFromEachRenewal() throws Exception {
        String token = create(Map.of("period", "1h", "policies", "default"));
        clock.advance(Duration.ofMinutes(59));

        Http.Reply renewed = call(token, "POST", "auth/token/renew-self", Map.of("increment", "5h"));
        assertThat(renewed.text("auth", "lease_duration")).isEqualTo("3600");
        assertThat(renewed.at("warnings")).isNull();
        clock.advance(Duration.ofMinutes(59));
        Http.Reply shown = call(token, "GET", "auth/token/lookup-self", null);
        assertThat(shown.text("data", "period")).isEqualTo("3600");
        assertThat(shown.text("data", "ttl")).isEqualTo("60");
        clock.advance(Duration.ofMinutes(1));
        assertInvalid(token);
    }

    @Test
    void renewalsAreCappedByTheExplicitMaximum() throws Exception {
        String token = create(Map.of("ttl", "1h", "explicit_max_ttl", "2h", "policies", "default"));

        Http.Reply renewed = call(token, "POST", "auth/token/renew-self", Map.of("increment", "5h"));
        assertThat(renewed.text("auth", "lease_duration")).isEqualTo("7200");
        assertThat(renewed.at("warnings"))
                .isEqualTo(List.of(
                        "TTL of \"5h\" exceeded the effective max_ttl of \"2h\"; TTL value is capped accordingly"));
        clock.advance(Duration.ofMinutes(90));
        assertThat(call(token, "POST", "auth/token/renew-self", Map.of()).text("auth", "lease_duration"))
                .isEqualTo("1800");
        clock.advance(Duration.ofMinutes(30));
        assertInvalid(token);
    }

    @Test
    void someTokensCannotBeRenewed() throws Exception {
        String fixed = create(Map.of("renewable", false, "ttl", "1h", "policies", "default"));

        assertFails(call(fixed, "POST", "auth/token/renew-self", Map.of()), 400, "lease is not renewable");
        Http.Reply root = root("POST", "auth/token/create", Map.of());
        assertThat(root.text("auth", "lease_duration")).isEqualTo("0");
        assertThat(root.at("auth", "renewable")).isEqualTo(false);
        assertThat(root("GET", "auth/token/lookup-self", null).at("data", "expire_time"))
                .isNull();
    }

    @Test
    void childrenEndWithTheirParent() throws Exception {
        vault.policy("parent", "path \"auth/token/create\" { capabilities = [\"update\", \"sudo\"] }");
        String parent = create(Map.of("ttl", "1h", "policies", "parent"));
        String child =
                call(parent, "POST", "auth/token/create", Map.of("ttl", "2h")).text("auth", "client_token");
        String orphan = call(parent, "POST", "auth/token/create", Map.of("ttl", "2h", "no_parent", true))
                .text("auth", "client_token");

        call(parent, "POST", "auth/token/revoke-self", Map.of());

        assertInvalid(child);
        assertThat(call(orphan, "GET", "auth/token/lookup-self", null).status()).isEqualTo(200);
    }

    @Test
    void warnsAboutPoliciesThatAreNotThere() throws Exception {
        assertThat(root("POST", "auth/token/create", Map.of("policies", "nope")).at("warnings"))
                .isEqualTo(List.of("Policy \"nope\" does not exist"));
    }

    private void assertInvalid(String token) throws Exception {
        assertFails(
                call(token, "GET", "auth/token/lookup-self", null),
                403,
                "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");
    }
}
