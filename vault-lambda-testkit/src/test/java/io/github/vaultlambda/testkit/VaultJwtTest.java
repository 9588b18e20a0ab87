package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaultJwtTest extends VaultFixture {
    private static final TestJwt RSA = TestJwt.rs256();
    private static final TestJwt EC = TestJwt.es256();
    private static final String UNSIGNED = "error validating token: error verifying token signature: "
            + "no known key successfully validated the token signature";

    @BeforeEach
    void enable() {
        vault.enableAuth("jwt", "jwt");
        vault.write(
                "auth/jwt/config",
                Map.of("jwt_validation_pubkeys", List.of(RSA.publicPem(), EC.publicPem()), "bound_issuer", "me"));
        vault.write(
                "auth/jwt/role/r",
                Map.of(
                        "role_type", "jwt",
                        "user_claim", "sub",
                        "bound_audiences", "vault",
                        "bound_claims", Map.of("env", List.of("a", "b")),
                        "claim_mappings", Map.of("env", "environment"),
                        "token_policies", "p",
                        "token_ttl", 600));
    }

    private Map<String, Object> claims(Object... changes) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>(
                Map.of("sub", "s1", "aud", "vault", "iss", "me", "env", "a", "iat", now, "nbf", now, "exp", now + 600));
        for (int i = 0; i < changes.length; i += 2) {
            claims.remove(changes[i].toString());
            if (!changes[i + 1].equals("")) {
                claims.put(changes[i].toString(), changes[i + 1]);
            }
        }
        return claims;
    }

    private Http.Reply login(@Nullable String role, String jwt) throws Exception {
        return call(
                null, "POST", "auth/jwt/login", role == null ? Map.of("jwt", jwt) : Map.of("role", role, "jwt", jwt));
    }

    @Test
    void believesWhatItsKeysSigned() throws Exception {
        Http.Reply reply = login("r", RSA.sign(claims()));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.at("auth", "policies")).isEqualTo(List.of("default", "p"));
        assertThat(reply.text("auth", "metadata")).isEqualTo("{environment=a, role=r}");
        assertThat(reply.text("auth", "lease_duration")).isEqualTo("600");
        assertThat(reply.text("mount_type")).isEmpty();
        Http.Reply self = call(reply.text("auth", "client_token"), "GET", "auth/token/lookup-self", null);
        assertThat(self.text("data", "display_name")).isEqualTo("jwt-s1");

        assertThat(login("r", EC.sign(claims())).status()).isEqualTo(200);
        assertThat(login("r", RSA.sign(claims("aud", List.of("x", "vault")))).status())
                .isEqualTo(200);
    }

    @Test
    void refusesOtherSignatures() throws Exception {
        assertFails(login("r", TestJwt.rs256().sign(claims())), 400, UNSIGNED);
        assertFails(login("r", TestJwt.es256().sign(claims())), 400, UNSIGNED);
        assertFails(login("r", RSA.sign(claims(), "none")), 400, UNSIGNED);
        assertFails(login("r", RSA.sign(claims(), "HS256")), 400, UNSIGNED);
        assertFails(login("r", RSA.sign(claims(), "ES256")), 400, UNSIGNED);
        assertFails(
                login("r", "abc"),
                400,
                "error validating token: error verifying token signature: go-jose/go-jose: compact JWS format must have"
                        + " three parts");
        assertFails(
                login("r", "a.b.c"),
                400,
                "error validating token: error verifying token signature: illegal base64 data at input byte 0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            aud | other | error validating token: invalid audience (aud) claim: audience claim does not match any expected audience
            iss | other | error validating token: invalid issuer (iss) claim
            env | z     | error validating claims: claim "env" does not match any associated bound claim values
            env |       | error validating claims: claim "env" is missing
            sub |       | claim "sub" not found in token
            """)
    void refusesOtherClaims(String claim, @Nullable String value, String error) throws Exception {
        assertFails(login("r", RSA.sign(claims(claim, value == null ? "" : value))), 400, error);
    }

    @Test
    void refusesClaimsOfOtherTypes() throws Exception {
        assertFails(
                login("r", RSA.sign(claims("sub", 5))),
                400,
                "error validating token: json: cannot unmarshal number into Go struct field Claims.sub of type string");
        assertFails(login("r", RSA.sign(claims("env", List.of("b")))), 400, "error converting claim 'env' to string");
    }

    @Test
    void judgesTimesWithAMinuteOfLeeway() throws Exception {
        long now = clock.instant().getEpochSecond();
        String invalid = "error validating token: invalid ";

        assertThat(login("r", RSA.sign(claims("exp", now - 60))).status()).isEqualTo(200);
        assertFails(
                login("r", RSA.sign(claims("exp", now - 61))),
                400,
                invalid + "expiration time (exp) claim: token is expired");
        assertThat(login("r", RSA.sign(claims("nbf", now + 60))).status()).isEqualTo(200);
        assertFails(
                login("r", RSA.sign(claims("nbf", now + 61))),
                400,
                invalid + "not before (nbf) claim: token not yet valid");
        assertFails(
                login("r", RSA.sign(claims("iat", now + 61))),
                400,
                invalid + "issued at (iat) claim: token issued in the future");
        assertThat(login("r", RSA.sign(claims("exp", "", "nbf", "", "iat", now - 210)))
                        .status())
                .isEqualTo(200);
        assertFails(
                login("r", RSA.sign(claims("exp", "", "nbf", "", "iat", now - 211))),
                400,
                invalid + "expiration time (exp) claim: token is expired");
        assertFails(
                login("r", RSA.sign(claims("exp", "", "nbf", "", "iat", ""))),
                400,
                "error validating token: no issued at (iat), not before (nbf), or expiration time (exp) claims in"
                        + " token");
    }

    @Test
    void rolesSetTheirOwnLeeway() throws Exception {
        long now = clock.instant().getEpochSecond();
        vault.write("auth/jwt/role/r", Map.of("role_type", "jwt", "clock_skew_leeway", -1));
        assertFails(
                login("r", RSA.sign(claims("exp", now - 1))),
                400,
                "error validating token: invalid expiration time (exp) claim: token is expired");
        vault.write("auth/jwt/role/r", Map.of("role_type", "jwt", "clock_skew_leeway", "5m"));
        assertThat(login("r", RSA.sign(claims("exp", now - 300))).status()).isEqualTo(200);
    }

    @Test
    void checksTheRole() throws Exception {
        String jwt = RSA.sign(claims("aud", ""));
        Map<String, Object> bySubject = Map.of("role_type", "jwt", "user_claim", "sub", "bound_subject", "s2");
        vault.write("auth/jwt/role/q", bySubject);

        assertFails(login("nope", jwt), 400, "role \"nope\" could not be found");
        assertFails(login(null, jwt), 400, "missing role");
        assertFails(login("r", ""), 400, "missing token");
        assertFails(call(null, "GET", "auth/jwt/login", null), 405, "unsupported operation");
        assertFails(login("q", jwt), 400, "error validating token: invalid subject (sub) claim");
        assertFails(
                login("q", RSA.sign(claims("sub", "s2"))),
                400,
                "audience claim found in JWT but no audiences bound to the role");
        vault.write("auth/jwt/role/q", Map.of("role_type", "jwt", "bound_claims", Map.of("/n/0", 5)));
        assertThat(login("q", RSA.sign(claims("sub", "s2", "aud", "", "n", List.of(5))))
                        .status())
                .isEqualTo(200);
        vault.write(
                "auth/jwt/role/q",
                Map.of("role_type", "jwt", "bound_claims_type", "glob", "bound_claims", Map.of("env", "a*")));
        assertThat(login("q", RSA.sign(claims("sub", "s2", "aud", "", "env", "abc")))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            role_type=jwt                             | a user claim must be defined on the role
            role_type=jwt;user_claim=sub              | must have at least one bound constraint when creating/updating a role
            user_claim=sub;bound_subject=s            | 'allowed_redirect_uris' must be set if 'role_type' is 'oidc' or unspecified.
            role_type=x                               | invalid 'role_type': x
            """)
    void refusesBadRoles(String fields, String error) throws Exception {
        Map<String, String> body = new LinkedHashMap<>();
        for (String field : fields.split(";", -1)) {
            body.put(field.split("=", 2)[0], field.split("=", 2)[1]);
        }
        assertFails(root("POST", "auth/jwt/role/bad", body), 400, error);
    }

    @Test
    void isConfiguredOverHttp() throws Exception {
        vault.enableAuth("fresh", "jwt");
        Map<String, String> login = Map.of("role", "r", "jwt", "x");

        assertFails(call(null, "POST", "auth/fresh/login", login), 400, "could not load configuration");
        assertFails(root("GET", "auth/fresh/config", null), 404);
        assertFails(
                root("POST", "auth/fresh/config", Map.of()),
                400,
                "exactly one of 'jwt_validation_pubkeys', 'jwks_url', 'jwks_pairs' or 'oidc_discovery_url' must be set");
        assertFails(
                root("POST", "auth/fresh/config", Map.of("jwt_validation_pubkeys", "x")),
                400,
                "error parsing public key: data does not contain any valid public keys");
        assertThat(root("GET", "auth/jwt/config", null).text("data", "bound_issuer"))
                .isEqualTo("me");
        assertThat(root("GET", "auth/jwt/role/r", null).body())
                .contains("\"data\":{\"allowed_redirect_uris\":null,\"bound_audiences\":[\"vault\"],"
                        + "\"bound_claims\":{\"env\":[\"a\",\"b\"]},\"bound_claims_type\":\"string\",\"bound_subject\":\"\","
                        + "\"claim_mappings\":{\"env\":\"environment\"},\"clock_skew_leeway\":0,\"expiration_leeway\":0,"
                        + "\"groups_claim\":\"\",\"max_age\":0,\"not_before_leeway\":0,\"oidc_scopes\":null,"
                        + "\"role_type\":\"jwt\",\"token_bound_cidrs\":[]");
    }

    @Test
    void renewalAsksTheRole() throws Exception {
        String token = login("r", RSA.sign(claims())).text("auth", "client_token");
        root("DELETE", "auth/jwt/role/r", null);

        assertFails(
                call(token, "POST", "auth/token/renew-self", Map.of()),
                500,
                "1 error occurred:\n\t* failed to renew entry: role r does not exist during renewal\n\n");
    }
}
