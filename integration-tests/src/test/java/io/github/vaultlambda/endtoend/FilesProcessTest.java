package io.github.vaultlambda.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.vaultlambda.testkit.InvocationResult;
import io.github.vaultlambda.testkit.LambdaEmulator;
import io.github.vaultlambda.testkit.LambdaInitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secret files of the packaged extension on file systems that do not want them, and at their end. */
final class FilesProcessTest {
    private final Stage stage = new Stage();

    @TempDir
    private Path folder = Path.of("unset");

    private boolean mounted;

    @AfterEach
    void close() throws Exception {
        stage.close();
        if (mounted) {
            assertThat(run("umount", folder.toString())).isZero();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        List<String> quiet = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" 2> /dev/null", "sh"));
        quiet.addAll(Arrays.asList(command));
        return new ProcessBuilder(quiet).start().waitFor();
    }

    /** A file system of its own, with room for little. */
    private void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.toString()) == 0;
        assumeTrue(mounted, "NOT TRIED: a file system of its own needs root and leave to mount one");
    }

    private Path file() {
        return folder.resolve("vault/password");
    }

    private Map<String, String> variables() {
        Map<String, String> variables = stage.variables();
        variables.put("VAULT_RUN_MODE", "file");
        variables.put("VAULT_MAX_RETRIES", "0");
        variables.put("VAULT_DEFAULT_CACHE_TTL", "0s");
        variables.put("VAULT_SECRET_PATH", Stage.SECRET + "#password");
        variables.put("VAULT_SECRET_FILE", file().toString());
        return variables;
    }

    private static void fill(Path folder) {
        try {
            Files.write(folder.resolve("filling"), new byte[1 << 20]);
        } catch (IOException e) {
            // full, as was wished
        }
    }

    private static void fails(Map<String, String> variables, String reason) {
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            assertThatExceptionOfType(LambdaInitException.class)
                    .isThrownBy(lambda::init)
                    .satisfies(failure -> assertThat(failure.errorType()).isEqualTo("Extension.SecretFilesNotWritten"))
                    .withMessageContaining(variables.get("VAULT_SECRET_FILE"))
                    .withMessageContaining(reason);
        }
    }

    @Test
    void aFullDiskIsToldAndKeepsWhatWasThere() throws Exception {
        mount();
        String first = stage.rotate();
        try (LambdaEmulator lambda = Stage.extensionOnly(variables())) {
            lambda.init();
            fill(folder);
            stage.rotate();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(Files.readString(file()).equals(first)).isTrue();
            Stage.awaitLine(lambda, "[WARN]", file().toString(), "No space left");
            Files.delete(folder.resolve("filling"));
            String third = stage.rotate();
            assertThat(lambda.invoke("{}").outcome()).isEqualTo(InvocationResult.Outcome.OK);
            assertThat(Files.readString(file()).equals(third)).isTrue();
        }
        Files.delete(file());
        fill(folder);
        fails(variables(), "No space left on device");
        try (var files = Files.list(file().getParent())) {
            assertThat(files).as("nothing half written").isEmpty();
        }
    }

    @Test
    void aReadOnlyDiskIsTold() throws Exception {
        mount();
        assertThat(run("mount", "-o", "remount,ro", folder.toString())).isZero();
        fails(variables(), "Read-only file system");
    }

    @Test
    void aLinkInItsPlaceIsReplaced() throws Exception {
        String password = stage.rotate();
        Path victim = Files.writeString(folder.resolve("victim"), "untouched");
        Files.createDirectories(file().getParent());
        Files.createSymbolicLink(file(), victim);
        try (LambdaEmulator lambda = Stage.extensionOnly(variables())) {
            lambda.init();
            assertThat(Files.isRegularFile(file(), LinkOption.NOFOLLOW_LINKS)).isTrue();
            assertThat(Files.readString(file()).equals(password)).isTrue();
            assertThat(victim).hasContent("untouched");
        }
    }

    @Test
    void filesGoWithTheEnvironmentWhereThatIsAskedFor() throws Exception {
        stage.rotate();
        Map<String, String> variables = variables();
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            lambda.shutdown();
            assertThat(file()).exists();
        }
        variables.put("VAULT_EXTENSION_WIPE_FILES", "true");
        try (LambdaEmulator lambda = Stage.extensionOnly(variables)) {
            lambda.init();
            assertThat(file()).exists();
            lambda.shutdown();
            assertThat(file()).doesNotExist();
        }
    }
}
