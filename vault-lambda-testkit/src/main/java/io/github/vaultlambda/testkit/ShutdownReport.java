package io.github.vaultlambda.testkit;

import java.time.Duration;
import java.util.Map;

/**
 * How the processes ended.
 *
 * @param duration until the last one had ended
 * @param processes by name; {@code function} is the runtime
 */
public record ShutdownReport(Duration duration, Map<String, Exit> processes) {
    /** How the process of that name ended; throws {@link IllegalArgumentException} for one that did not run. */
    public Exit process(String name) {
        Exit exit = processes.get(name);
        if (exit == null) {
            throw new IllegalArgumentException(
                    "no process called " + name + " was ended; there were: " + processes.keySet());
        }
        return exit;
    }

    /**
     * How one process ended.
     *
     * @param exitCode its exit code; 137 after SIGKILL
     * @param duration from the begin of the shutdown until its end
     * @param killed whether it had to be killed
     */
    public record Exit(int exitCode, Duration duration, boolean killed) {}
}
