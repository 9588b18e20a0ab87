package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.aws.AssumedRoleCredentials;
import io.github.vaultlambda.auth.aws.AwsCredentialsRejectedException;
import io.github.vaultlambda.auth.aws.AwsIamLogin;
import io.github.vaultlambda.auth.aws.AwsIamOptions;
import io.github.vaultlambda.auth.aws.IamServerIdException;
import io.github.vaultlambda.auth.aws.RoleNotBoundException;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.testkit.TestSecrets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who gets in, and what the others are told. */
interface LoginContract {
    Bench bench();

    @Test
    default void boundRoleLogsIn() {
        VaultToken token = bench().session().token();
        assertThat(token.ttl()).isEqualTo(Duration.ofHours(1));
        assertThat(token.renewable()).isTrue();
        assertThat(token.accessor()).isNotEmpty();
        assertThat(SecretsLedger.isLeakedBy(token.toString())).isFalse();
    }

    @Test
    default void nestedAuthMountLogsIn() {
        ContractSession session = bench().session(bench().login().withMount(Bench.NESTED_AUTH_MOUNT));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
    }

    @Test
    default void assumedRoleLogsInAsThatRole() {
        String assumed = bench().engine().roleArn(Bench.ASSUMED_FUNCTION);
        AwsIamOptions login = bench().loginAs(Bench.ASSUMED_ROLE);
        ContractSession session = bench().session(
                        bench().config(),
                        platform -> new AwsIamLogin(
                                login,
                                new AssumedRoleCredentials(
                                        assumed,
                                        login.stsEndpoint(),
                                        bench().engine().stsAddress(),
                                        bench().bound().asSource(),
                                        platform),
                                platform.clock()));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.assumedRoles()).isEqualTo(1);
    }

    @Test
    default void functionItselfIsNotTheAssumedRole() {
        ContractSession session = bench().session(bench().loginAs(Bench.ASSUMED_ROLE));
        failureOf(RoleNotBoundException.class, session::token);
    }

    @Test
    default void wrongSecretKeyIsRefusedByAws() {
        AwsIdentity wrong = bench().bound().withSecretKey(TestSecrets.mint("wrong-key-"));
        AwsCredentialsRejectedException refused = refusedByAws(wrong);
        assertThat(refused.getMessage()).contains("SignatureDoesNotMatch");
        assertThat(refused.hint()).contains("AWS_SECRET_ACCESS_KEY", "sts.amazonaws.com");
    }

    @Test
    default void wrongSessionTokenIsRefusedByAws() {
        refusedByAws(bench().bound().withSessionToken(TestSecrets.mint("wrong-session-token-")));
    }

    @Test
    default void missingSessionTokenIsRefusedByAws() {
        refusedByAws(bench().bound().withSessionToken(null));
    }

    @Test
    default void unknownAccessKeyIsRefusedByAws() {
        refusedByAws(bench().bound().withKeyId("ASIAQAAAAAAAAAAAAAAA"));
    }

    private AwsCredentialsRejectedException refusedByAws(AwsIdentity identity) {
        ContractSession session = bench().session(bench().login(), identity);
        AwsCredentialsRejectedException refused = failureOf(AwsCredentialsRejectedException.class, session::token);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.path()).isEqualTo("auth/aws/login");
        assertThat(refused.hint()).contains("us-east-1");
        assertThat(session.logins()).as("a refusal is not tried again").isEqualTo(1);
        return refused;
    }

    @Test
    default void wrongServerIdIsRefused() {
        ContractSession session = bench().session(bench().login().withIamServerId("another.vault.test"));
        IamServerIdException refused = failureOf(IamServerIdException.class, session::token);
        assertThat(refused.hint())
                .contains("VAULT_IAM_SERVER_ID", "another.vault.test", "auth/aws/config/client")
                .doesNotContain(Bench.SERVER_ID);
    }

    @Test
    default void missingServerIdIsRefused() {
        ContractSession session = bench().session(bench().login().withIamServerId(null));
        IamServerIdException refused = failureOf(IamServerIdException.class, session::token);
        assertThat(refused.hint()).contains("set VAULT_IAM_SERVER_ID", "auth/aws/config/client");
    }

    @Test
    default void unboundRoleIsRefused() {
        ContractSession session = bench().session(bench().login(), bench().unbound());
        RoleNotBoundException refused = failureOf(RoleNotBoundException.class, session::token);
        assertThat(refused.getMessage()).contains(Bench.OTHER_FUNCTION);
        assertThat(refused.hint()).contains("bound_iam_principal_arn", "auth/aws/role/" + Bench.ROLE);
    }

    @Test
    default void unknownVaultRoleIsRefused() {
        ContractSession session = bench().session(bench().loginAs("nobody"));
        RoleNotBoundException refused = failureOf(RoleNotBoundException.class, session::token);
        assertThat(refused.getMessage()).contains("nobody");
        assertThat(refused.hint()).contains("VAULT_AUTH_ROLE", "auth/aws/role");
    }

    @Test
    default void unknownAuthMountIsRefused() {
        ContractSession session = bench().session(bench().login().withMount("nowhere"));
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.path()).isEqualTo("auth/nowhere/login");
        assertThat(refused.hint()).contains("VAULT_AUTH_PROVIDER");
    }
}
