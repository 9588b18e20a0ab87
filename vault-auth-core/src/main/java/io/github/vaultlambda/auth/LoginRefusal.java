package io.github.vaultlambda.auth;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.config.StsEndpoint;
import java.util.List;

/** Tells from Vault's words why it refused an AWS IAM login, and what to change. */
final class LoginRefusal {
    private LoginRefusal() {}

    static VaultLoginException of(VaultException refused, AwsIamLogin login, StsEndpoint sts) {
        String said = String.join("; ", refused.errors());
        int status = refused.status();
        String path = refused.path();
        StsFault fault = StsFault.in(said);
        if (fault != null) {
            // Neither Vault's text nor the original exception goes on from here: both may quote the signed request.
            String what = "Vault refused the login of " + login + " with " + status + ": STS answered " + fault;
            return new AwsCredentialsRejectedException(
                    what, status, path, List.of(fault.toString()), stsHint(fault, sts), null);
        }
        String what = "Vault refused the login of " + login + " with " + status + (said.isEmpty() ? "" : ": " + said);
        List<String> errors = refused.errors();
        if (said.contains("error making upstream request")) {
            return new VaultLoginException(
                    what,
                    status,
                    path,
                    errors,
                    "Vault itself could not ask STS; check sts_endpoint in auth/" + login.mount()
                            + "/config/client and Vault's network",
                    refused);
        }
        if (said.contains("X-Vault-AWS-IAM-Server-ID")) {
            return new IamServerIdException(
                    what,
                    status,
                    path,
                    errors,
                    (login.iamServerId() == null
                                    ? "set VAULT_IAM_SERVER_ID"
                                    : "set VAULT_IAM_SERVER_ID, now \"" + login.iamServerId() + "\",")
                            + " to iam_server_id_header_value of auth/" + login.mount() + "/config/client",
                    refused);
        }
        if (said.contains("does not belong to the role") || said.contains("no longer bound to ARN")) {
            return new RoleNotBoundException(
                    what,
                    status,
                    path,
                    errors,
                    "add the ARN of the function's role to bound_iam_principal_arn of auth/" + login.mount() + "/role/"
                            + login.role(),
                    refused);
        }
        if (said.contains("entry for role")) {
            return new RoleNotBoundException(
                    what,
                    status,
                    path,
                    errors,
                    "set VAULT_AUTH_ROLE to a role that exists in auth/" + login.mount() + "/role",
                    refused);
        }
        return new VaultLoginException(
                what,
                status,
                path,
                errors,
                status == 403
                        ? "check that VAULT_AUTH_PROVIDER is the path of an AWS auth method and VAULT_NAMESPACE the right one"
                        : null,
                refused);
    }

    private static String stsHint(StsFault fault, StsEndpoint sts) {
        String signed = "the login was signed for " + sts.host() + " in region " + sts.signingRegion();
        if (fault.message().contains("valid region") || fault.code().equals("RegionDisabledException")) {
            return signed
                    + ", another one than Vault asks: set VAULT_STS_ENDPOINT_REGION to the region of sts_endpoint in"
                    + " Vault's auth method (or unset it when that is the default, sts.amazonaws.com)";
        }
        if (fault.message().contains("Signature expired") || fault.message().contains("not yet current")) {
            return "the clock of this machine is wrong by more than STS accepts";
        }
        return switch (fault.code()) {
            case "ExpiredToken", "ExpiredTokenException" -> "the credentials of the function's role have expired";
            case "InvalidClientTokenId" ->
                "AWS does not know these credentials: check AWS_ACCESS_KEY_ID and" + " AWS_SESSION_TOKEN; " + signed;
            case "SignatureDoesNotMatch" ->
                "check AWS_SECRET_ACCESS_KEY, and that sts_endpoint in Vault's auth method suits: " + signed;
            default -> signed;
        };
    }
}
