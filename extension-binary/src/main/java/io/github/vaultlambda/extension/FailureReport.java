package io.github.vaultlambda.extension;

import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.config.VaultConfigException;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.extension.settings.EnvironmentKind;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.files.SecretFilesException;
import java.io.IOException;

/** Says why the extension ends: one line in the log, and to Lambda, which shows the type to whoever invoked the function. */
final class FailureReport {
    private static final Log LOG = Log.of(FailureReport.class);

    private final ExtensionsApi lambda;
    private final EnvironmentKind kind;

    FailureReport(ExtensionsApi lambda, EnvironmentKind kind) {
        this.lambda = lambda;
        this.kind = kind;
    }

    /** Writes the line; the trace too when it is a fault of ours. */
    void log(Throwable failure) {
        boolean expected = failure instanceof VaultException
                || failure instanceof VaultConfigException
                || failure instanceof SecretFilesException
                || failure instanceof ExtensionException;
        if (expected) {
            LOG.error("{}", text(failure));
        } else {
            LOG.error("Unexpected failure; this is a fault of the extension", failure);
        }
    }

    /**
     * Tells Lambda.
     *
     * @param registered whether the extension was ready
     */
    void report(Throwable failure, boolean registered) {
        String type = FailureType.of(failure);
        try {
            if (registered) {
                lambda.reportExitError(type, text(failure));
            } else if (!type.equals(FailureType.NOT_REGISTERED)) {
                lambda.reportInitError(kind.events(), type, text(failure));
            }
        } catch (IOException e) {
            LOG.debug("Lambda could not be told: {}", OneLine.of(e)); // the exit code tells as well
        }
    }

    /** In the words of vault-lambda-extension, for which alarms may look: of Vault's failures only that of the login ends it. */
    private static String text(Throwable failure) {
        return (failure instanceof VaultException ? "error logging in to Vault: " : "") + OneLine.of(failure);
    }
}
