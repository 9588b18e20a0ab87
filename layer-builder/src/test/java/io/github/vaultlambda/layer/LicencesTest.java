package io.github.vaultlambda.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LicencesTest {
    @TempDir
    private Path path = Path.of("unset");

    @Test
    void oursAndThoseOfTheJars() throws IOException {
        Path own = Files.writeString(path.resolve("own"), "ours");
        Path some = jar("some-1.0.jar", "META-INF/LICENSE.txt", "META-INF/NOTICE", "META-INF/MANIFEST.MF", "a/LICENSE");
        Path none = jar("none-1.0.jar", "META-INF/MANIFEST.MF");
        Path legal = path.resolve("legal");
        Licences.write(own, List.of(some, none), legal);
        assertThat(legal.resolve("LICENSE")).hasContent("ours");
        assertThat(new Folder(legal.resolve("some-1.0")).files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("LICENSE.txt", "NOTICE");
        assertThat(legal.resolve("none-1.0")).doesNotExist();
    }

    private Path jar(String name, String... entries) throws IOException {
        Path file = path.resolve(name);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (String entry : entries) {
                jar.putNextEntry(new ZipEntry(entry));
                jar.write(entry.getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }
}
