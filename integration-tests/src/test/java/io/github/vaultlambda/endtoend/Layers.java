package io.github.vaultlambda.endtoend;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The extension's layers, as they lie below {@code /opt}: those of the property {@code extension.layers}, or else all that were
 * built.
 */
final class Layers {
    private Layers() {}

    static List<Path> built() {
        String named = System.getProperty("extension.layers", "");
        Path target =
                Path.of("..", "extension-binary", "target").toAbsolutePath().normalize();
        Stream<Path> candidates = named.isBlank()
                ? Stream.of(target.resolve("layer"), target.resolve("native-layer"))
                : Stream.of(named.split(File.pathSeparator, -1)).map(Path::of);
        List<Path> layers = candidates
                .filter(layer -> !named.isBlank() || Files.isDirectory(layer))
                .toList();
        if (layers.isEmpty()) {
            throw new IllegalStateException(
                    "there is no layer in " + target + ": layers are built by `mvn verify` in the root folder");
        }
        return layers;
    }
}
