package io.github.vaultlambda.extension;

import io.github.vaultlambda.auth.VaultSession;
import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.VaultException;
import io.github.vaultlambda.extension.log.OneLine;
import io.github.vaultlambda.log.Log;
import io.github.vaultlambda.secrets.SecretsListener;
import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.secrets.files.SecretFiles;
import io.github.vaultlambda.secrets.files.SecretFilesException;
import org.jspecify.annotations.Nullable;

/** The secret files of this environment, and the leases that they hang on. Thread-safe. */
final class FileDelivery {
    private static final Log LOG = Log.of(FileDelivery.class);

    private final VaultSecrets secrets;
    private final SecretFiles files;
    private volatile boolean closed;

    FileDelivery(ExtensionConfig config, VaultSession session, @Nullable SecretsListener listener) {
        VaultSecrets.Builder builder = config.access().secretsOf(session);
        if (listener != null) {
            builder.listener(listener);
        }
        this.secrets = builder.build();
        this.files = SecretFiles.of(secrets, config.secretFiles());
    }

    /**
     * Writes all files.
     *
     * @throws VaultException when Vault cannot be asked
     * @throws SecretFilesException when some cannot be written
     */
    void write(Deadline deadline) {
        files.write(deadline);
    }

    /** Brings files and leases up to date. The function runs meanwhile; whatever goes wrong here must not end it. */
    void refresh(Deadline deadline) {
        try {
            files.refresh(deadline);
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.error("Unexpected failure while secret files were refreshed: {}", OneLine.of(e), e);
            }
        }
    }

    /** Keeps nothing of what was read: the files stay, and the next refresh reads their secrets anew, with a token of its own. */
    void forget() {
        secrets.forget();
        files.forget();
    }

    /** Deletes files and revokes leases and token, each where that was asked for. */
    void close(Deadline deadline) {
        closed = true;
        files.close();
        secrets.close(deadline);
    }
}
