package io.github.vaultlambda.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What the figures were measured on. */
final class Machine {
    private Machine() {}

    /** One line: Java, processors and how busy they are. */
    static String describe() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(
                Locale.ROOT,
                "Java %s, %d processors, load %.2f",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                load);
    }
}
