package io.github.vaultlambda.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultAwsEngineTest extends VaultFixture {
    private static final String ARN = "arn:aws:iam::123456789012:role/deploy";

    @BeforeEach
    void roles() {
        vault.enableEngine("aws", "aws");
        vault.write("aws/roles/user", Map.of("credential_type", "iam_user"));
        vault.write(
                "aws/roles/deploy", Map.of("credential_type", "assumed_role", "role_arns", ARN, "max_sts_ttl", "2h"));
    }

    @Test
    void keysOfUsersAreRenewedByTheConfiguredLease() throws Exception {
        vault.write("aws/config/lease", Map.of("lease", "10m", "lease_max", "1h"));

        Http.Reply reply = root("GET", "aws/creds/user", null);

        assertThat(reply.text("data", "access_key")).startsWith("AKIA").hasSize(20);
        assertThat(reply.text("data", "secret_key")).contains(TestSecrets.MARKER);
        assertThat(reply.at("data", "session_token")).isNull();
        assertThat(reply.text("lease_duration")).isEqualTo("600");
        assertThat(reply.at("renewable")).isEqualTo(true);
        assertThat(reply.text("mount_type")).isEqualTo("aws");
        assertThat(root("PUT", "sys/leases/renew", Map.of("lease_id", reply.text("lease_id"), "increment", "2h"))
                        .text("lease_duration"))
                .isEqualTo("3600");
    }

    @Test
    void sessionsAreNotRenewed() throws Exception {
        Http.Reply reply = root("GET", "aws/sts/deploy?ttl=15m", null);

        assertThat(reply.text("lease_id")).startsWith("aws/sts/deploy/");
        assertThat(reply.text("lease_duration")).isEqualTo("900");
        assertThat(reply.at("renewable")).isEqualTo(false);
        assertThat(reply.text("data", "ttl")).isEqualTo("900");
        assertThat(reply.text("data", "access_key")).startsWith("ASIA");
        assertThat(reply.text("data", "arn")).startsWith("arn:aws:sts::123456789012:assumed-role/deploy/");
        assertThat(reply.at("data", "security_token")).isEqualTo(reply.at("data", "session_token"));
        assertFails(
                root("PUT", "sys/leases/renew", Map.of("lease_id", reply.text("lease_id"))),
                400,
                "lease is not renewable");
        assertThat(root("POST", "aws/creds/deploy", Map.of("ttl", "5h")).text("lease_duration"))
                .isEqualTo("7200");
        assertThat(root("GET", "aws/sts/deploy", null).text("lease_duration")).isEqualTo("3600");
    }

    @Test
    void refusesWhatItDoesNotHave() throws Exception {
        assertFails(root("GET", "aws/creds/no", null), 400, "Role \"no\" not found");
        assertFails(
                root("GET", "aws/sts/deploy?role_arn=x", null),
                400,
                "role_arn \"x\" not in allowed role arns for Vault role \"deploy\"");
        assertFails(
                root("POST", "aws/roles/odd", Map.of()),
                400,
                "error(s) validating supplied role data: \"1 error occurred:\\n\\t* did not supply credential_type\\n\\n\"");
    }
}
