package io.github.vaultlambda.testkit.lambda;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The processes of one execution environment, by name and in the order of their start; guarded by the state's lock. */
final class Processes {
    private final Settings settings;
    private final Map<String, ManagedProcess> byName = new LinkedHashMap<>();
    private boolean frozen;

    Processes(Settings settings) {
        this.settings = settings;
    }

    /** Starts one; {@code exited} is called when it has ended. */
    ManagedProcess launch(
            String name, List<String> command, Map<String, String> environment, String errorType, Runnable exited)
            throws SandboxFailure {
        ManagedProcess process;
        try {
            process = ManagedProcess.start(
                    name, command, environment, settings.workDirectory(), settings.outputListener());
        } catch (IOException e) {
            throw new SandboxFailure(errorType, name + " cannot be started: " + e.getMessage());
        }
        byName.put(name, process);
        process.onExit(exited);
        return process;
    }

    @Nullable
    ManagedProcess get(String name) {
        return byName.get(name);
    }

    Iterable<ManagedProcess> all() {
        return byName.values();
    }

    @Nullable
    ManagedProcess firstDead() {
        for (ManagedProcess process : byName.values()) {
            if (!process.alive()) {
                return process;
            }
        }
        return null;
    }

    boolean frozen() {
        return frozen;
    }

    /** Stops all where they are, as Lambda does between invocations. */
    void freeze() {
        if (!frozen) {
            frozen = true;
            byName.values().forEach(process -> process.signal("STOP"));
        }
    }

    /** Lets all go on. */
    void thaw() {
        if (frozen) {
            frozen = false;
            byName.values().forEach(process -> process.signal("CONT"));
        }
    }

    void kill() {
        byName.values().forEach(ManagedProcess::kill);
    }

    /** What to say of a process that ended, or of one that is late. */
    static String lastLines(ManagedProcess process) {
        List<String> lines = process.output();
        if (lines.isEmpty()) {
            return ", without output";
        }
        return ", last output:\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }

    /** What to say of those that are late. */
    String late(Predicate<String> ready) {
        StringBuilder out = new StringBuilder();
        for (ManagedProcess process : byName.values()) {
            if (!ready.test(process.name())) {
                out.append("; ").append(process.name()).append(" is not ready").append(lastLines(process));
            }
        }
        return out.toString();
    }
}
