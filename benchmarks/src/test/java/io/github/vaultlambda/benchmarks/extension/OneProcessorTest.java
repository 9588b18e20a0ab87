package io.github.vaultlambda.benchmarks.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OneProcessorTest {
    @Test
    void readsTheProcessorsOfAProcess() {
        assertThat(OneProcessor.allowed("Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t2-3,7\n"))
                .isEqualTo("2-3,7");
        assertThat(OneProcessor.allowed("")).isEmpty();
        assertThat(OneProcessor.first("2-3,7")).isEqualTo("2");
        assertThat(OneProcessor.first("4,6")).isEqualTo("4");
        assertThat(OneProcessor.first("0")).isEqualTo("0");
    }

    @Test
    void aProcessIsOnOneProcessorAndThenOnAllAgain() throws Exception {
        assumeTrue(OneProcessor.isPossible(), "no taskset");
        Process other = new ProcessBuilder("sleep", "60").start();
        Path status = Path.of("/proc", Long.toString(other.pid()), "status");
        try {
            String before = OneProcessor.allowed(Files.readString(status));
            OneProcessor together = OneProcessor.of(other.toHandle());
            assertThat(OneProcessor.allowed(Files.readString(status))).isEqualTo(OneProcessor.first(before));
            together.release();
            assertThat(OneProcessor.allowed(Files.readString(status))).isEqualTo(before);
        } finally {
            other.destroyForcibly();
        }
    }
}
