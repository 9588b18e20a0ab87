package io.github.vaultlambda.benchmarks.programs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What one fresh JVM measured.
 *
 * @param fromStart milliseconds from the moment before the JVM was started until the value was there
 * @param inMain milliseconds of them inside of main
 * @param cpu milliseconds that all threads of the JVM spent on a processor until then, which other work on the machine
 *     changes least; 0 where the system does not tell
 * @param peakKilobytes the most memory that was resident (VmHWM), 0 where the system does not tell
 * @param valueHash tells whether the right value was read, without printing it
 */
public record Measured(double fromStart, double inMain, double cpu, long peakKilobytes, int valueHash) {
    /** For the child: prints the figures as its one line of output. The first statement stops the watches. */
    static void report(String[] arguments, long beginOfMain, String value) {
        long now = System.currentTimeMillis();
        long nanos = System.nanoTime() - beginOfMain;
        long start = Long.parseLong(arguments[0]);
        System.out.println(
                (now - start) + " " + nanos + " " + cpuNanos() + " " + residentPeak() + " " + value.hashCode());
    }

    /** For the parent: reads that line. */
    public static Measured parse(String line) {
        String[] fields = line.strip().split(" ", -1);
        return new Measured(
                Double.parseDouble(fields[0]),
                Double.parseDouble(fields[1]) / 1e6,
                Double.parseDouble(fields[2]) / 1e6,
                Long.parseLong(fields[3]),
                Integer.parseInt(fields[4]));
    }

    /** Of the whole process: the list of its threads knows nothing of those that have ended. In steps of 10 ms. */
    private static long cpuNanos() {
        String times = content("/proc/self/stat");
        int at = times.lastIndexOf(") ");
        if (at < 0) {
            return 0;
        }
        String[] fields = times.substring(at + 2).split(" ", 14);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000_000;
    }

    private static long residentPeak() {
        String status = content("/proc/self/status");
        int at = status.indexOf("VmHWM:");
        return at < 0
                ? 0
                : Long.parseLong(
                        status.substring(at + 6, status.indexOf("kB", at)).strip());
    }

    private static String content(String file) {
        try (InputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            return ""; // another system than Linux, or a thread that has just ended
        }
    }
}
