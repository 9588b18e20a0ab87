package io.github.vaultlambda.handler.entry;

import io.github.vaultlambda.secrets.VaultSecrets;
import io.github.vaultlambda.secrets.files.SecretFile;
import io.github.vaultlambda.secrets.files.SecretFiles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a handler that knows nothing of Vault finds its secrets in: system properties and files. Thread-safe. */
final class SecretDelivery {
    private final SecretProperties properties;
    private final @Nullable SecretFiles files;
    private volatile boolean written;

    SecretDelivery(SecretProperties properties, VaultSecrets vault, List<SecretFile> files) {
        this.properties = properties;
        this.files = files.isEmpty() ? null : SecretFiles.of(vault, files);
    }

    /**
     * Brings everything up to date. What has become of files that were written once fails nothing: they stay as they are.
     *
     * @throws io.github.vaultlambda.client.VaultException when the secrets of properties cannot be had
     * @throws io.github.vaultlambda.secrets.variables.SecretVariablesException as {@link SecretProperties#publish}
     * @throws io.github.vaultlambda.secrets.files.SecretFilesException when a file cannot be written for the first time
     */
    void deliver() {
        properties.publish();
        if (files != null) {
            if (written) {
                files.refresh();
            } else {
                files.write();
                written = true;
            }
        }
    }

    /** Keeps nothing, before a snapshot. */
    void forget() {
        properties.forget();
        if (files != null) {
            files.forget();
        }
    }
}
