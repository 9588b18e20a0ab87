package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultLeaseTest extends VaultFixture {
    private static final String DENIED = "1 error occurred:\n\t* permission denied\n\n";

    @BeforeEach
    void aDatabaseRole() {
        vault.enableDatabase("database");
        vault.write("database/roles/r", Map.of("db_name", "db", "default_ttl", "20s", "max_ttl", "60s"));
        vault.policy("db", """
                path "database/creds/*" { capabilities = ["read"] }
                path "sys/leases/revoke" { capabilities = ["update"] }
                path "sys/leases/revoke-prefix/*" { capabilities = ["update"] }
                """);
    }

    private String lease(String token) throws Exception {
        return call(token, "GET", "database/creds/r", null).text("lease_id");
    }

    private String lease() throws Exception {
        return lease(vault.rootToken());
    }

    private Http.Reply renew(String lease, @Nullable Object increment) throws Exception {
        return root(
                "PUT",
                "sys/leases/renew",
                increment == null ? Map.of("lease_id", lease) : Map.of("lease_id", lease, "increment", increment));
    }

    private Http.Reply lookUp(String lease) throws Exception {
        return root("PUT", "sys/leases/lookup", Map.of("lease_id", lease));
    }

    @Test
    void renewsForItsTtlOrForAnIncrement() throws Exception {
        String lease = lease();
        clock.advance(Duration.ofSeconds(10));

        assertThat(renew(lease, null).body())
                .matches("\\{\"request_id\":\"[0-9a-f-]{36}\",\"lease_id\":\"" + lease
                        + "\",\"renewable\":true,\"lease_duration\":20,\"data\":null,\"wrap_info\":null,"
                        + "\"warnings\":null,\"auth\":null,\"mount_type\":\"system\"}\n");
        assertThat(renew(lease, 40).text("lease_duration")).isEqualTo("40");
        assertThat(renew(lease, "30s").text("lease_duration")).isEqualTo("30");
        assertThat(root("PUT", "sys/leases/renew/" + lease, Map.of()).text("lease_duration"))
                .isEqualTo("20");
        assertThat(root("PUT", "sys/renew/" + lease, null).text("lease_id")).isEqualTo(lease);
        assertThat(root("POST", "sys/renew", Map.of("lease_id", lease)).status())
                .isEqualTo(200);
    }

    @Test
    void neverRenewsBeyondTheGreatestTtl() throws Exception {
        String lease = lease();
        clock.advance(Duration.ofSeconds(15));
        renew(lease, 40);
        clock.advance(Duration.ofSeconds(35));

        Http.Reply capped = renew(lease, null);

        assertThat(capped.text("lease_duration")).isEqualTo("10");
        assertThat(capped.at("warnings"))
                .isEqualTo(List.of(
                        "TTL of \"20s\" exceeded the effective max_ttl of \"10s\"; TTL value is capped accordingly"));
        clock.advance(Duration.ofSeconds(10));
        assertFails(renew(lease, null), 400, "lease not found");
    }

    @Test
    void refusesToRenewWhenTheRolesGreatestTtlHasBeenLoweredOrTheRoleIsGone() throws Exception {
        String lease = lease();
        vault.write("database/roles/r", Map.of("max_ttl", "5s", "default_ttl", "5s"));
        clock.advance(Duration.ofSeconds(10));

        assertFails(
                renew(lease, null),
                400,
                "failed to renew entry: resp: (*logical.Response)(nil) err: past the max TTL, cannot renew");
        root("DELETE", "database/roles/r", null);
        assertFails(
                renew(lease, null),
                400,
                "failed to renew entry: resp: (*logical.Response)(nil) err: error during renew: could not find role with"
                        + " name \"r\"");
        assertThat(lookUp(lease).status()).isEqualTo(200);
    }

    @Test
    void looksUp() throws Exception {
        String lease = lease();
        assertThat(lookUp(lease).at("data"))
                .hasToString("{expire_time=2026-03-01T12:00:20Z, id=" + lease
                        + ", issue_time=2026-03-01T12:00:00Z, last_renewal=null, renewable=true, ttl=20}");

        clock.advance(Duration.ofSeconds(5));
        renew(lease, null);

        assertThat(lookUp(lease).at("data"))
                .hasToString(
                        "{expire_time=2026-03-01T12:00:25Z, id=" + lease
                                + ", issue_time=2026-03-01T12:00:00Z, last_renewal=2026-03-01T12:00:05Z, renewable=true, ttl=20}");
        assertThat(root("LIST", "sys/leases/lookup/database/creds", null).at("data", "keys"))
                .isEqualTo(List.of("r/"));
        assertThat(root("LIST", "sys/leases/lookup/database/creds/r/", null).at("data", "keys"))
                .isEqualTo(List.of(lease.substring("database/creds/r/".length())));
        assertFails(root("LIST", "sys/leases/lookup/nope", null), 404);
        clock.advance(Duration.ofSeconds(20));
        assertFails(lookUp(lease), 400, "invalid lease");
    }

    @Test
    void knowsWhatIsWrongWithAnId() throws Exception {
        assertFails(root("PUT", "sys/leases/renew", Map.of()), 400, "lease_id must be specified");
        assertFails(root("PUT", "sys/leases/lookup", Map.of()), 400, "lease_id must be specified");
        assertFails(root("PUT", "sys/leases/revoke", Map.of()), 400, "lease_id must be specified");
        assertFails(renew("database/creds/r/nope", null), 400, "lease not found");
        assertFails(lookUp("database/creds/r/nope"), 400, "invalid lease");
        assertFails(
                renew(lease(), "abc"),
                400,
                "Field validation failed: error converting input for field \"increment\": time: invalid duration \"abc\"");
        assertFails(
                renew(lease(), -5),
                400,
                "Field validation failed: error converting input for field \"increment\": cannot provide negative value"
                        + " '-5'");
        for (String path : List.of("sys/leases/renew", "sys/leases/lookup", "sys/leases/revoke")) {
            assertFails(root("GET", path, null), 405, "1 error occurred:\n\t* unsupported operation\n\n");
        }
        for (String path : List.of("sys/leases/revoke-prefix", "sys/leases/zzz", "sys/lookup")) {
            assertFails(root("PUT", path, Map.of()), 404, "1 error occurred:\n\t* unsupported path\n\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sys/leases/revoke/", "sys/revoke/", "sys/leases/revoke-prefix/", "sys/leases/revoke-force/"})
    void revokes(String path) throws Exception {
        String lease = lease();
        String other = lease();
        String target = path.contains("-") ? "database/creds" : lease;

        assertThat(root("PUT", path + target, null).status()).isEqualTo(204);

        assertFails(lookUp(lease), 400, "invalid lease");
        assertThat(vault.leases("database")).isEqualTo(path.contains("-") ? List.of() : List.of(other));
        assertThat(vault.databaseUsers("database")).hasSize(path.contains("-") ? 0 : 1);
        assertThat(root("PUT", path + target, null).status()).isEqualTo(204);
    }

    @Test
    void aPrefixMayBeOneLease() throws Exception {
        String lease = lease();
        String other = lease();

        root("PUT", "sys/leases/revoke-prefix/" + lease, null);

        assertThat(vault.leases("database")).containsExactly(other);
    }

    @Test
    void revokesWhatTheBodyNames() throws Exception {
        String lease = lease();
        assertThat(root("POST", "sys/leases/revoke", Map.of("lease_id", lease, "sync", true))
                        .status())
                .isEqualTo(204);
        assertFails(renew(lease, null), 400, "lease not found");

        String again = lease();
        vault.revokeLease(again);
        assertFails(renew(again, null), 400, "lease not found");
        assertThat(vault.databaseUsers("database")).isEmpty();
    }

    @Test
    void anyTokenMayRenewALeaseWhoseIdItKnowsButNotByItsPath() throws Exception {
        String lease = lease(vault.createToken(Duration.ofHours(1), "db"));
        String other = vault.createToken(Duration.ofHours(1));

        assertThat(call(other, "PUT", "sys/leases/renew", Map.of("lease_id", lease))
                        .status())
                .isEqualTo(200);
        assertThat(call(other, "PUT", "sys/leases/lookup", Map.of("lease_id", lease))
                        .status())
                .isEqualTo(200);
        assertFails(call(other, "PUT", "sys/leases/renew/" + lease, null), 403, DENIED);
        assertFails(call(other, "PUT", "sys/leases/revoke", Map.of("lease_id", lease)), 403, DENIED);
    }

    @Test
    void prefixesNeedSudo() throws Exception {
        String token = vault.createToken(Duration.ofHours(1), "db");

        assertFails(call(token, "PUT", "sys/leases/revoke-prefix/database", null), 403, DENIED);
        vault.policy("db", "path \"sys/leases/revoke-prefix/*\" { capabilities = [\"update\", \"sudo\"] }");
        assertThat(call(token, "PUT", "sys/leases/revoke-prefix/database", null).status())
                .isEqualTo(204);
    }

    @Test
    void leasesEndWithTheTokenThatHasThem() throws Exception {
        vault.write("database/roles/r", Map.of("default_ttl", "0", "max_ttl", "0"));
        String revoked = vault.createToken(Duration.ofHours(1), "db");
        String expiring = vault.createToken(Duration.ofSeconds(3), "db");
        assertThat(call(revoked, "GET", "database/creds/r", null).text("lease_duration"))
                .isEqualTo("2764800");
        String lease = lease(expiring);
        assertThat(vault.databaseUsers("database")).hasSize(2);

        root("POST", "auth/token/revoke", Map.of("token", revoked));
        assertThat(vault.leases("")).containsExactly(lease);
        clock.advance(Duration.ofSeconds(3));

        assertFails(lookUp(lease), 400, "invalid lease");
        assertThat(vault.databaseUsers("database")).isEmpty();
        lease(vault.createToken(Duration.ofHours(1), "db"));
        vault.revokeAllTokens();
        assertThat(vault.leases("database")).isEmpty();
    }

    @Test
    void leasesEndWithTheirMount() throws Exception {
        String lease = lease();

        root("DELETE", "sys/mounts/database", null);

        assertFails(lookUp(lease), 400, "invalid lease");
    }

    @Test
    void aBatchTokenBoundsItsLeases() throws Exception {
        vault.write("database/roles/r", Map.of("default_ttl", "0", "max_ttl", "0"));
        String batch = root("POST", "auth/token/create", Map.of("type", "batch", "ttl", "30s", "policies", "db"))
                .text("auth", "client_token");
        Http.Reply secret = call(batch, "GET", "database/creds/r", null);
        assertThat(secret.text("lease_duration")).isEqualTo("30");
        clock.advance(Duration.ofSeconds(10));

        assertThat(renew(secret.text("lease_id"), "1h").text("lease_duration")).isEqualTo("20");
        clock.advance(Duration.ofSeconds(20));
        assertThat(vault.leases("database")).isEmpty();
    }

    @Test
    void theLastUseOfATokenGivesNoLeasedSecret() throws Exception {
        String twice = root("POST", "auth/token/create", Map.of("num_uses", 2, "policies", "db"))
                .text("auth", "client_token");

        assertThat(call(twice, "GET", "database/creds/r", null).status()).isEqualTo(200);
        assertFails(
                call(twice, "GET", "database/creds/r", null),
                400,
                "Secret cannot be returned; token had one use left, so leased credentials were immediately revoked.");
        assertThat(vault.databaseUsers("database")).isEmpty();
    }

    @Test
    void aWrappedSecretHasItsLeaseInside() throws Exception {
        Http.Reply wrapped = Http.send(
                "GET",
                vault.address() + "/v1/database/creds/r",
                Map.of("X-Vault-Token", vault.rootToken(), "X-Vault-Wrap-TTL", "60"),
                null);
        assertThat(wrapped.text("lease_id")).isEmpty();

        Http.Reply open = call(wrapped.text("wrap_info", "token"), "PUT", "sys/wrapping/unwrap", null);

        assertThat(open.text("lease_id")).isEqualTo(vault.leases("database").get(0));
        assertThat(open.at("renewable")).isEqualTo(true);
        assertThat(open.text("lease_duration")).isEqualTo("20");
    }
}
