package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.auth.login.SecretSource;
import io.github.vaultlambda.auth.login.TokenLogin;
import io.github.vaultlambda.auth.login.TokenOptions;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The kinds of tokens that Vault gives, how each is renewed, and how it ends. Only our own clock is put forward, never Vault's. */
interface RenewalContract {
    /** So that a fifth of it is more than the grace period of 10 s. */
    Duration TTL = Duration.ofSeconds(100);
    /** After this less than a fifth is left, but more than the grace period. */
    Duration MOST_OF_IT = Duration.ofSeconds(85);

    Bench bench();

    @Test
    default void tokenIsRenewedWhenLittleOfItsLifeIsLeft() {
        ContractSession session = session("renewed", Map.of("token_ttl", TTL.toSeconds()));
        VaultToken first = session.token();
        session.putClockForward(Duration.ofSeconds(75));
        session.read(Bench.SECRET);
        assertThat(session.renewals()).as("a quarter is left").isZero();
        session.putClockForward(Duration.ofSeconds(10));
        session.read(Bench.SECRET);
        assertThat(session.renewals()).isEqualTo(1);
        assertThat(session.token().isSameAs(first)).isTrue();
        assertThat(session.token().ttl()).isEqualTo(TTL);
        assertThat(inVault(session).has("last_renewal_time"))
                .as("whether Vault knows of the renewal")
                .isTrue();
        session.putClockForward(MOST_OF_IT);
        session.read(Bench.SECRET);
        assertThat(session.renewals()).isEqualTo(2);
        assertThat(session.logins()).isEqualTo(1);
        assertThat(session.events()).containsExactly("logged in", "renewed", "renewed");
    }

    @Test
    default void atTheEndOfRenewalsANewLoginIsMade() {
        ContractSession session = session("capped", Map.of("token_ttl", TTL.toSeconds()));
        session.token();
        // Vault asks the role anew at each renewal, so this is as if most of its max TTL were over
        session("capped", Map.of("token_ttl", 40, "token_max_ttl", 40));
        session.putClockForward(MOST_OF_IT);
        session.read(Bench.SECRET);
        assertThat(session.renewals()).isEqualTo(1);
        assertThat(session.token().ttl()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
        session.putClockForward(Duration.ofSeconds(20));
        session.read(Bench.SECRET);
        assertThat(session.logins()).as("what is left is served").isEqualTo(1);
        session.putClockForward(Duration.ofSeconds(12));
        session.read(Bench.SECRET);
        assertThat(session.renewals()).isEqualTo(1);
        assertThat(session.logins()).isEqualTo(2);
        assertThat(session.events()).containsExactly("logged in", "renewed", "EXPIRED", "logged in");
    }

    @Test
    default void periodicTokenIsRenewedWithoutEnd() {
        ContractSession session = session("periodic", Map.of("token_period", TTL.toSeconds()));
        VaultToken first = session.token();
        assertThat(first.ttl()).isEqualTo(TTL);
        for (int i = 1; i <= 4; i++) {
            session.putClockForward(MOST_OF_IT);
            session.read(Bench.SECRET);
            assertThat(session.renewals()).isEqualTo(i);
        }
        assertThat(session.token().isSameAs(first)).isTrue();
        assertThat(session.logins()).isEqualTo(1);
        assertThat(inVault(session).path("period").asLong()).isEqualTo(TTL.toSeconds());
    }

    @Test
    default void refusedRenewalEndsInANewLogin() {
        ContractSession session = session("revoked", Map.of("token_ttl", TTL.toSeconds()));
        bench().admin().revokeByAccessor(Objects.requireNonNull(session.token().accessor()));
        session.putClockForward(MOST_OF_IT);
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.renewals()).isEqualTo(1);
        assertThat(session.logins()).isEqualTo(2);
        assertThat(session.events()).containsExactly("logged in", "failed", "REJECTED", "logged in");
    }

    @Test
    default void batchTokenIsNotRenewed() {
        ContractSession session = session("batch", Map.of("token_type", "batch", "token_ttl", TTL.toSeconds()), true);
        VaultToken token = session.token();
        assertThat(token.accessor()).isNull();
        assertThat(token.renewable()).isFalse();
        assertThat(token.ttl()).isEqualTo(TTL);
        session.putClockForward(MOST_OF_IT);
        session.read(Bench.SECRET);
        assertThat(session.logins()).isEqualTo(1);
        session.putClockForward(Duration.ofSeconds(10));
        session.read(Bench.SECRET);
        assertThat(session.logins()).isEqualTo(2);
        assertThat(session.renewals()).isZero();
        session.close();
        assertThat(session.requests("auth/token/revoke-self"))
                .as("Vault revokes no batch tokens")
                .isZero();
    }

