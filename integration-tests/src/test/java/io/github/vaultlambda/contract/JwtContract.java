package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.login.JwtLogin;
import io.github.vaultlambda.auth.login.JwtOptions;
import io.github.vaultlambda.auth.login.JwtSource;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Logins with a JSON web token whose issuer Vault knows by a key. */
interface JwtContract {
    Bench bench();

    @Test
    default void jsonWebTokenLogsIn() {
        ContractSession session = session(signed(OtherMethods.claims()));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.token().ttl()).hasHours(1);
    }

    @Test
    default void eachLoginAsksTheSourceForAFreshToken() {
        JwtSource fresh = deadline -> SecretValue.of(signed(OtherMethods.claims()));
        ContractSession session =
                bench().session(new JwtLogin(JwtOptions.of(fresh).withRole(OtherMethods.ROLE)));
        session.token();
        String first = session.lastLoginBody();
        session.invalidate();
        session.token();
        assertThat(session.logins()).isEqualTo(2);
        assertThat(session.lastLoginBody().equals(first))
                .as("whether the same went out twice")
                .isFalse();
    }

    /** What is wrong with a token, what Vault's text contains, and what the hint names. */
    record Refused(String name, String claim, Object value, String error, String hint) {}

    @TestFactory
    default Stream<DynamicTest> tokenThatSaysSomethingElseIsRefused() {
        long now = Instant.now().getEpochSecond();
        return Stream.of(
                        new Refused("expired", "exp", now - 3600, "token is expired", "expired"),
                        new Refused("not yet valid", "nbf", now + 3600, "not yet valid", "clock_skew_leeway"),
                        new Refused("for others", "aud", "others", "audience", "bound_audiences"),
                        new Refused("of another issuer", "iss", "https://other.test", "issuer", "bound_issuer"),
                        new Refused("with another claim", "env", "prod", "claim", "bound_claims"),
                        new Refused("with a list as claim", "env", List.of("a", "b"), "claim", "bound_claims"))
                .map(refused -> DynamicTest.dynamicTest(refused.name(), () -> {
                    Map<String, Object> claims = OtherMethods.claims();
                    claims.put(refused.claim(), refused.value());
                    VaultLoginException failure = refused(session(signed(claims)));
                    assertThat(failure.getMessage()).contains(refused.error());
                    assertThat(failure.hint()).contains(refused.hint());
                }));
    }

    @Test
    default void tokenOfAnotherKeyIsRefused() {
        VaultLoginException failure =
                refused(session(JwtIssuer.named("stranger").sign(OtherMethods.claims())));
        assertThat(failure.errors()).hasSize(1);
        assertThat(failure.hint()).contains("jwt_validation_pubkeys");
    }

    @Test
    default void textThatIsNoTokenIsRefused() {
        VaultLoginException failure = refused(session(SecretsLedger.add(TestSecrets.mint("no.jwt."))));
        assertThat(failure.hint()).isNotNull();
    }

    @Test
    default void unknownJwtRoleIsRefused() {
        VaultLoginException failure = refused(bench().session(
                        new JwtLogin(options(signed(OtherMethods.claims())).withRole("nobody"))));
        assertThat(failure.errors()).containsExactly("role \"nobody\" could not be found");
        assertThat(failure.hint()).contains("VAULT_AUTH_ROLE", "auth/jwt/role");
    }

    @Test
    default void missingJwtRoleIsRefused() {
        VaultLoginException failure = refused(bench().session(new JwtLogin(options(signed(OtherMethods.claims())))));
        assertThat(failure.errors()).containsExactly("missing role");
        assertThat(failure.hint()).contains("default_role", "VAULT_AUTH_ROLE");
    }

    private String signed(Map<String, Object> claims) {
        return bench().methods().issuer().sign(claims);
    }

    private static JwtOptions options(String token) {
        return JwtOptions.of(JwtSource.of(SecretValue.of(token)));
    }

    private ContractSession session(String token) {
        return bench().session(new JwtLogin(options(token).withRole(OtherMethods.ROLE)));
    }

    private static VaultLoginException refused(ContractSession session) {
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.mount()).isEqualTo("auth/jwt");
        assertThat(refused.path()).isEqualTo("auth/jwt/login");
        assertThat(session.logins()).as("a refusal is not tried again").isEqualTo(1);
        return refused;
    }
}
