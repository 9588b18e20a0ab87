package io.github.vaultlambda.benchmarks.extension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps processes on one processor, all on the same, until they are released. A request that goes from thread to thread takes several
 * times as long when these wake each other across processors; whether they do is the system's choice, and stays so for seconds. By
 * Linux's {@code taskset}; where that is missing, nothing is done.
 */
final class OneProcessor {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final int PATIENCE_SECONDS = 10;

    private final String before;
    private final List<ProcessHandle> processes;

    private OneProcessor(String before, List<ProcessHandle> processes) {
        this.before = before;
        this.processes = processes;
    }

    /** Whether this system can; else {@link #of} does nothing. */
    static boolean isPossible() throws InterruptedException {
        try {
            return Files.exists(STATUS) && run(List.of("taskset", "--version"));
        } catch (IOException e) {
            return false; // no such command
        }
    }

    /** These processes, and this one, which sends the requests; each may use the same processors as this one until now. */
    static OneProcessor of(ProcessHandle... processes) throws IOException, InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(List.of(processes));
        all.add(ProcessHandle.current());
        String before = isPossible() ? allowed(Files.readString(STATUS)) : "";
        OneProcessor one = new OneProcessor(before, before.isEmpty() ? List.of() : all);
        one.keepOn(first(before));
        return one;
    }

    /** The list of processors in what Linux says of a process; empty when there is none. */
    static String allowed(String status) {
        return status.lines()
                .filter(line -> line.startsWith(ALLOWED))
                .map(line -> line.substring(ALLOWED.length()).strip())
                .findFirst()
                .orElse("");
    }

    /** Of a list such as {@code 2-3,7}. */
    static String first(String list) {
        return list.split("[-,]", 2)[0];
    }

    private void keepOn(String processors) throws IOException, InterruptedException {
        for (ProcessHandle process : processes) {
            if (!run(List.of("taskset", "--all-tasks", "--cpu-list", "--pid", processors, "" + process.pid()))
                    && process.isAlive()) {
                throw new IOException("taskset cannot keep process " + process.pid() + " on processors " + processors);
            }
        }
    }

    private static boolean run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** Gives them back the processors they had. */
    void release() throws IOException, InterruptedException {
        keepOn(before);
    }
}
