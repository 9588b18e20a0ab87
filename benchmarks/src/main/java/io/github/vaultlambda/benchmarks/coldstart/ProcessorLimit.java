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
    /** The kernel takes no less. */
    private static final int LEAST_QUOTA_MICROS = 1_000;

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path group;

    private ProcessorLimit(Path group) {
        this.group = group;
    }

    /**
     * Makes the group.
     *
     * @param share of one processor, from 0.05 on
     * @throws IOException when this system or this user cannot; the message says what was missing
     */
    static ProcessorLimit of(double share) throws IOException {
        return of(share, ROOT);
    }

    /** @param root where the system has its control groups */
    static ProcessorLimit of(double share, Path root) throws IOException {
        long quota = Math.round(share * PERIOD_MICROS);
        if (quota < LEAST_QUOTA_MICROS) {
            throw new IllegalArgumentException(share + " of a processor is too little for a control group");
        }
        boolean second = Files.exists(root.resolve("cgroup.controllers"));
        Path parent = second ? root : root.resolve("cpu");
        if (!Files.isWritable(parent.resolve("cgroup.procs"))) {
            throw new IOException("no right to make a control group in " + parent + " (be root, on Linux)");
        }
        Path group = parent.resolve("vault-benchmark-" + ProcessHandle.current().pid());
        Files.createDirectory(group);
        ProcessorLimit limit = new ProcessorLimit(group);
        try {
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
