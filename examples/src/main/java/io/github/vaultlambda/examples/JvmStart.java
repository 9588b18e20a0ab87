package io.github.vaultlambda.examples;

import java.lang.management.ManagementFactory;

/** When this process was started. */
final class JvmStart {
    private JvmStart() {}

    /** Milliseconds since 1970, as the JVM itself noted them. */
    static long millis() {
        return ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}
