package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;

/** Tells from Vault's words why it refused an AWS EC2 login, and what to change. */
final class Ec2Refusal {
    private Ec2Refusal() {}

    /** Whether Vault knows no certificate for the document's PKCS#7 message, which it says with status 500. */
    static boolean isUnverified(VaultException failed) {
        return failed.status() == 500 && String.join("; ", failed.errors()).contains("failed to verify the signature");
    }

    static VaultLoginException of(VaultException refused, AwsEc2Options login) {
        String said = String.join("; ", refused.errors());
        String mount = "auth/" + login.mount();
        String role = mount + "/role/" + login.role();
        String accessList = mount + "/identity-accesslist/<instance id>";
        VaultFailure failure = VaultFailure.like(
                        refused,
                        "Vault refused the login of " + login + " with " + refused.status()
                                + (said.isEmpty() ? "" : ": " + said))
                .withMount(mount);
        if (said.contains("client nonce mismatch")) {
            return new VaultLoginException(failure.withHint(
                    "this instance has logged in before with another nonce: set VAULT_AUTH_EC2_NONCE or"
                            + " VAULT_AUTH_EC2_NONCE_FILE to keep the one of its first login, or delete " + accessList
                            + " in Vault"));
        }
        if (said.contains("reauthentication is disabled")) {
            return new VaultLoginException(failure.withHint(
                    role + " lets an instance log in once (disallow_reauthentication); for another login" + " delete "
                            + accessList + " in Vault"));
        }
        if (said.contains("instance meta-data is older")) {
            return new VaultLoginException(failure.withHint(
                    "a later start of the instance has logged in already: the identity document must be that of now"));
        }
        if (said.contains("does not belong to") || said.contains("does not satisfy the constraint")) {
            return new RoleNotBoundException(failure.withHint("add it to the " + binding(said) + " of " + role));
        }
        if (said.contains("entry for role")) {
            return new RoleNotBoundException(
                    failure.withHint("set VAULT_AUTH_ROLE to a role that exists in " + mount + "/role"));
        }
        if (said.contains("auth method ec2 not allowed")) {
            return new VaultLoginException(
                    failure.withHint(role + " has auth_type iam: log in by IAM, or take a role with auth_type ec2"));
        }
        if (said.contains("failed to verify instance ID")) {
            return new VaultLoginException(failure.withHint("Vault could not ask EC2 about the instance, or it does not"
                    + " run: check " + mount + "/config/client, which needs ec2:DescribeInstances"));
        }
        if (said.contains("identity document using") || isUnverified(refused)) {
            return new VaultLoginException(failure.withHint(
                    "Vault knows no certificate of AWS for this: in regions without a built-in one add it" + " to "
                            + mount + "/config/certificate"));
        }
        return refused.status() == 403
                ? new VaultLoginException(
                        failure.withHint(
                                "check that VAULT_AUTH_PROVIDER is the path of an AWS auth method and VAULT_NAMESPACE the right one"))
                : new VaultLoginException(failure);
    }

    /** The list of the role that the instance is not in. */
    private static String binding(String said) {
        if (said.contains("AMI ID")) {
            return "bound_ami_id";
        }
        if (said.contains("account ID")) {
            return "bound_account_id";
        }
        if (said.contains("Region")) {
            return "bound_region";
        }
        if (said.contains("subnet ID")) {
            return "bound_subnet_id";
        }
        if (said.contains("VPC ID")) {
            return "bound_vpc_id";
        }
        if (said.contains("IAM instance profile ARN")) {
            return "bound_iam_instance_profile_arn";
        }
        if (said.contains("IAM role ARN")) {
            return "bound_iam_role_arn";
        }
        return "bound_ec2_instance_id";
    }
}
