package io.github.vaultlambda.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the figures were measured on.
 *
 * @param java the version
 * @param vm the virtual machine's name
 * @param system operating system and architecture
 * @param processor its model, or nothing where the system does not tell
 * @param processors how many of them
 * @param load how many threads wanted a processor in the last minute; below zero where the system does not tell
 */
public record Machine(String java, String vm, String system, String processor, int processors, double load) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** This machine, as busy as it is now. */
    public static Machine now() {
        return new Machine(
                Runtime.version().toString(),
                System.getProperty("java.vm.name"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                model(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** One line: Java, processors and how busy they are. */
    public static String describe() {
        Machine now = now();
        return String.format(
                Locale.ROOT, "Java %s, %d processors, load %.2f", now.java(), now.processors(), now.load());
    }

    /** How much memory a process holds, in units of 10^6 bytes; 0 where the system does not tell. */
    public static double residentMegabytes(ProcessHandle process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElse(0)
                    * 1024
                    / 1e6;
        }
    }

    private static String model() {
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException e) {
            return ""; // another system than Linux
        }
    }
}
