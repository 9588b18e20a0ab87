package io.github.vaultlambda.endtoend;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The folders that functions are deployed as, below {@code target}, where a container's user may read them. */
final class FunctionFolders {
    private static final Path ROOT = Path.of("target", "functions").toAbsolutePath();
    private static final List<String> OWN =
            List.of("vault-auth-core", "vault-secrets-loader", "lambda-handler-wrapper", "examples");
    private static final List<String> LIBRARIES =
            List.of("slf4j-", "jackson-", "caffeine-", "HikariCP-", "jspecify-", "crac-");
    private static final List<String> RUNTIME = List.of("aws-lambda-java-", "utils-lite-");

    private FunctionFolders() {}

    /** What {@code /var/task} holds for the Java functions of {@code examples}. */
    static Path java() {
        Path task = emptied("java");
        for (Path entry : classPath()) {
            if (OWN.contains(roomOf(entry))) {
                copy(entry, Files.isDirectory(entry) ? task : task.resolve("lib"));
            } else if (isOneOf(entry, LIBRARIES)) {
                copy(entry, task.resolve("lib"));
            }
        }
        return task;
    }

    /** What {@code /var/runtime/lib} holds: AWS's runtime interface client for Java. */
    static Path javaRuntime() {
        Path runtime = emptied("java-runtime");
        for (Path entry : classPath()) {
            if (isOneOf(entry, RUNTIME)) {
                copy(entry, runtime);
            }
        }
        return runtime;
    }

    /** The function of this language among the test's resources. */
    static Path script(String language) {
        Path task = emptied(language);
        copy(Path.of("src", "test", "resources", "functions", language), task);
        return task;
    }

    private static List<Path> classPath() {
        String entries = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(entries.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toList();
    }

    /** The module of a folder of classes or of a jar in a module's {@code target}; empty for what comes from elsewhere. */
    private static String roomOf(Path entry) {
        Path path = entry.toAbsolutePath().normalize();
        int names = path.getNameCount();
        return names > 2 && path.getName(names - 2).toString().equals("target")
                ? path.getName(names - 3).toString()
                : "";
    }

    private static boolean isOneOf(Path entry, List<String> prefixes) {
        String name = entry.getFileName().toString();
        return name.toLowerCase(Locale.ROOT).endsWith(".jar")
                && prefixes.stream().anyMatch(name::startsWith);
    }

    private static Path emptied(String name) {
        Path folder = ROOT.resolve(name);
        try {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> old = Files.walk(folder)) {
                    for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a file into the folder, or what is in a folder. */
    private static void copy(Path source, Path folder) {
        try (Stream<Path> found = Files.walk(source)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(
                        Files.isDirectory(source)
                                ? source.relativize(file).toString()
                                : file.getFileName().toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
