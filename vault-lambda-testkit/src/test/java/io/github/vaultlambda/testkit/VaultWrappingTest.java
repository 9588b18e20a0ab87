package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.wire.Json;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultWrappingTest extends VaultFixture {
    private static final String GONE = "wrapping token is not valid or does not exist";

    private Http.Reply wrap(String ttl, String method, String path, @Nullable Object body) throws Exception {
        return Http.send(
                method,
                vault.address() + "/v1/" + path,
                Map.of("X-Vault-Token", vault.rootToken(), "X-Vault-Wrap-TTL", ttl),
                body == null ? null : Json.write(body));
    }

    private String wrappedSecret() throws Exception {
        vault.putSecret("secret/data/x", Map.of("a", "geheim"));
        return wrap("2m", "GET", "secret/data/x", null).text("wrap_info", "token");
    }

    @Test
    void answersWaitInAToken() throws Exception {
        vault.putSecret("secret/data/x", Map.of("a", "geheim"));

        Http.Reply reply = wrap("120", "GET", "secret/data/x", null);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body())
                .matches(
                        "\\{\"request_id\":\"\",\"lease_id\":\"\",\"renewable\":false,\"lease_duration\":0,\"data\":null,"
                                + "\"wrap_info\":\\{\"token\":\"hvs\\.[^\"]+\",\"accessor\":\"\\w{24}\",\"ttl\":120,"
                                + "\"creation_time\":\"2026-03-01T12:00:00Z\",\"creation_path\":\"secret/data/x\"},"
                                + "\"warnings\":null,\"auth\":null,\"mount_type\":\"\"}\n");
        Http.Reply open = call(reply.text("wrap_info", "token"), "POST", "sys/wrapping/unwrap", null);
        assertThat(open.status()).isEqualTo(200);
        assertThat(open.text("data", "data", "a")).isEqualTo("geheim");
        assertThat(open.text("mount_type")).isEqualTo("kv");
        assertThat(open.raw().headers().firstValue("Content-Type")).contains("application/json");
    }

    @Test
    void aDeletedVersionIsWrappedAndIsNotFoundWhenItIsUnwrapped() throws Exception {
        vault.putSecret("secret/data/x", Map.of("a", "geheim"));
        vault.deleteSecret("secret/data/x");

        Http.Reply reply = wrap("2m", "GET", "secret/data/x", null);

        assertThat(reply.status()).isEqualTo(200);
        Http.Reply open = call(reply.text("wrap_info", "token"), "PUT", "sys/wrapping/unwrap", null);
        assertThat(open.status()).isEqualTo(404);
        assertThat(open.at("data", "data")).isNull();
        assertThat(open.at("data", "metadata", "version")).hasToString("1");
        assertThat(wrap("2m", "GET", "secret/data/missing", null).status()).isEqualTo(404);
    }

    @Test
    void aWrappingTokenWorksOnce() throws Exception {
        String token = wrappedSecret();

        assertThat(call(token, "PUT", "sys/wrapping/unwrap", null).status()).isEqualTo(200);
        assertFails(call(token, "PUT", "sys/wrapping/unwrap", null), 400, GONE);
        assertFails(call(null, "PUT", "sys/wrapping/lookup", Map.of("token", token)), 400, GONE);
    }

    @Test
    void anotherCallerMayNameIt() throws Exception {
        String token = wrappedSecret();
        Map<String, String> named = Map.of("token", token);

        assertFails(call(null, "PUT", "sys/wrapping/unwrap", named), 403, "permission denied");
        assertFails(
                call("hvs.no", "PUT", "sys/wrapping/unwrap", named),
                403,
                "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n");
        String caller = vault.createToken(Duration.ofHours(1));
        assertThat(call(caller, "PUT", "sys/wrapping/unwrap", named).status()).isEqualTo(200);
        assertFails(call(caller, "PUT", "sys/wrapping/unwrap", named), 400, GONE);
        assertThat(call(caller, "GET", "auth/token/lookup-self", null).status()).isEqualTo(200);
    }

    @Test
    void endsAfterItsTime() throws Exception {
        String token = wrappedSecret();
        clock.advance(Duration.ofMinutes(2));

        assertFails(call(token, "PUT", "sys/wrapping/unwrap", null), 400, GONE);
    }

    @Test
    void anyOtherRequestUsesItUp() throws Exception {
        String token = wrappedSecret();

        assertFails(
                call(token, "GET", "auth/token/lookup-self", null),
                403,
                "1 error occurred:\n\t* permission denied\n\n");
        assertFails(call(token, "PUT", "sys/wrapping/unwrap", null), 400, GONE);
    }

    @Test
    void looksUpWithoutUsing() throws Exception {
        String token = wrappedSecret();

        Http.Reply named = call(null, "POST", "sys/wrapping/lookup", Map.of("token", token));
        assertThat(named.at("data"))
                .hasToString("{creation_path=secret/data/x, creation_time=2026-03-01T12:00:00Z, creation_ttl=120}");
        assertThat(named.text("mount_type")).isEmpty();
        assertThat(call(token, "GET", "sys/wrapping/lookup", null).status()).isEqualTo(200);
        assertThat(call(token, "PUT", "sys/wrapping/unwrap", null).status()).isEqualTo(200);
    }

    @Test
    void refusesWhatIsNoWrappingToken() throws Exception {
        assertFails(call(null, "PUT", "sys/wrapping/unwrap", Map.of("token", "hvs.no")), 400, GONE);
        assertFails(root("PUT", "sys/wrapping/unwrap", Map.of("token", vault.rootToken())), 400, GONE);
        assertFails(root("PUT", "sys/wrapping/unwrap", null), 400, GONE);
        assertFails(
                call(null, "PUT", "sys/wrapping/unwrap", null), 403, "error validating wrapping token: token is empty");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            abc | error parsing X-Vault-Wrap-TTL header: time: invalid duration "abc"
            -5  | error parsing X-Vault-Wrap-TTL header: requested wrap ttl cannot be negative
            """)
    void refusesBadTimes(String ttl, String error) throws Exception {
        assertFails(wrap(ttl, "GET", "secret/data/x", null), 400, error);
    }

    @Test
    void errorsAndEmptyAnswersAreNotWrapped() throws Exception {
        assertFails(wrap("60", "GET", "secret/data/none", null), 404);
        assertThat(wrap("60", "DELETE", "secret/data/none", null).status()).isEqualTo(204);
        assertThat(wrap("60", "GET", "sys/health", null).at("initialized")).isEqualTo(true);
    }

    @Test
    void wrapsWhatItIsGiven() throws Exception {
        assertFails(
                root("POST", "sys/wrapping/wrap", Map.of("a", "b")),
                400,
                "endpoint requires response wrapping to be used");
        String token = wrap("60", "POST", "sys/wrapping/wrap", Map.of("a", "b")).text("wrap_info", "token");

        String again =
                root("POST", "sys/wrapping/rewrap", Map.of("token", token)).text("wrap_info", "token");
        assertFails(call(token, "PUT", "sys/wrapping/unwrap", null), 400, GONE);
        assertThat(call(again, "PUT", "sys/wrapping/unwrap", null).at("data")).isEqualTo(Map.of("a", "b"));
    }

    @Test
    void loginsAndSecretIdsAreWrappedWithTheirAccessor() throws Exception {
        vault.enableAuth("approle", "approle");
        root("POST", "auth/approle/role/r", Map.of("role_id", "id"));

        Http.Reply wrappedId = wrap("60", "POST", "auth/approle/role/r/secret-id", Map.of());
        Http.Reply id = call(wrappedId.text("wrap_info", "token"), "PUT", "sys/wrapping/unwrap", null);
        assertThat(wrappedId.text("wrap_info", "wrapped_accessor")).isEqualTo(id.text("data", "secret_id_accessor"));

        Map<String, String> login = Map.of("role_id", "id", "secret_id", id.text("data", "secret_id"));
        Http.Reply wrappedLogin = wrap("60", "POST", "auth/approle/login", login);
        Http.Reply auth = call(wrappedLogin.text("wrap_info", "token"), "PUT", "sys/wrapping/unwrap", null);
        assertThat(wrappedLogin.text("wrap_info", "creation_path")).isEqualTo("auth/approle/login");
        assertThat(wrappedLogin.text("wrap_info", "wrapped_accessor")).isEqualTo(auth.text("auth", "accessor"));
        assertThat(call(auth.text("auth", "client_token"), "GET", "auth/token/lookup-self", null)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "both,,403",
        "both,10,403",
        "both,30,200",
        "both,90,200",
        "both,91,403",
        "least,,403",
        "least,29,403",
        "least,9999,200",
        "most,,403",
        "most,10,200",
        "most,91,403",
        "merged,10,403",
        "merged,20,200",
        "merged,91,403"
    })
    void policiesMayDemandWrapping(String name, @Nullable String ttl, int status) throws Exception {
        vault.policy("one", """
                path "secret/data/both" {
                  capabilities = ["read"]
                  min_wrapping_ttl = "30s"
                  max_wrapping_ttl = "90s"
                }
                path "secret/data/least" { capabilities = ["read"] min_wrapping_ttl = 30 }
                path "secret/data/most" { capabilities = ["read"] max_wrapping_ttl = "1m30s" }
                path "secret/data/merged" { capabilities = ["read"] min_wrapping_ttl = "40s" max_wrapping_ttl = "90s" }
                """);
        vault.policy("two", "path \"secret/data/merged\" { capabilities = [\"read\"] min_wrapping_ttl = \"20s\" }");
        vault.putSecret("secret/data/" + name, Map.of("a", "geheim"));
        String token = vault.createToken(Duration.ofHours(1), "one", "two");

        Http.Reply reply = Http.send(
                "GET",
                vault.address() + "/v1/secret/data/" + name,
                ttl == null ? Map.of("X-Vault-Token", token) : Map.of("X-Vault-Token", token, "X-Vault-Wrap-TTL", ttl),
                null);

        assertThat(reply.status()).isEqualTo(status);
        if (status == 403) {
            assertFails(reply, 403, "1 error occurred:\n\t* permission denied\n\n");
        } else {
            assertThat(reply.text("wrap_info", "ttl")).isEqualTo(ttl);
        }
    }

    @Test
    void refusesPoliciesWithBadTimesOfWrapping() throws Exception {
        assertFails(
                root(
                        "POST",
                        "sys/policies/acl/p",
                        Map.of("policy", "path \"x\" { capabilities = [\"read\"] min_wrapping_ttl = \"abc\" }")),
                400,
                "failed to parse policy: error parsing min_wrapping_ttl: time: invalid duration \"abc\"");
        assertFails(
                root(
                        "POST",
                        "sys/policies/acl/p",
                        Map.of(
                                "policy",
                                "path \"x\" { capabilities = [\"read\"] min_wrapping_ttl = \"2m\" max_wrapping_ttl = \"1m\" }")),
                400,
                "failed to parse policy: max_wrapping_ttl cannot be less than min_wrapping_ttl");
    }
}
