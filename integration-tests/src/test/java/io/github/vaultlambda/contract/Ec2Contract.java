package io.github.vaultlambda.contract;

import static io.github.vaultlambda.contract.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.auth.aws.AwsEc2Login;
import io.github.vaultlambda.auth.aws.AwsEc2Options;
import io.github.vaultlambda.auth.aws.AwsEc2Options.Proof;
import io.github.vaultlambda.auth.aws.RoleNotBoundException;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.testkit.InstanceMetadataEmulator;
import io.github.vaultlambda.testkit.TestSecrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logins of EC2 instances, whose metadata service signs who they are and which Vault asks EC2 about. */
interface Ec2Contract {
    Bench bench();

    @ParameterizedTest
    @EnumSource(Proof.class)
    default void instanceLogsInAndAgain(Proof proof) {
        ContractSession session = session(instance(Ec2Desk.IMAGE).withProof(proof));
        assertThat(session.versionedField(Bench.SECRET, "password")).isEqualTo(bench().password());
        assertThat(session.token().ttl()).hasHours(1);
        session.invalidate();
        session.read(Bench.SECRET);
        assertThat(session.logins()).as("with the nonce of the first").isEqualTo(2);
    }

    @Test
    default void nonceOfTheFirstLoginServesAnotherProcess() {
        AwsEc2Options options = instance(Ec2Desk.IMAGE).withNonce(SecretsLedger.add(TestSecrets.mint("nonce-")));
        session(options).read(Bench.SECRET);
        session(options).read(Bench.SECRET);
    }

    @Test
    default void anotherNonceIsRefused() {
        AwsEc2Options options = instance(Ec2Desk.IMAGE);
        session(options).read(Bench.SECRET);
        VaultLoginException refused = refused(VaultLoginException.class, options);
        assertThat(refused.errors()).containsExactly("client nonce mismatch");
        assertThat(refused.hint()).contains("VAULT_AUTH_EC2_NONCE", "auth/ec2/identity-accesslist");
    }

    @Test
    default void instanceThatEc2DoesNotKnowIsRefused() {
        InstanceMetadataEmulator instance = bench().ec2().startBehindEc2("i-0123456789abcdef0");
        VaultLoginException refused = refused(VaultLoginException.class, options(instance));
        assertThat(refused.getMessage()).contains("failed to verify instance ID", "i-0123456789abcdef0");
        assertThat(refused.hint()).contains("auth/ec2/config/client", "ec2:DescribeInstances");
    }

    @Test
    default void instanceOfAnotherImageIsRefused() {
        RoleNotBoundException refused = refused(RoleNotBoundException.class, instance("ami-00000000000000001"));
        assertThat(refused.errors())
                .containsExactly(
                        "Error validating instance: AMI ID \"ami-00000000000000001\" does not belong to role \"orders\"");
        assertThat(refused.hint()).contains("bound_ami_id", "auth/ec2/role/orders");
    }

    @Test
    default void documentThatVaultCannotVerifyIsRefused() {
        InstanceMetadataEmulator instance = bench().ec2().startUnknown(Ec2Desk.IMAGE);
        ContractSession session = session(options(instance));
        VaultLoginException refused = failureOf(VaultLoginException.class, session::token);
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.errors())
                .containsExactly("failed to verify the signature: pkcs7: No certificate for signer");
        assertThat(refused.hint()).contains("auth/ec2/config/certificate");
    }

    @Test
    default void roleForIamIsRefused() {
        bench().admin()
                .awsRole(
                        Ec2Desk.MOUNT,
                        "functions",
                        bench().engine().roleArn(Bench.FUNCTION),
                        Bench.POLICY,
                        Bench.SHORT_TTL);
        InstanceMetadataEmulator instance = bench().ec2().start(Ec2Desk.IMAGE);
        VaultLoginException refused = refused(VaultLoginException.class, at(instance, AwsEc2Options.of("functions")));
        assertThat(refused.hint()).contains("auth_type iam");
    }

    @Test
    default void unknownEc2RoleIsRefused() {
        InstanceMetadataEmulator instance = bench().ec2().start(Ec2Desk.IMAGE);
        RoleNotBoundException refused = refused(RoleNotBoundException.class, at(instance, AwsEc2Options.of("nobody")));
        assertThat(refused.errors()).containsExactly("entry for role \"nobody\" not found");
        assertThat(refused.hint()).contains("VAULT_AUTH_ROLE");
    }

    private AwsEc2Options instance(String image) {
        return options(bench().ec2().start(image));
    }

    private static AwsEc2Options options(InstanceMetadataEmulator instance) {
        return at(instance, AwsEc2Options.of(Ec2Desk.ROLE));
    }

    private static AwsEc2Options at(InstanceMetadataEmulator instance, AwsEc2Options options) {
        return options.withMount(Ec2Desk.MOUNT).withMetadataAddress(instance.endpoint());
    }

    private ContractSession session(AwsEc2Options options) {
        return bench().session(bench().config(), platform -> new AwsEc2Login(options, platform));
    }

    private <T extends VaultLoginException> T refused(Class<T> type, AwsEc2Options options) {
        ContractSession session = session(options);
        T refused = failureOf(type, session::token);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.mount()).isEqualTo("auth/ec2");
        assertThat(refused.path()).isEqualTo("auth/ec2/login");
        assertThat(session.logins()).as("a refusal is not tried again").isEqualTo(1);
        return refused;
    }
}
