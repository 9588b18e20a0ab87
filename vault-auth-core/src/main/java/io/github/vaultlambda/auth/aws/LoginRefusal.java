package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultFailure;
import java.util.List;

/** Tells from Vault's words why it refused an AWS IAM login, and what to change. */
final class LoginRefusal {
    private LoginRefusal() {}

    static VaultException of(VaultException refused, AwsIamOptions login) {
        String said = String.join("; ", refused.errors());
        int status = refused.status();
        String mount = "auth/" + login.mount();
        StsFault fault = StsFault.in(said);
        if (fault != null) {
            // Neither Vault's text nor the original exception goes on from here: both may quote the signed request.
            VaultFailure sts = VaultFailure.of(
                            "Vault refused the login of " + login + " with " + status + ": STS answered " + fault)
                    .withStatus(status)
                    .withPath(refused.path())
                    .withMount(mount)
                    .withErrors(List.of(fault.toString()));
            return fault.isPassing()
                    ? new AwsUnavailableException(
                            sts.withHint("STS has too many requests or trouble of its own; try later"))
                    : new AwsCredentialsRejectedException(sts.withHint(stsHint(fault, login.stsEndpoint())));
        }
        VaultFailure failure = VaultFailure.like(
                        refused,
                        "Vault refused the login of " + login + " with " + status + (said.isEmpty() ? "" : ": " + said))
                .withMount(mount);
        if (said.contains("error making upstream request")) {
            return new VaultLoginException(failure.withHint("Vault itself could not ask STS; check sts_endpoint in "
                    + mount + "/config/client and Vault's network"));
        }
        if (said.contains("X-Vault-AWS-IAM-Server-ID")) {
            return new IamServerIdException(failure.withHint((login.iamServerId() == null
                            ? "set VAULT_IAM_SERVER_ID"
                            : "set VAULT_IAM_SERVER_ID, now \"" + login.iamServerId() + "\",")
                    + " to iam_server_id_header_value of " + mount + "/config/client"));
        }
        if (said.contains("does not belong to the role") || said.contains("no longer bound to ARN")) {
            return new RoleNotBoundException(
                    failure.withHint("add the ARN of the function's role to bound_iam_principal_arn of " + mount
                            + "/role/" + login.role()));
        }
        if (said.contains("entry for role")) {
            return new RoleNotBoundException(
                    failure.withHint("set VAULT_AUTH_ROLE to a role that exists in " + mount + "/role"));
        }
        boolean otherMount = status == 403 || status == 404 || status == 405 || isOfAnotherType(refused);
        return otherMount
                ? new VaultLoginException(failure.withHint("check that VAULT_AUTH_PROVIDER, now " + login.mount()
                        + ", is the path of an AWS auth method (vault"
                        + " auth list), and that VAULT_NAMESPACE is the right one"))
                : new VaultLoginException(failure);
    }

    /** What Vault says when an auth method of another type gets an AWS login: to some of them that is an inner failure. */
    static boolean isOfAnotherType(VaultException refused) {
        for (String error : refused.errors()) {
            if (error.contains("failed to determine alias name")) {
                return true;
            }
        }
        return false;
    }

    private static String stsHint(StsFault fault, StsEndpoint sts) {
        String signed = "the login was signed for " + sts.host() + " in region " + sts.signingRegion();
        if (fault.message().contains("valid region") || fault.code().equals("RegionDisabledException")) {
            return signed
                    + ", another one than Vault asks: set VAULT_STS_ENDPOINT_REGION to the region of sts_endpoint in"
                    + " Vault's auth method, or to aws-global when that is the default, sts.amazonaws.com";
        }
        if (fault.message().contains("Signature expired") || fault.message().contains("not yet current")) {
            return "the clock of this machine is wrong by more than STS accepts";
        }
        return switch (fault.code()) {
            case "ExpiredToken", "ExpiredTokenException" -> "the credentials of the function's role have expired";
            case "InvalidClientTokenId" ->
                "AWS does not know these credentials: check the access key's id and the session token, in a function"
                        + " AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN; " + signed;
            case "SignatureDoesNotMatch" ->
                "check the secret key, in a function AWS_SECRET_ACCESS_KEY, and that sts_endpoint in Vault's auth method suits: "
                        + signed;
            default -> signed;
        };
    }
}
