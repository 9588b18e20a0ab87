package io.github.vaultlambda.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder of files that are put together. */
record Folder(Path path) {
    /** Begins anew with an empty folder. */
    Folder emptied() throws IOException {
        delete();
        Files.createDirectories(path);
        return this;
    }

    void delete() throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Files and folders in it, itself included, by name. */
    List<Path> content() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.sorted().toList();
        }
    }

    /** Its files by name, not those of folders in it. */
    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Copies all that is in another folder. */
    void add(Folder other) throws IOException {
        for (Path file : other.content()) {
            Path target = path.resolve(other.path.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(target);
            } else {
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Gives all the same times, and the rights that a reader needs and no more than its maker has: 755 or 644. */
    void settle(Instant time) throws IOException {
        List<Path> content = content();
        for (int i = content.size() - 1; i >= 0; i--) { // a folder after what is in it
            Path file = content.get(i);
            boolean open = Files.isDirectory(file) || Files.isExecutable(file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open ? "rwxr-xr-x" : "rw-r--r--"));
            Files.setLastModifiedTime(file, FileTime.from(time));
        }
    }
}
