package io.github.vaultlambda.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.client.VaultUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JwtLoginTest extends ScriptedLogin {
    private static final String JWT = "eyJhbGciOiJSUzI1NiJ9.n0tf0rl0gs.n0tf0rl0gs-signature";
    private static final JwtOptions OPTIONS = JwtOptions.of(JwtSource.of(SecretValue.of(JWT)));

    @TempDir
    Path folder;

    @Test
    void sendsRoleAndToken() throws IOException {
        vault.then(200, ACCEPTED);

        VaultToken token = login(new JwtLogin(OPTIONS.withRole("orders").withMount("/team/jwt/")));

        assertThat(vault.call(0)).hasToString("PUT https://vault.example.com/v1/auth/team/jwt/login");
        assertThat(vault.call(0).headers()).doesNotContainKey("X-Vault-Token");
        assertThat(json(0).text("role")).isEqualTo("orders");
        assertThat(json(0).text("jwt")).isEqualTo(JWT);
        assertThat(token.accessor()).isEqualTo("accessor-1");
        assertThat(token.ttl()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void leavesTheRoleToVaultWhenThereIsNone() throws IOException {
        vault.then(200, ACCEPTED);

        login(new JwtLogin(OPTIONS));

        assertThat(vault.call(0)).hasToString("PUT https://vault.example.com/v1/auth/jwt/login");
        assertThat(json(0).fields()).containsOnlyKeys("jwt");
    }

    @Test
    void asksTheSourceAtEachLogin() throws IOException {
        vault.then(200, ACCEPTED).then(200, ACCEPTED);
        AtomicInteger asked = new AtomicInteger();
        JwtLogin login = new JwtLogin(JwtOptions.of(deadline -> SecretValue.of("jwt-" + asked.incrementAndGet())));

        login(login);
        login(login);

        assertThat(json(0).text("jwt")).isEqualTo("jwt-1");
        assertThat(json(1).text("jwt")).isEqualTo("jwt-2");
    }

    @Test
    void readsTheFileAtEachLogin() throws IOException {
        vault.then(200, ACCEPTED).then(200, ACCEPTED);
        Path file = Files.writeString(folder.resolve("jwt"), "\n first-n0tf0rl0gs\n");
        JwtLogin login = new JwtLogin(JwtOptions.of(JwtSource.file(file)));

        login(login);
        Files.writeString(file, "second-n0tf0rl0gs\n");
        login(login);

        assertThat(json(0).text("jwt")).isEqualTo("first-n0tf0rl0gs");
        assertThat(json(1).text("jwt")).isEqualTo("second-n0tf0rl0gs");
        assertThat(login.describe()).isEqualTo("the default role at auth/jwt (JWT from " + file + ")");
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws IOException {
        Path file = folder.resolve("jwt");
        JwtLogin login = new JwtLogin(JwtOptions.of(JwtSource.file(file)));

        assertThat(refused(login))
                .hasMessageContaining(file + ", which is to hold a secret for the login, cannot be read"
                        + ": there is no such file. Hint: check its path");
        Files.writeString(file, " \n");
        assertThat(refused(login)).hasMessageContaining("is empty");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 'n'});
        assertThat(refused(login)).hasMessageContaining("it is no text in UTF-8");
        assertThat(refused(new JwtLogin(JwtOptions.of(JwtSource.file(folder))))).hasMessageContaining("cannot be read");
        assertThat(vault.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            role "orders" could not be found | set VAULT_AUTH_ROLE to a role that exists in auth/jwt/role
            missing role | set VAULT_AUTH_ROLE, or default_role in auth/jwt/config
            role with oidc role_type is not allowed | auth/jwt/role/orders is for logins in a browser
            could not load configuration | write auth/jwt/config
            error validating token: invalid expiration time (exp) claim: token is expired | must give a fresh one at each login
            error validating token: invalid not before (nbf) claim: token not yet valid | the clock of the JWT's issuer
            error validating token: invalid issued at (iat) claim: token issued in the future | the clock of the JWT's issuer
            error validating token: no issued at (iat), not before (nbf), or expiration time (exp) claims in token | iat, nbf and exp
            audience claim found in JWT but no audiences bound to the role | set bound_audiences of auth/jwt/role/orders
            error validating token: invalid audience (aud) claim: audience claim does not match any expected audience | bound_audiences of auth/jwt/role/orders
            error validating token: invalid issuer (iss) claim | bound_issuer in auth/jwt/config
            error validating token: invalid subject (sub) claim | bound_subject of auth/jwt/role/orders
            error validating claims: claim "env" does not match any associated bound claim values | bound_claims of auth/jwt/role/orders
            error converting claim 'env' to string | claim_mappings of auth/jwt/role/orders
            claim "sub" not found in token | user_claim and groups_claim of auth/jwt/role/orders
            error validating token: invalid algorithm (alg) header parameter: token signed with unexpected algorithm | jwt_supported_algs
            error validating token: error verifying token signature: go-jose/go-jose: compact JWS format must have three parts | gives a text that is no JWT
            error validating token: error verifying token signature: no known key successfully validated the token signature | the keys in auth/jwt/config
            """)
    void saysWhatToFix(String error, String hint) {
        VaultLoginException refused = refused(new JwtLogin(OPTIONS.withRole("orders")), 400, error);

        assertThat(refused.hint()).contains(hint);
        assertThat(refused)
                .hasMessageStartingWith("Vault refused the login of role orders at auth/jwt (JWT) with 400: " + error);
        assertThat(refused.mount()).isEqualTo("auth/jwt");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errors()).containsExactly(error);
        assertThat(refused.path()).isEqualTo("auth/jwt/login");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            403 | permission denied
            404 | no handler for route "auth/jwt/login". route entry not found.
            404 | unsupported path
            405 | unsupported operation
            500 | failed to determine alias name from login request
            """)
    void saysThatTheMountMayBeAnother(int status, String error) {
        VaultLoginException refused = refused(new JwtLogin(OPTIONS), status, error);

        assertThat(refused.hint())
                .startsWith(
                        "check that VAULT_AUTH_PROVIDER, now jwt, is the path of a JWT auth method (vault auth list),"
                                + " and that VAULT_NAMESPACE is the right one");
        assertThat(String.valueOf(refused.hint()).contains("token_bound_cidrs")).isEqualTo(status == 403);
    }

    @Test
    void leavesOutClaimsThatVaultQuotes() {
        VaultLoginException refused = refused(
                new JwtLogin(OPTIONS),
                400,
                "error validating claims: received claim is not a string, bool, int or list: map[card:n0tf0rl0gs]",
                "value n0tf0rl0gs in groups claim could not be parsed as string",
                "cannot parse eyJhbGciOiJSUzI1NiJ9.n0tf0rl0gs");

        assertThat(refused.errors()).containsOnly("(a text that quotes what was sent is left out)");
        assertThat(refused.hint()).contains("bound_claims");
    }

    @Test
    void leavesOutATextThatWasCutInTheTokensMiddle() {
        assertThat(refused(new JwtLogin(OPTIONS), 400, "x".repeat(980) + JWT + "y".repeat(100))
                        .errors())
                .containsExactly("(a text that quotes what was sent is left out)");
    }

    @Test
    void troubleOfVaultIsNoRefusal() {
        vault.then(503, errors("Vault is sealed")).then(500, errors("1 error occurred:\n\t* storage gone\n\n"));

        assertThatThrownBy(() -> login(new JwtLogin(OPTIONS))).isInstanceOf(VaultUnavailableException.class);
        assertThatThrownBy(() -> login(new JwtLogin(OPTIONS)))
                .isInstanceOf(VaultUnavailableException.class)
                .hasMessageContaining("storage gone");
    }

    @Test
    void anAnswerWithoutTokenIsNoLogin() {
        vault.then(200, "{\"data\":{}}")
                .then(200, "{\"auth\":{\"client_token\":\"\",\"mfa_requirement\":{\"mfa_request_id\":\"1\"}}}");

        assertThat(refused(new JwtLogin(OPTIONS))).hasMessageContaining("but sent no token");
        assertThat(refused(new JwtLogin(OPTIONS)).hint()).contains("second factor");
    }

    @Test
    void readsItsVariables() {
        assertThat(JwtOptions.read(settings("VAULT_AUTH_JWT", JWT))).hasToString("the default role at auth/jwt (JWT)");
        assertThat(JwtOptions.read(settings(
                        "VAULT_AUTH_JWT_FILE",
                        "/run/jwt",
                        "VAULT_AUTH_ROLE",
                        "orders",
                        "VAULT_AUTH_PROVIDER",
                        "/a/b/")))
                .hasToString("role orders at auth/a/b (JWT from /run/jwt)");
    }

    @Test
    void namesItsFaults() {
        assertThat(faults(JwtOptions::read))
                .containsExactly(
                        "VAULT_AUTH_JWT_FILE is missing: set it to the file that holds the JWT to log in with, or"
                                + " VAULT_AUTH_JWT to the JWT itself, or VAULT_AUTH_JWT_AUDIENCE to have STS issue one");
        assertThat(faults(JwtOptions::read, "VAULT_AUTH_JWT", JWT, "VAULT_AUTH_JWT_FILE", "/run/jwt"))
                .containsExactly("VAULT_AUTH_JWT_FILE and VAULT_AUTH_JWT are set: keep one of them");
        assertThat(faults(JwtOptions::read, "VAULT_AUTH_JWT_FILE", "n0tf0rl0gs\0"))
                .containsExactly(
                        "VAULT_AUTH_JWT_FILE is no path of a file (value not shown, it may be the secret itself)");
    }

    @Test
    void hidesTheToken() {
        assertThat(OPTIONS.toString() + OPTIONS.source() + new JwtLogin(OPTIONS))
                .doesNotContain("n0tf0rl0gs");
    }
}
