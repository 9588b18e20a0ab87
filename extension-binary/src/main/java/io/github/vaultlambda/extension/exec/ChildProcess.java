package io.github.vaultlambda.extension.exec;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Runs the program as a child, as a JVM cannot put another program in its own place. A signal that asks this process to end is
 * passed on.
 */
public final class ChildProcess implements Launch {
    @Override
    public int run(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        Thread passOn = new Thread(() -> end(process), "pass-signal-on");
        Runtime.getRuntime().addShutdownHook(passOn);
        int code = await(process);
        try {
            Runtime.getRuntime().removeShutdownHook(passOn);
        } catch (IllegalStateException e) {
            // this process is ending as well
        }
        return code;
    }

    private static void end(Process process) {
        process.destroy();
        await(process);
    }

    private static int await(Process process) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
