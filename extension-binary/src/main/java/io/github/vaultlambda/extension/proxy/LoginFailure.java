package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.auth.aws.AwsUnavailableException;
import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultResponseException;
import io.github.vaultlambda.http.TransportException;

/**
 * Says to a client why there is no token: the kind of failure, or the status and Vault's own words. The message of the exception is
 * for the log alone: it names addresses, files and the mount, which are no business of whoever can reach the proxy.
 */
final class LoginFailure {
    private LoginFailure() {}

    static String inShort(VaultException e) {
        if (e.getCause() instanceof TransportException trouble) {
            return asked(e) + " cannot be asked: " + UpstreamFailure.inShort(trouble, "no answer in time");
        }
        if (e instanceof VaultResponseException) {
            return "what answered is not Vault" + (e.status() == 0 ? "" : " (status " + e.status() + ")");
        }
        String words = e.errors().isEmpty() ? "" : ": " + String.join("; ", e.errors());
        if (e.status() >= 300) {
            return "the login failed with status " + e.status() + words;
        }
        return e instanceof VaultLoginException
                ? "the login cannot be made, or gave no token; the log of the extension says why"
                : asked(e) + " did not answer in time";
    }

    private static String asked(VaultException e) {
        return e instanceof AwsUnavailableException ? "AWS" : "Vault";
    }
}
