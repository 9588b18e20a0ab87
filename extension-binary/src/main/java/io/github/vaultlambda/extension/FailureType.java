package io.github.vaultlambda.extension;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.client.VaultNotFoundException;
import io.github.vaultlambda.client.VaultPermissionException;
import io.github.vaultlambda.client.VaultSealedException;
import io.github.vaultlambda.client.VaultTlsException;
import io.github.vaultlambda.client.VaultUnavailableException;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.secrets.files.SecretFilesException;

/** Why the extension ends, in the form in which Lambda shows it to operators: {@code Extension.Reason}. */
final class FailureType {
    static final String NO_EVENT = "Extension.NextEventFailed";
    static final String NOT_LISTENING = "Extension.ProxyNotStarted";
    static final String NOT_REGISTERED = "Extension.RegistrationFailed";
    private static final String UNKNOWN = "Extension.InternalError";

    private FailureType() {}

    static String of(Throwable failure) {
        if (failure instanceof VaultConfigException) {
            return "Extension.ConfigInvalid";
        }
        if (failure instanceof VaultLoginException) {
            return "Extension.LoginRefused";
        }
        if (failure instanceof VaultSealedException) {
            return "Extension.VaultSealed";
        }
        if (failure instanceof VaultTlsException) {
            return "Extension.VaultNotTrusted";
        }
        if (failure instanceof VaultUnavailableException) {
            return "Extension.VaultUnavailable";
        }
        if (failure instanceof VaultPermissionException) {
            return "Extension.PermissionDenied";
        }
        if (failure instanceof VaultNotFoundException) {
            return "Extension.SecretNotFound";
        }
        if (failure instanceof VaultException) {
            return "Extension.VaultRequestFailed"; // an answer of another kind, or of another server than Vault
        }
        if (failure instanceof SecretFilesException) {
            return "Extension.SecretFilesNotWritten";
        }
        if (failure instanceof ExtensionException ours) {
            return ours.type();
        }
        return UNKNOWN;
    }
}
