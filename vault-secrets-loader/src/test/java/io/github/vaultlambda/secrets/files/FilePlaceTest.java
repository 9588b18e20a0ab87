package io.github.vaultlambda.secrets.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a content gets to its place, and away from it. */
class FilePlaceTest {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    @TempDir
    Path directory;

    @Test
    void makesDirectoriesAndFileForTheOwnerAlone() throws IOException {
        Path file = directory.resolve("new/deep/secret.json");
        new FilePlace(file, OWNER_ONLY).put(bytes("x"));
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(permissions(directory.resolve("new"))).isEqualTo("rwx------");
        assertThat(permissions(directory.resolve("new/deep"))).isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "r--r-----", "r--------", "rw-r--r--"})
    void givesTheFileTheModeThatWasAskedForAndReplacesItAllTheSame(String mode) throws IOException {
        FilePlace place = place("secret", mode);
        place.put(bytes("one"));
        place.put(bytes("two"));
        assertThat(permissions(directory.resolve("secret"))).isEqualTo(mode);
        assertThat(directory.resolve("secret")).hasContent("two");
        assertThat(place.isAsLeft()).isTrue();
    }

    @Test
    void replacesAnOpenFileByOneForTheOwnerAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        place("secret", "rw-------").put(bytes("new"));
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertThat(file).hasContent("new");
        assertThat(listed()).containsExactly("secret");
    }

    @Test
    void replacesASymbolicLinkAndLeavesItsTarget() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "untouched");
        Path file = Files.createSymbolicLink(directory.resolve("secret"), target);
        place("secret", "rw-------").put(bytes("new"));
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(target).hasContent("untouched");
    }

    @Test
    void leavesNothingBehindWhenItCannotWrite() throws IOException {
        Path taken = Files.createDirectory(directory.resolve("taken"));
        Files.createFile(taken.resolve("inside"));
        assertThatThrownBy(() -> place("taken", "rw-------").put(bytes("n0tf0rl0gs")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot write " + taken)
                .hasMessageNotContaining("n0tf0rl0gs");
        assertThat(listed()).containsExactly("taken");
    }

    @Test
    void writesAFileWhoseNameIsAsLongAsNamesMayBe() throws IOException {
        String name = "x".repeat(255);
        place(name, "rw-------").put(bytes("new"));
        assertThat(listed()).containsExactly(name);
    }

    @Test
    void noticesThatTheFileIsGoneOrIsAnother() throws IOException {
        Path file = directory.resolve("secret");
        FilePlace place = place("secret", "rw-------");
        assertThat(place.isAsLeft()).as("before anything").isTrue();
        place.put(bytes("mine"));
        assertThat(place.isAsLeft()).isTrue();

        Files.delete(file);
        assertThat(place.isAsLeft()).as("gone").isFalse();

        Files.writeString(file, "other");
        assertThat(place.isAsLeft()).as("another file").isFalse();

        place.put(bytes("mine"));
        Files.writeString(file, "longer");
        assertThat(place.isAsLeft()).as("other content").isFalse();

        place.put(bytes("mine"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(place.isAsLeft()).as("other mode").isFalse();

        place.put(bytes("mine"));
        Files.move(file, directory.resolve("elsewhere"));
        Files.createSymbolicLink(file, directory.resolve("elsewhere"));
        assertThat(place.isAsLeft()).as("a link to it").isFalse();
    }

    @Test
    void removesNoDirectory() throws IOException {
        Path taken = Files.createDirectory(directory.resolve("taken"));
        assertThatThrownBy(() -> place("taken", "rw-------").remove())
                .isInstanceOf(IOException.class)
                .hasMessage("cannot delete " + taken + ": it is a directory");
        assertThat(taken).exists();
    }

    @Test
    void removesAndNoticesThatSomethingCame() throws IOException {
        FilePlace place = place("secret", "rw-------");
        place.put(bytes("mine"));
        place.remove();
        place.remove();
        assertThat(listed()).isEmpty();
        assertThat(place.isAsLeft()).isTrue();
        Files.writeString(directory.resolve("secret"), "other");
        assertThat(place.isAsLeft()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--r-----"})
    void overwritesBeforeItDeletes(String mode) throws IOException {
        FilePlace place = place("secret", mode);
        place.put(bytes("n0tf0rl0gs"));
        Path link = Files.createLink(directory.resolve("link"), directory.resolve("secret"));
        place.shred();
        assertThat(listed()).containsExactly("link");
        assertThat(Files.readAllBytes(link)).containsOnly(0).hasSize("n0tf0rl0gs".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "r--r--r--"})
    void deletesItsFileWhenSomebodyHasOpenedItToOthers(String mode) throws IOException {
        FilePlace place = place("secret", "rw-------");
        place.put(bytes("n0tf0rl0gs"));
        Path link = Files.createLink(directory.resolve("link"), directory.resolve("secret"));
        Files.setPosixFilePermissions(link, PosixFilePermissions.fromString(mode));
        place.shred();
        assertThat(listed()).containsExactly("link");
        assertThat(Files.readAllBytes(link)).containsOnly(0);
    }

    @Test
    void doesNotOverwriteWhatSomebodyElsePutThere() throws IOException {
        FilePlace place = place("secret", "rw-------");
        place.shred();
        place.put(bytes("mine"));
        Path target = Files.writeString(directory.resolve("target"), "untouched");
        Files.delete(directory.resolve("secret"));
        Files.createSymbolicLink(directory.resolve("secret"), target);
        place.shred();
        assertThat(target).hasContent("untouched");
        assertThat(listed()).containsExactlyInAnyOrder("secret", "target");
    }

    @Test
    void readersFindTheWholeOldOrTheWholeNewFile() throws Exception {
        Path file = directory.resolve("secret");
        FilePlace place = place("secret", "rw-------");
        place.put(bytes("a".repeat(50_000)));
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> torn = Stream.generate(() -> readers.submit(() -> {
                        int count = 0;
                        do {
                            String content = Files.readString(file);
                            boolean whole = content.length() == 50_000
                                    && content.equals(content.substring(0, 1).repeat(50_000));
                            count += whole ? 0 : 1;
                        } while (!over.get());
                        return count;
                    }))
                    .limit(2)
                    .toList();
            for (int i = 0; i < 300; i++) {
                place.put(bytes((i % 2 == 0 ? "b" : "a").repeat(50_000)));
            }
            over.set(true);
            for (Future<Integer> each : torn) {
                assertThat(each.get()).isZero();
            }
        } finally {
            over.set(true);
            readers.shutdown();
        }
    }

    private FilePlace place(String name, String mode) {
        return new FilePlace(directory.resolve(name), PosixFilePermissions.fromString(mode));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private List<String> listed() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
