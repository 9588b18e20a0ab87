package io.github.vaultlambda.secrets.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The place of one file: puts whole contents there and knows whether the last one still is. Whoever reads meanwhile finds the whole
 * old file or the whole new one. A symbolic link at the place is replaced, not followed. Not thread-safe.
 */
final class FilePlace {
    private static final Set<PosixFilePermission> OWNER_ONLY_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    /** Tells files apart that are written in the same moment. */
    private static final AtomicLong WRITTEN = new AtomicLong();

    private final Path file;
    private final Path directory;
    private final Set<PosixFilePermission> mode;
    /** What was put there last; null when nothing was, or it was removed. */
    private @Nullable Mark mark;

    FilePlace(Path file, Set<PosixFilePermission> mode) {
        this.file = file;
        this.directory = Objects.requireNonNull(file.getParent(), "an absolute file has a directory");
        this.mode = mode;
    }

    /**
     * What tells a file from another that took its place, and from itself with other content. No record: the equality of one is
     * made by method handles at its first use, in an invocation.
     */
    private static final class Mark {
        private final @Nullable Object key;
        private final long size;
        private final FileTime modified;
        private final Set<PosixFilePermission> permissions;

        private Mark(PosixFileAttributes attributes) {
            this.key = attributes.fileKey();
            this.size = attributes.size();
            this.modified = attributes.lastModifiedTime();
            this.permissions = attributes.permissions();
        }

        /** The mark of what is there, or null when nothing is; links count as themselves. */
        static @Nullable Mark of(Path file) throws IOException {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) { // without the exception that a look costs otherwise
                return null;
            }
            return new Mark(Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        }

        static boolean same(@Nullable Mark one, @Nullable Mark other) {
            if (one == null || other == null) {
                return one == other;
            }
            return one.isOfTheSameFile(other) && one.permissions.equals(other.permissions);
        }

        /** The key alone would not do: a file that is deleted leaves it to the next. */
        boolean isOfTheSameFile(Mark other) {
            return Objects.equals(key, other.key) && size == other.size && modified.equals(other.modified);
        }
    }

    /** Whether there is what was put there last: the file, untouched, or none where it was removed. */
    boolean isAsLeft() {
        try {
            return Mark.same(mark, Mark.of(file));
        } catch (IOException e) {
            return false; // to put it there again will tell
        }
    }

    /**
     * Puts this content there. Directories that are missing are created for this user alone; those that exist are left as they
     * are.
     *
     * @throws IOException with a message that says what could not be done, and holds nothing of the content
     */
    void put(byte[] content) throws IOException {
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY_DIRECTORY));
            replace(content);
        } catch (FileSystemException e) {
            throw failure("write", e);
        } catch (IOException e) { // of the channel, which does not know its file
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private void replace(byte[] content) throws IOException {
        // A name of its own, so that it is not too long where the file's is not.
        Path next = directory.resolve(
                ".vault-" + Long.toHexString(System.nanoTime()) + "-" + WRITTEN.incrementAndGet() + ".tmp");
        try {
            // Opened as new only: nobody else's file or link is ever written to.
            try (SeekableByteChannel channel = Files.newByteChannel(
                    next,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_ONLY_FILE))) {
                write(channel, ByteBuffer.wrap(content));
            }
            if (!mode.equals(OWNER_ONLY_FILE)) {
                Files.setPosixFilePermissions(next, mode); // whatever the process's umask leaves of it
            }
            Mark ready = Mark.of(next);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            mark = ready;
        } finally {
            Files.deleteIfExists(next); // there only when something failed
        }
    }

    private static void write(SeekableByteChannel channel, ByteBuffer rest) throws IOException {
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /** Sees to it that no file is there. A directory is none of ours, and stays. */
    void remove() throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("cannot delete " + file + ": it is a directory");
        }
        try {
            Files.deleteIfExists(file);
            mark = null;
        } catch (FileSystemException e) {
            throw failure("delete", e);
        }
    }

    /**
     * Overwrites and deletes the file that was put there, also when somebody has changed its mode; leaves alone what somebody else has
     * put in its place.
     */
    void shred() throws IOException {
        Mark left = mark;
        Mark found = left == null ? null : Mark.of(file);
        if (left == null || found == null || !left.isOfTheSameFile(found)) {
            return;
        }
        try {
            if (!found.permissions.contains(PosixFilePermission.OWNER_WRITE)) {
                Files.setPosixFilePermissions(file, OWNER_ONLY_FILE);
            }
            try (SeekableByteChannel channel =
                    Files.newByteChannel(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
                write(channel, ByteBuffer.allocate((int) left.size));
            }
            Files.delete(file);
            mark = null;
        } catch (FileSystemException e) {
            throw failure("delete", e);
        }
    }

    private IOException failure(String what, FileSystemException e) {
        String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        return new IOException("cannot " + what + " " + file + ": " + reason, e);
    }
}
