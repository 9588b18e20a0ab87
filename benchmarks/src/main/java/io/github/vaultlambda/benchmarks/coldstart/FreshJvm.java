package io.github.vaultlambda.benchmarks.coldstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.vaultlambda.benchmarks.programs.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Starts programs in JVMs of their own, with the flags of Lambda's Java runtime, beside which the JDK's own archive is used. */
public final class FreshJvm {
    private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Map<String, String> environment;
    private final List<String> launcher;
    private final List<String> settingFlags;

    /** With these variables and no others. */
    public FreshJvm(Map<String, String> environment) {
        this(environment, List.of(), List.of());
    }

    private FreshJvm(Map<String, String> environment, List<String> launcher, List<String> settingFlags) {
        this.environment = environment;
        this.launcher = launcher;
        this.settingFlags = settingFlags;
    }

    /** The same with the flags of this setting. */
    FreshJvm with(Setting setting) {
        return new FreshJvm(environment, launcher, setting.flags());
    }

    /** The same, each JVM within this limit. */
    FreshJvm within(ProcessorLimit limit) {
        return new FreshJvm(environment, limit.launcher(), settingFlags);
    }

    static String flags() {
        return String.join(" ", FLAGS);
    }

    /** One run, measured by itself. */
    Measured measure(Program program) throws IOException, InterruptedException {
        return Measured.parse(output(program.mainClass(), ClassPath.of(program), List.of()));
    }

    /** How many classes the program loads. */
    ClassCount classes(Program program) throws IOException, InterruptedException {
        return ClassCount.of(loaded(program.mainClass(), ClassPath.of(program)));
    }

    /** The JVM's line on each class that a program loads, in their order. */
    List<String> loaded(String mainClass, ClassPath classPath) throws IOException, InterruptedException {
        Path log = Files.createTempFile("first-use", ".classes");
        try {
            output(mainClass, classPath, List.of("-Xlog:class+load:file=" + log));
            try (Stream<String> lines = Files.lines(log)) {
                return lines.filter(line -> line.contains(" source: ")).toList();
            }
        } finally {
            Files.delete(log);
        }
    }

    /** What a program printed; its argument is the moment of its start. */
    public String output(String mainClass, ClassPath classPath, List<String> moreFlags)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile("first-use", ".err");
        try {
            List<String> command = new ArrayList<>(launcher);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(FLAGS);
            command.addAll(settingFlags);
            command.addAll(moreFlags);
            command.add("-cp");
            command.add(classPath.argument());
            command.add(mainClass);
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            command.add(Long.toString(System.currentTimeMillis()));
            Process process = builder.start();
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(mainClass + " failed:\n" + Files.readString(errors));
            }
            return printed;
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
    record ClassCount(long all, long parsed) {
        /** Counts the JVM's lines. */
        static ClassCount of(List<String> loaded) {
            long archived = loaded.stream()
                    .filter(line -> line.contains("shared objects file"))
                    .count();
            return new ClassCount(loaded.size(), loaded.size() - archived);
        }
    }
}
