package io.github.vaultlambda.benchmarks;

import io.github.vaultlambda.layer.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program of this module in a JVM of its own, which prints to the same terminal. */
final class OwnJvm {
    private static final Path HOME = Path.of(System.getProperty("java.home"));
    private static final Path JAVA = HOME.resolve("bin").resolve("java");

    private OwnJvm() {}

    /** Waits for its end; logs nothing of what the library logs. */
    static void run(Class<?> program, String... flags) throws IOException, InterruptedException {
        run(JAVA, program, flags);
    }

    /** The same in a JDK 25 if there is one, for programs that live on virtual threads. */
    static void runOnNewest(Class<?> program, String... flags) throws IOException, InterruptedException {
        Jdk newest = Jdk.find(System.getenv("JAVA_25_HOME"), HOME);
        run(newest == null ? JAVA : newest.java(), program, flags);
    }

    private static void run(Path java, Class<?> program, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(List.of(flags));
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(program.getName());
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IOException(program.getSimpleName() + " ended with " + code);
        }
    }
}
