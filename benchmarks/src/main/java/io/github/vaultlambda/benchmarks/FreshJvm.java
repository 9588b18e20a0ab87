package io.github.vaultlambda.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts programs in JVMs of their own, with the flags of Lambda's Java runtime, beside which the JDK's own archive is used. */
final class FreshJvm {
    private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Map<String, String> environment;

    FreshJvm(Map<String, String> environment) {
        this.environment = environment;
    }

    static String flags() {
        return String.join(" ", FLAGS);
    }

    /** One run, measured by itself. */
    Measured measure(Program program) throws IOException, InterruptedException {
        return start(program, List.of());
    }

    /** How many classes the program loads: all, and those that are not in the JDK's own archive. */
    ClassCount classes(Program program) throws IOException, InterruptedException {
        Path log = Files.createTempFile("first-use", ".classes");
        try {
            start(program, List.of("-Xlog:class+load:file=" + log));
            List<String> loaded;
            try (Stream<String> lines = Files.lines(log)) {
                loaded = lines.filter(line -> line.contains(" source: ")).toList();
            }
            long archived = loaded.stream()
                    .filter(line -> line.contains("shared objects file"))
                    .count();
            return new ClassCount(loaded.size(), loaded.size() - archived);
        } finally {
            Files.delete(log);
        }
    }

    private Measured start(Program program, List<String> moreFlags) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("first-use", ".err");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(FLAGS);
            command.addAll(moreFlags);
            command.add("-cp");
            command.add(ClassPath.of(program).argument());
            command.add(program.mainClass());
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            command.add(Long.toString(System.currentTimeMillis()));
            Process process = builder.start();
            String line = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(program.title() + " failed:\n" + Files.readString(errors));
            }
            return Measured.parse(line);
        } finally {
            Files.delete(errors);
        }
    }

    /**
     * Classes that a program loaded.
     *
     * @param all all of them
     * @param parsed those that had to be read from jars or the JDK's modules instead of its archive
     */
    record ClassCount(long all, long parsed) {}
}
