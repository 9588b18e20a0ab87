package io.github.vaultlambda.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLayerTest {
    @TempDir
    private Path path = Path.of("unset");

    @Test
    void anImageOfOneFileIsPutInTheLaunchersPlace() throws IOException {
        Folder layer = build();
        assertThat(layer.path().resolve("extensions/vault-lambda-extension")).hasContent("image");
        assertThat(layer.path().resolve("vault-exec")).hasContent("script");
        assertThat(layer.path().resolve("vault-lambda-extension/lib")).doesNotExist();
        assertThat(layer.path().resolve("vault-lambda-extension/legal/java/java.base/LICENSE"))
                .hasContent("the JDK's");
        assertThat(layer.path().resolve("vault-lambda-extension/legal/java/LICENSE.txt"))
                .hasContent("GraalVM's");
    }

    @Test
    void sharedObjectsLieWhereNobodyElseLooksForThem() throws IOException {
        write("image/vault-lambda-extension.libs/libnet.so", "net");
        Folder layer = build();
        assertThat(layer.path().resolve("vault-lambda-extension/lib/libnet.so")).hasContent("net");
        assertThat(layer.path().resolve("lib")).doesNotExist();
    }

    private Folder build() throws IOException {
        write("graalvm/legal/java.base/LICENSE", "the JDK's");
        write("graalvm/LICENSE.txt", "GraalVM's");
        write("scripts/vault-exec", "script");
        write("scripts/extensions/vault-lambda-extension", "launcher");
        Path image = write("image/vault-lambda-extension", "image");
        Folder layer = new Folder(Files.createDirectories(path.resolve("layer")));
        new NativeLayer(image, path.resolve("graalvm"), layer.path().resolve("vault-lambda-extension"))
                .build(new Folder(path.resolve("scripts")), layer);
        return layer;
    }

    private Path write(String file, String text) throws IOException {
        Path target = path.resolve(file);
        Files.createDirectories(target.getParent());
        return Files.writeString(target, text);
    }
}
