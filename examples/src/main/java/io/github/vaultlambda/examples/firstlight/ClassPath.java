package io.github.vaultlambda.examples.firstlight;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This run's class path, and what the function's process gets to see of it: all but what only this run needs. */
final class ClassPath {
    private ClassPath() {}

    static List<Path> ofThisRun() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    static String ofFunction() {
        return ofThisRun().stream()
                .filter(entry -> !entry.getFileName().toString().startsWith("vault-lambda-testkit"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
