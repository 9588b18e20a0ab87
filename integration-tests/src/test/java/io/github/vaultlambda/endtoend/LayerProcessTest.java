package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.TestSecrets;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layer as a thing that is packed, moved and renamed. */
final class LayerProcessTest {
    private static final String HOME = "vault-lambda-extension";
    private static final int MEGABYTE = 1_000_000;

    @AutoClose
    private final Stage stage = new Stage();

    @TempDir
    private Path folder = Path.of("unset");

    @Test
    void worksInAnotherFolderUnderAnotherNameWithNothingInstalled() throws Exception {
        Path moved = folder.resolve("another place");
        copy(Stage.layer(), moved);
        Files.move(
                moved.resolve("extensions").resolve(Stage.EXTENSION),
                moved.resolve("extensions").resolve("secrets"));
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_EXTENSION_PROXY_PORT", Integer.toString(stage.proxyPort()));
        if (hasItsOwnJava()) {
            // The JVM refuses to start when the cache does not fit, where it would go on without it otherwise.
            variables.put("VAULT_EXTENSION_JAVA_OPTIONS", "-XX:AOTMode=on");
        }
        if (!needsJava()) {
            variables.put("PATH", "/nowhere");
            variables.put("JAVA_HOME", "/nowhere");
        }
        try (LambdaEmulator lambda = Stage.lambda(variables)
                .extensionsDirectory(moved.resolve("extensions"))
                .build()) {
            assertThat(lambda.init().registered()).containsOnlyKeys("secrets");
            assertThat(lambda.shutdown().process("secrets").exitCode()).isZero();
        }
    }

    /** So many that they are kept in another way than a few are. */
    @Test
    void fortySecretsAreWrittenToFiles() throws Exception {
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_RUN_MODE", "file");
        stage.vault().readable("orders", "secret/data/*");
        for (int i = 0; i < 40; i++) {
            stage.vault().putSecret("secret/data/many/" + i, Map.of("password", TestSecrets.mint("password-")));
            variables.put("VAULT_SECRET_PATH_S" + i, "secret/data/many/" + i);
            variables.put("VAULT_SECRET_FILE_S" + i, folder.resolve(i + ".json").toString());
        }
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).hasSize(40);
            }
        }
    }

    @Test
    void zipHasTheSameFilesWithTheSameRights() throws Exception {
        Path zip = Stage.layer().resolveSibling(HOME + "-" + Stage.layer().getFileName() + ".zip");
        Map<String, String> expected = files(Stage.layer());
        try (FileSystem packed = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", "true"))) {
            assertThat(files(packed.getPath("/"))).isEqualTo(expected);
        }
        assertThat(expected.keySet())
                .contains("extensions/" + Stage.EXTENSION, "vault-exec", HOME + "/legal/LICENSE")
                .allSatisfy(name -> assertThat(name)
                        .as("where functions look for their own")
                        .doesNotStartWith("lib/")
                        .doesNotStartWith("bin/"));
        boolean image = !hasItsOwnJava() && !needsJava();
        assertThat(Files.size(zip)).isLessThanOrEqualTo((image ? 12L : 30L) * MEGABYTE);
    }

    /** Size, and whether it can be executed, of each file by its path in the folder. */
    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
                found.put(
                        root.relativize(file).toString(),
                        Files.size(file)
                                + (rights.contains(PosixFilePermission.OTHERS_EXECUTE) ? " executable" : "")
                                + (rights.contains(PosixFilePermission.OTHERS_READ) ? "" : " secret"));
            }
        }
        return found;
    }

    private static boolean hasItsOwnJava() {
        return Files.isDirectory(Stage.layer().resolve(HOME).resolve("runtime"));
    }

    /** Where the build found no JDK to link one from. */
    private static boolean needsJava() throws IOException {
        Path jars = Stage.layer().resolve(HOME).resolve("lib");
        if (!Files.isDirectory(jars)) {
            return false;
        }
        try (Stream<Path> files = Files.list(jars)) {
            return files.anyMatch(file -> file.toString().endsWith(".jar"));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
