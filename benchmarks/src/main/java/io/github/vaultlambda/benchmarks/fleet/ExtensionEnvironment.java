package io.github.vaultlambda.benchmarks.fleet;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A function beside this project's extension, up to its first secret: the library's session, whose process ends when it cannot log
 * in. Lambda then ends the invocation and starts the environment anew for the next one, which knows nothing of what was before.
 */
final class ExtensionEnvironment implements Environment {
    /** As that of the {@link PeerEnvironment}. */
    private static final long RESTART_MICROS = 200_000;

    private final VirtualTime time;
    private final Supplier<Environment> processes;
    private @Nullable Environment running;

    /** @param processes starts one */
    ExtensionEnvironment(VirtualTime time, Supplier<Environment> processes) {
        this.time = time;
        this.processes = processes;
    }

    @Override
    public int invoke() {
        Environment process = running;
        if (process != null) {
            return process.invoke();
        }
        process = processes.get();
        int version = process.invoke();
        if (version == FAILED) {
            time.pauseUntil(time.micros() + RESTART_MICROS);
        } else {
            running = process;
        }
        return version;
    }

    @Override
    public void afterwards() {
        if (running != null) {
            running.afterwards();
        }
    }
}
