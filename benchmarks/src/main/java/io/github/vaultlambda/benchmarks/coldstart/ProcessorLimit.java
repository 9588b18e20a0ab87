package io.github.vaultlambda.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A share of a processor for programs that are started within it: a group of Linux's control groups, version 1 or 2, with a quota for
 * periods of 20 ms. Only who may write there can make one: root, outside of most containers.
 */
final class ProcessorLimit implements AutoCloseable {
    private static final int PERIOD_MICROS = 20_000;
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path group;

    private ProcessorLimit(Path group) {
        this.group = group;
    }

    /**
     * Makes the group.
     *
     * @throws IOException when this system or this user cannot; the message says what was missing
     */
    static ProcessorLimit of(double share) throws IOException {
        boolean second = Files.exists(ROOT.resolve("cgroup.controllers"));
        Path parent = second ? ROOT : ROOT.resolve("cpu");
        if (!Files.isWritable(parent.resolve("cgroup.procs"))) {
            throw new IOException("no right to make a control group in " + parent + " (be root, on Linux)");
        }
        Path group = parent.resolve("vault-benchmark-" + ProcessHandle.current().pid());
        Files.createDirectory(group);
        ProcessorLimit limit = new ProcessorLimit(group);
        try {
            long quota = Math.round(share * PERIOD_MICROS);
            if (second) {
                Files.writeString(parent.resolve("cgroup.subtree_control"), "+cpu");
                Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
            } else {
                Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
                Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quota));
            }
        } catch (IOException e) {
            limit.close();
            throw new IOException("a control group takes no quota for processors: " + e, e);
        }
        return limit;
    }

    /** A command behind which another is run within the limit, from its first instruction on. */
    List<String> launcher() {
        return List.of("/bin/sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh");
    }

    /** Removes the group, whose programs have ended. */
    @Override
    public void close() throws IOException {
        Files.delete(group);
    }
}
