package io.github.vaultlambda.auth.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.auth.login.VaultLoginException;
import io.github.vaultlambda.client.SecretValue;
import io.github.vaultlambda.log.Log;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The secret that binds an instance to its first login. Ours is chosen and written down before that login, not taken from Vault's
 * answer: an answer that is lost would leave the instance without it, and Vault lets nobody in again then. Thread-safe.
 */
final class Ec2Nonce {
    private static final Log LOG = Log.of(Ec2Nonce.class);

    private final @Nullable Path file;
    private @Nullable SecretValue known;

    Ec2Nonce(@Nullable SecretValue given, @Nullable Path file) {
        this.known = given;
        this.file = file;
    }

    /** The nonce: the given one, that in the file, or a new one. */
    synchronized SecretValue value() {
        SecretValue nonce = known;
        if (nonce == null) {
            nonce = file != null && Files.exists(file) ? read(file) : created();
            known = nonce;
        }
        return nonce;
    }

    private static SecretValue read(Path file) {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (IOException e) {
            throw fault(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        if (text.isEmpty() || text.length() > 128) {
            throw fault(file, "holds no nonce of 1 to 128 characters");
        }
        return SecretValue.of(text);
    }

    private static VaultLoginException fault(Path file, String what) {
        return VaultLoginException.withoutCredentials(
                "The file for the nonce of EC2 logins, " + file + ", " + what, "check VAULT_AUTH_EC2_NONCE_FILE", null);
    }

    private SecretValue created() {
        String text = UUID.randomUUID().toString();
        if (file != null) {
            try {
                write(file, text);
            } catch (IOException | UnsupportedOperationException e) {
                LOG.warn(
                        "The nonce of this instance's login cannot be kept in {} ({}): after a restart of this process Vault"
                                + " will refuse its login",
                        file,
                        e.getClass().getSimpleName());
            }
        }
        return SecretValue.of(text);
    }

    /** In one step, so that another process sees all of it or nothing. */
    private static void write(Path file, String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Path unfinished = Files.createTempFile(folder, "nonce", ".tmp", ownerOnly);
        try {
            Files.write(unfinished, text.getBytes(UTF_8));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Nothing: it is a secret. */
    @Override
    public String toString() {
        return "Ec2Nonce[hidden]";
    }
}
