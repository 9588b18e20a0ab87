package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.VaultResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * A secret that is kept in a file for programs that read it from there: which secret, and which file. Immutable and
 * thread-safe.
 */
public final class SecretFile {
    private static final Set<PosixFilePermission> OWNER_ONLY_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private final String secretPath;
    private final Path file;

    /**
     * A secret and its file.
     *
     * @param secretPath the path in Vault below {@code /v1/}, such as {@code secret/data/orders/db}
     * @param file where to write it; absolute, and not the root
     */
    public SecretFile(String secretPath, Path file) {
        this.secretPath = Objects.requireNonNull(secretPath, "secretPath");
        if (!file.isAbsolute() || file.getFileName() == null) {
            throw new IllegalArgumentException("not an absolute path of a file: " + file);
        }
        this.file = file;
    }

    /** The path in Vault below {@code /v1/}. */
    public String secretPath() {
        return secretPath;
    }

    /** The absolute path of the file. */
    public Path file() {
        return file;
    }

    /**
     * Writes Vault's answer as a JSON document that only this process's user may read. Whoever reads meanwhile finds the whole
     * old file or the whole new one. A symbolic link at the file's place is replaced, not followed. Directories that are
     * missing are created for this user alone; those that exist are left as they are.
     *
     * @throws IOException when the file cannot be written, or the answer has no content; the message holds nothing of it
     */
    public void write(VaultResponse response) throws IOException {
        if (response.body().fields().isEmpty()) {
            throw new IOException(
                    "Vault's answer to " + secretPath + " has no content (status " + response.status() + ")");
        }
        byte[] json = ResponseJson.bytes(response.body());
        Path directory = Objects.requireNonNull(file.getParent(), "an absolute file has a directory");
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY_DIRECTORY));
            replace(directory, json);
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
            throw new IOException("cannot write " + file + ": " + reason, e);
        }
    }

    private void replace(Path directory, byte[] json) throws IOException {
        Path next = directory.resolve("." + file.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".tmp");
        try {
            // Opened as new only: nobody else's file or link is ever written to.
            try (WritableByteChannel channel = Files.newByteChannel(
                    next,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_ONLY_FILE))) {
                ByteBuffer rest = ByteBuffer.wrap(json);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next); // there only when something failed
        }
    }

    /** The path in Vault and the file. */
    @Override
    public String toString() {
        return secretPath + " in " + file;
    }
}
