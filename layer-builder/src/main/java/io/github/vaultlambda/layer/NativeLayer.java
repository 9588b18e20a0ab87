package io.github.vaultlambda.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * The layer with the native image. What a GraalVM makes is one file; what {@code .ci/native-image} assembles links to shared objects
 * of the JDK, which the image looks for in {@code vault-lambda-extension/lib} of its layer. They cannot lie in the layer's
 * {@code lib}: Lambda lets every function search that for libraries.
 *
 * @param image the executable; its shared objects, if it has any, are in a folder beside it
 * @param graalvm the home of what made it
 * @param home our folder in the layer
 */
record NativeLayer(Path image, Path graalvm, Path home) {
    private static final String NAME = "vault-lambda-extension";
    /** What of the JDK is in an image. */
    private static final String[] MODULES = {"java.base", "java.logging"};

    void build(Folder scripts, Folder layer) throws IOException {
        layer.add(scripts);
        Path executable =
                Files.createDirectories(layer.path().resolve("extensions")).resolve(NAME);
        Files.copy(image, executable, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Folder libraries = new Folder(image.resolveSibling(image.getFileName() + ".libs"));
        if (Files.isDirectory(libraries.path())) {
            new Folder(Files.createDirectories(home.resolve("lib"))).add(libraries);
        }
        Path legal = Files.createDirectories(home.resolve("legal").resolve("java"));
        copyLicences(legal);
    }

    /** Of the Java classes in the image, and of GraalVM itself where it says so. */
    private void copyLicences(Path legal) throws IOException {
        for (String module : MODULES) {
            Path from = graalvm.resolve("legal").resolve(module);
            if (Files.isDirectory(from)) {
                new Folder(Files.createDirectories(legal.resolve(module))).add(new Folder(from.toRealPath()));
            }
        }
        try (Stream<Path> files = Files.list(graalvm)) {
            for (Path file : files.filter(
                            file -> file.getFileName().toString().matches("LICENSE.*|NOTICE.*|.*README.*LICENSE.*"))
                    .toList()) {
                if (Files.isRegularFile(file)) {
                    Files.copy(file, legal.resolve(file.getFileName()));
                }
            }
        }
    }
}
