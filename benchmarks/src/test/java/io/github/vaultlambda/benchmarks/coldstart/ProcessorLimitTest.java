package io.github.vaultlambda.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a folder that looks like the kernel's; what the kernel would make of it, only the benchmark itself can show. */
class ProcessorLimitTest {
    @TempDir
    private Path root;

    private Path parent;

    @BeforeEach
    void isVersionTwo() throws IOException {
        parent = root;
        Files.writeString(root.resolve("cgroup.controllers"), "cpuset cpu memory\n");
        Files.writeString(root.resolve("cgroup.procs"), "1\n");
    }

    private void isVersionOne() throws IOException {
        Files.delete(root.resolve("cgroup.controllers"));
        Files.delete(root.resolve("cgroup.procs"));
        parent = Files.createDirectory(root.resolve("cpu"));
        Files.writeString(parent.resolve("cgroup.procs"), "1\n");
    }

    private List<Path> groups() throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.filter(file -> file.getFileName().toString().startsWith("vault-benchmark-"))
                    .toList();
        }
    }

    private String content(String file) throws IOException {
        return Files.readString(groups().get(0).resolve(file));
    }

    /** The kernel's files are gone with their group. */
    private void closeAsTheKernelDoes(ProcessorLimit limit) throws IOException {
        try (Stream<Path> files = Files.list(groups().get(0))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        limit.close();
    }

    @Test
    void versionTwoHasQuotaAndPeriodInOneFile() throws IOException {
        ProcessorLimit limit = ProcessorLimit.of(Setting.SMALL_SHARE, root);

        assertThat(root.resolve("cgroup.subtree_control")).hasContent("+cpu");
        assertThat(content("cpu.max")).isEqualTo("1447 20000");

        closeAsTheKernelDoes(limit);
        assertThat(groups()).isEmpty();
    }

    @Test
    void versionOneHasThemInTwo() throws IOException {
        isVersionOne();

        ProcessorLimit limit = ProcessorLimit.of(0.5, root);

        assertThat(content("cpu.cfs_quota_us")).isEqualTo("10000");
        assertThat(content("cpu.cfs_period_us")).isEqualTo("20000");
        closeAsTheKernelDoes(limit);
        assertThat(groups()).isEmpty();
    }

    @Test
    void aProgramIsInTheGroupFromItsFirstInstruction() throws Exception {
        ProcessorLimit limit = ProcessorLimit.of(0.5, root);
        List<String> command = new ArrayList<>(limit.launcher());
        command.addAll(List.of("/bin/echo", "two words", "$HOME"));

        Process process = new ProcessBuilder(command).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(printed).isEqualTo("two words $HOME\n");
        assertThat(content("cgroup.procs")).isEqualTo(process.pid() + "\n");
    }

    @Test
    void withoutControlGroupsItSaysWhatIsMissing() throws IOException {
        isVersionOne();
        Files.delete(parent.resolve("cgroup.procs"));

        assertThatThrownBy(() -> ProcessorLimit.of(0.5, root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no right to make a control group in " + parent)
                .hasMessageContaining("root");
    }

    @Test
    void aGroupThatTakesNoQuotaIsRemoved() throws IOException {
        Files.createDirectory(root.resolve("cgroup.subtree_control")); // nothing can be written there

        assertThatThrownBy(() -> ProcessorLimit.of(0.5, root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("takes no quota for processors")
                .hasMessageContaining("cgroup.subtree_control");
        assertThat(groups()).isEmpty();
    }

    @Test
    void lessThanTheKernelTakesIsRefused() throws IOException {
        assertThatThrownBy(() -> ProcessorLimit.of(0.01, root)).isInstanceOf(IllegalArgumentException.class);
        assertThat(groups()).isEmpty();
    }
}
