package io.github.vaultlambda.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderTest {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path path = Path.of("unset");

    @Test
    void takesInAllOfAnotherFolder() throws IOException {
        Path from = Files.createDirectories(path.resolve("from/deep"));
        Files.writeString(from.resolve("file"), "text");
        Folder folder = new Folder(Files.createDirectories(path.resolve("to")));
        Files.createDirectories(folder.path().resolve("deep"));
        Files.writeString(folder.path().resolve("deep/file"), "older");
        folder.add(new Folder(path.resolve("from")));
        assertThat(folder.path().resolve("deep/file")).hasContent("text");
    }

    @Test
    void givesAllFilesTheSameTimeAndRightsByWhetherTheyAreExecutable() throws IOException {
        Folder folder = new Folder(Files.createDirectories(path.resolve("layer")));
        Path program = Files.writeString(folder.path().resolve("program"), "");
        Path text = Files.writeString(folder.path().resolve("text"), "");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(text, PosixFilePermissions.fromString("r--rw-rw-"));
        folder.settle(TIME);
        for (Path file : folder.content()) {
            assertThat(Files.getLastModifiedTime(file).toInstant())
                    .as("%s", file)
                    .isEqualTo(TIME);
        }
        assertThat(rights(folder.path())).isEqualTo("rwxr-xr-x");
        assertThat(rights(program)).isEqualTo("rwxr-xr-x");
        assertThat(rights(text)).isEqualTo("rw-r--r--");
    }

    @Test
    void emptiedIsThereAndHasNothingInIt() throws IOException {
        Folder folder = new Folder(path.resolve("new"));
        assertThat(folder.emptied().path()).isEmptyDirectory();
        Files.createDirectories(folder.path().resolve("a/b"));
        assertThat(folder.emptied().path()).isEmptyDirectory();
    }

    private static String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
