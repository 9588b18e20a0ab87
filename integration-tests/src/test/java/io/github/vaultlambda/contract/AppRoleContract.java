package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.login.AppRoleLogin;
import io.github.vaultlambda.auth.login.AppRoleOptions;
import io.github.vaultlambda.auth.login.SecretSource;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.testkit.TestSecrets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Logins with AppRole: with a secret id, without one, and with one that is wrapped. */
interface AppRoleContract {
    Bench bench();

    @Test
    default void secretIdLogsIn() {
        ContractSession session = session(withSecretId(bench().methods().secretId(Map.of())));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.logins()).isEqualTo(1);
        assertThat(session.token().renewable()).isTrue();
        assertThat(session.token().ttl()).hasHours(1);
    }

    @Test
    default void roleIdAloneLogsInWhereTheRoleAllowsIt() {
        ContractSession session = session(AppRoleOptions.of(bench().methods().openRoleId()));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
    }

    @Test
    default void missingSecretIdIsRefused() {
        VaultLoginException refused =
                refused(AppRoleOptions.of(bench().methods().roleId()));
        assertThat(refused.errors()).containsExactly("missing secret_id");
        assertThat(refused.hint()).contains("bind_secret_id=true", "VAULT_APPROLE_SECRET_ID");
    }

    @Test
    default void wrongSecretIdIsRefused() {
        VaultLoginException refused = refused(withSecretId(SecretsLedger.add(TestSecrets.mint("secret-id-"))));
        assertThat(refused.errors()).containsExactly("invalid role or secret ID");
        assertThat(refused.hint()).contains("VAULT_APPROLE_ROLE_ID", "auth/approle/role", "secret_id_ttl");
    }

    @Test
    default void unknownRoleIdIsRefused() {
        VaultLoginException refused = refused(AppRoleOptions.of("nobody"));
        assertThat(refused.errors()).containsExactly("invalid role or secret ID");
        assertThat(refused.hint()).contains("VAULT_APPROLE_ROLE_ID").doesNotContain("secret_id_ttl");
    }

    @Test
    default void usedUpSecretIdIsRefused() {
        AppRoleOptions options = withSecretId(bench().methods().secretId(Map.of("num_uses", 1)));
        session(options).read(Bench.SECRET);
        assertThat(refused(options).hint()).contains("secret_id_num_uses");
    }

    @Test
    default void unknownAppRoleMountIsRefused() {
        ContractSession session =
                session(AppRoleOptions.of(bench().methods().openRoleId()).withMount("nowhere"));
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.mount()).isEqualTo("auth/nowhere");
        assertThat(refused.hint()).contains("VAULT_AUTH_PROVIDER", "AppRole");
    }

    @Test
    default void mountOfAnotherTypeIsRefused() {
        ContractSession session =
                session(AppRoleOptions.of(bench().methods().openRoleId()).withMount("jwt"));
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.mount()).isEqualTo("auth/jwt");
    }

    @Test
    default void wrappedSecretIdIsUnwrappedOnceAndServesManyLogins() {
        ContractSession session = session(withWrapped(bench().methods().wrappedSecretId(), OtherMethods.APPROLE));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        session.invalidate();
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.logins()).isEqualTo(2);
        assertThat(session.requests("sys/wrapping/unwrap")).isEqualTo(1);
    }

    @Test
    default void secondUnwrapFailsClearly() {
        String wrapping = bench().methods().wrappedSecretId();
        session(withWrapped(wrapping, null)).token();
        ContractSession second = session(withWrapped(wrapping, null));
        VaultLoginException refused = failureOf(VaultLoginException.class, second::token);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.path()).isEqualTo("sys/wrapping/unwrap");
        assertThat(refused.hint()).contains("used already", "somebody else");
        assertThat(second.logins()).isZero();
    }

    @Test
    default void usedWrappingTokenIsRefusedAtTheLookUpAlready() {
        String wrapping = bench().methods().wrappedSecretId();
        session(withWrapped(wrapping, null)).token();
        ContractSession second = session(withWrapped(wrapping, OtherMethods.APPROLE));
        VaultLoginException refused = failureOf(VaultLoginException.class, second::token);
        assertThat(refused.path()).isEqualTo("sys/wrapping/lookup");
        assertThat(refused.hint()).contains("used already");
    }

    @Test
    default void wrappingTokenOfAnotherOriginIsNotUnwrapped() {
        String wrapping = bench().methods().wrappedSecretId();
        ContractSession misled = session(withWrapped(wrapping, "auth/approle/role/other/secret-id"));
        VaultLoginException refused = failureOf(VaultLoginException.class, misled::token);
        assertThat(refused.getMessage()).contains(OtherMethods.APPROLE, "role/other");
        assertThat(refused.hint()).contains("VAULT_APPROLE_SECRET_ID_WRAPPING_PATH");
        session(withWrapped(wrapping, OtherMethods.APPROLE)).read(Bench.SECRET);
    }

    @Test
    default void tokenThatWrapsSomethingElseIsRefused() {
        String wrapping = bench().admin()
                .writeWrapped("sys/wrapping/wrap", Map.of("password", SecretsLedger.add(TestSecrets.mint("other-"))));
        ContractSession session = session(withWrapped(wrapping, null));
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.hint()).contains("wrap-ttl", "used up now");
    }

    @Test
    default void tokenThatWrapsNothingIsRefused() {
        ContractSession session = session(withWrapped(SecretsLedger.add(TestSecrets.mint("hvs.")), null));
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.path()).isEqualTo("sys/wrapping/unwrap");
        assertThat(refused.hint()).contains("provide a fresh one");
    }

    private AppRoleOptions withSecretId(String secretId) {
        return AppRoleOptions.of(bench().methods().roleId()).withSecretId(source(secretId));
    }

    private AppRoleOptions withWrapped(String wrapping, @Nullable String path) {
        return AppRoleOptions.of(bench().methods().roleId()).withWrappedSecretId(source(wrapping), path);
    }

    private static SecretSource source(String secret) {
        return SecretSource.of(SecretValue.of(secret));
    }

    private ContractSession session(AppRoleOptions options) {
        return bench().session(new AppRoleLogin(options));
    }

    private VaultLoginException refused(AppRoleOptions options) {
        ContractSession session = session(options);
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.mount()).isEqualTo("auth/approle");
        assertThat(refused.path()).isEqualTo("auth/approle/login");
        assertThat(session.logins()).as("a refusal is not tried again").isEqualTo(1);
        return refused;
    }
}
