package io.github.vaultlambda.secrets.files;

import io.github.vaultlambda.secrets.SecretOptions;
import io.github.vaultlambda.secrets.SecretReference;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which secret is kept in which file, and how. Immutable and thread-safe; each {@code with…} method gives a changed copy.
 *
 * <pre>{@code
 * SecretFile.of("secret/data/orders/db", Path.of("/tmp/vault/db.env")).withFormat(FileFormat.DOTENV)
 * SecretFile.of("secret/data/orders/db#password", Path.of("/tmp/vault/password"))
 * }</pre>
 *
 * @see SecretFiles
 */
public final class SecretFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final SecretReference reference;
    private final Path file;
    private final FileFormat format;
    private final Set<PosixFilePermission> mode;
    private final boolean optional;
    private final boolean deletedOnClose;
    private final @Nullable SecretOptions options;

    private SecretFile(
            SecretReference reference,
            Path file,
            FileFormat format,
            Set<PosixFilePermission> mode,
            boolean optional,
            boolean deletedOnClose,
            @Nullable SecretOptions options) {
        this.reference = reference;
        this.file = file;
        this.format = format;
        this.mode = mode;
        this.optional = optional;
        this.deletedOnClose = deletedOnClose;
        this.options = options;
    }

    /** As {@link #of(SecretReference, Path)}, with the reference's text. */
    public static SecretFile of(String reference, Path file) {
        return of(SecretReference.parse(reference), file);
    }

    /**
     * A secret and its file: with a field in the reference {@link FileFormat#FIELD}, else {@link FileFormat#RESPONSE}; mode 0600;
     * a missing secret is an error.
     *
     * @param file where to write it; absolute, and not the root
     * @throws IllegalArgumentException when it is no such path
     */
    public static SecretFile of(SecretReference reference, Path file) {
        if (!file.isAbsolute() || file.getFileName() == null) {
            throw new IllegalArgumentException("not an absolute path of a file: " + file);
        }
        FileFormat format = reference.field() == null ? FileFormat.RESPONSE : FileFormat.FIELD;
        return new SecretFile(reference, file, format, OWNER_ONLY, false, false, null);
    }

    /** What is written. */
    public SecretReference reference() {
        return reference;
    }

    /** The absolute path of the file. */
    public Path file() {
        return file;
    }

    /** What the file looks like. */
    public FileFormat format() {
        return format;
    }

    /**
     * This in another format.
     *
     * @throws IllegalArgumentException when the format wants a field and the reference has none, or the other way round
     */
    public SecretFile withFormat(FileFormat value) {
        boolean field = reference.field() != null;
        if (value == FileFormat.RESPONSE && field) {
            throw new IllegalArgumentException(reference
                    + " is a field, and Vault's whole answer has none: leave the field out, or choose another format");
        }
        if ((value == FileFormat.FIELD || value == FileFormat.BYTES) && !field) {
            throw new IllegalArgumentException(reference
                    + " names no field, which this format wants: write one such as " + reference + "#password");
        }
        return new SecretFile(reference, file, value, mode, optional, deletedOnClose, options);
    }

    /** Who may read and write the file; unmodifiable. */
    public Set<PosixFilePermission> mode() {
        return mode;
    }

    /**
     * This with another mode; default 0600. Directories that have to be made for it are the owner's alone (0700) all the same.
     *
     * @throws IllegalArgumentException when the owner could not read it, anybody else could write it, or it could be executed
     */
    public SecretFile withMode(Set<PosixFilePermission> value) {
        boolean fitting = value.contains(PosixFilePermission.OWNER_READ)
                && !value.contains(PosixFilePermission.OWNER_EXECUTE)
                && !value.contains(PosixFilePermission.GROUP_WRITE)
                && !value.contains(PosixFilePermission.GROUP_EXECUTE)
                && !value.contains(PosixFilePermission.OTHERS_WRITE)
                && !value.contains(PosixFilePermission.OTHERS_EXECUTE);
        if (!fitting) {
            throw new IllegalArgumentException(PosixFilePermissions.toString(value)
                    + " is no mode for a secret: its owner reads it, nobody else writes it, and it is no program");
        }
        return new SecretFile(reference, file, format, Set.copyOf(value), optional, deletedOnClose, options);
    }

    /** Whether the secret may be missing. */
    public boolean isOptional() {
        return optional;
    }

    /**
     * This with or without leave to be missing; default without: a secret that does not exist (404, also a deleted version) or has
     * no data is an error. With leave the JSON formats are then {@code null}, {@link FileFormat#DOTENV} and
     * {@link FileFormat#PROPERTIES} are empty, and of the others there is no file. A field that an existing secret does not have
     * is an error all the same, and so is a secret that may not be read.
     */
    public SecretFile withOptional(boolean value) {
        return new SecretFile(reference, file, format, mode, value, deletedOnClose, options);
    }

    /** Whether {@link SecretFiles#close()} deletes the file. */
    public boolean isDeletedOnClose() {
        return deletedOnClose;
    }

    /** This deleted, or not, by {@link SecretFiles#close()}, which overwrites it before; default not. */
    public SecretFile withDeletedOnClose(boolean value) {
        return new SecretFile(reference, file, format, mode, optional, value, options);
    }

    /** How fresh the file is kept; null for what {@link SecretFiles} says. */
    public @Nullable SecretOptions options() {
        return options;
    }

    /** This with options of its own, or with null those of all secrets. */
    public SecretFile withOptions(@Nullable SecretOptions value) {
        return new SecretFile(reference, file, format, mode, optional, deletedOnClose, value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretFile that
                && reference.equals(that.reference)
                && file.equals(that.file)
                && format == that.format
                && mode.equals(that.mode)
                && optional == that.optional
                && deletedOnClose == that.deletedOnClose
                && Objects.equals(options, that.options);
    }

    @Override
    public int hashCode() {
        return reference.hashCode() * 31 + file.hashCode();
    }

    /** The reference and the file. */
    @Override
    public String toString() {
        return reference + " in " + file;
    }
}
