package io.github.vaultlambda.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that help to build. */
final class Commands {
    /** Where the programs of any Linux are. */
    static final String PATH = "/usr/local/bin:/usr/bin:/bin";

    private static final int LONGEST_MINUTES = 10;

    private Commands() {}

    /**
     * Runs a program to its end.
     *
     * @param environment all of its variables
     * @param log where its output goes
     * @throws IOException when it ends with another exit code than 0; with its output
     */
    static void run(List<String> command, Map<String, String> environment, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(command + " does not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    command + " ended with exit code " + process.exitValue() + ":\n" + Files.readString(log));
        }
    }

    /** Whether a program is there and ends with exit code 0. */
    static boolean succeeds(List<String> command, Path log) throws InterruptedException {
        try {
            run(command, Map.of("PATH", PATH), log);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