    @Test
    default void countedTokenServesAsOftenAsVaultSays() {
        ContractSession session = session("counted", Map.of("token_num_uses", 3, "token_ttl", 600));
        for (int i = 1; i <= 7; i++) {
            assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
            assertThat(session.logins()).isEqualTo((i + 2) / 3);
        }
        assertThat(session.requests(Bench.SECRET)).as("none was refused").isEqualTo(7);
    }

    @Test
    default void closeRevokesTheTokenWhenAskedTo() {
        ContractSession session = session("closed", Map.of("token_ttl", 600), true);
        session.read(Bench.SECRET);
        VaultToken token = session.token();
        session.close();
        assertThat(statusOf(token)).isEqualTo(403);
        assertThat(bench().admin().lookUp(Objects.requireNonNull(token.accessor())))
                .isNull();
        session.close();
        assertThat(session.requests("auth/token/revoke-self")).isEqualTo(1);
        assertThat(session.events()).containsExactly("logged in", "CLOSED");
    }

    @Test
    default void closeLeavesTheTokenOtherwise() {
        ContractSession session = session("closed", Map.of("token_ttl", 600));
        VaultToken token = session.token();
        session.close();
        assertThat(statusOf(token)).isEqualTo(200);
    }

    @Test
    default void invalidatedSessionLogsInAgain() {
        ContractSession session = bench().session();
        VaultToken first = session.token();
        session.invalidate();
        session.read(Bench.SECRET);
        assertThat(session.token().isSameAs(first)).isFalse();
        assertThat(session.logins()).isEqualTo(2);
        assertThat(statusOf(first)).as("it is dropped, not revoked").isEqualTo(200);
    }

    @Test
    default void rootTokenServesWithoutEndAndWithoutLogin() {
        ContractSession session = given(bench().engine().rootToken());
        VaultToken token = session.token();
        assertThat(token.ttl()).isZero();
        assertThat(token.accessor()).isNotEmpty();
        for (int i = 0; i < 3; i++) {
            assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
            session.putClockForward(Duration.ofDays(4000));
        }
        assertThat(session.logins()).isZero();
        assertThat(session.renewals()).isZero();
        assertThat(session.requests("auth/token/lookup-self")).isEqualTo(1);
    }

    @Test
    default void givenTokenIsRenewedAndNotRevoked() {
        String token = bench().admin().createToken(Bench.POLICY, Map.of("ttl", TTL.toSeconds() + "s"));
        ContractSession session =
                bench().session(bench().config().revokeOnClose(true), platform -> new TokenLogin(options(token)));
        assertThat(session.token().ttl()).isBetween(TTL.minusSeconds(5), TTL);
        session.putClockForward(MOST_OF_IT);
        session.read(Bench.SECRET);
        assertThat(session.renewals()).isEqualTo(1);
        VaultToken renewed = session.token();
        session.close();
        assertThat(statusOf(renewed)).isEqualTo(200);
    }

    @Test
    default void givenTokenMayBeForbiddenToLookAtItself() {
        String token = bench().admin().createToken(Bench.POLICY, Map.of("ttl", "1h", "no_default_policy", true));
        ContractSession session = given(token);
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.token().ttl()).isZero();
    }

    @Test
    default void givenTokenThatIsNoneIsRefused() {
        ContractSession session = given(SecretsLedger.add(TestSecrets.mint("hvs.")));
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.mount()).isEqualTo("auth/token");
        assertThat(refused.path()).isEqualTo("auth/token/lookup-self");
        assertThat(refused.hint()).contains("VAULT_TOKEN", "VAULT_ADDR");
    }

    @Test
    default void givenTokenWithoutUsesIsRefused() {
        ContractSession session = given(bench().admin().createToken(Bench.POLICY, Map.of("ttl", "1h", "num_uses", 1)));
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.hint()).contains("num_uses");
    }

    private ContractSession session(String role, Map<String, ?> tokens) {
        return session(role, tokens, false);
    }

    /** A session with a role that is written now. */
    private ContractSession session(String role, Map<String, ?> tokens, boolean revoke) {
        AwsIamOptions login = bench().loginAs("life-" + role);
        bench().admin()
                .awsRole(
                        Bench.AUTH_MOUNT, login.role(), bench().engine().roleArn(Bench.FUNCTION), Bench.POLICY, tokens);
        return bench().session(bench().config().revokeOnClose(revoke), login);
    }

    private ContractSession given(String token) {
        return bench().session(new TokenLogin(options(token)));
    }

    private static TokenOptions options(String token) {
        return TokenOptions.of(SecretSource.of(SecretValue.of(token)));
    }

    private @Nullable JsonNode lookUp(ContractSession session) {
        return bench().admin().lookUp(Objects.requireNonNull(session.token().accessor()));
    }

    /** The session's token as Vault sees it. */
    private JsonNode inVault(ContractSession session) {
        return Objects.requireNonNull(lookUp(session), "the token is gone");
    }

    /** What Vault answers when the token looks at itself. */
    private int statusOf(VaultToken token) {
        return bench().raw()
                .get("auth/token/lookup-self", token.value().reveal())
                .status();
    }
}
