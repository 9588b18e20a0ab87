package io.github.vaultlambda.testkit.lambda;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends the processes of an environment as Lambda does, and in its time. */
final class Shutdown {
    private static final Duration WITH_EXTENSIONS = Duration.ofSeconds(2);
    private static final Duration WITH_INTERNAL = Duration.ofMillis(500);
    // The runtime gets this part of the time, the extensions what is left.
    private static final double RUNTIME_SHARE = 0.3;

    private final SandboxState state;
    private final Processes processes;
    private final Members members;
    private final long start = System.nanoTime();

    Shutdown(SandboxState state, Processes processes, Members members) {
        this.state = state;
        this.processes = processes;
        this.members = members;
    }

    Map<String, Sandbox.Exit> run(String reason) {
        List<Member> external;
        ManagedProcess runtime;
        Duration limit;
        state.lock();
        try {
            if (state.phase() == SandboxState.Phase.ENDED) {
                return Map.of();
            }
            processes.thaw();
            external = members.external();
            runtime = processes.get(Sandbox.FUNCTION);
            boolean none = !members.all().iterator().hasNext();
            limit = !external.isEmpty() ? WITH_EXTENSIONS : none ? Duration.ZERO : WITH_INTERNAL;
            state.enter(SandboxState.Phase.ENDING);
        } finally {
            state.unlock();
        }
        Map<String, Sandbox.Exit> exits = new LinkedHashMap<>();
        if (runtime != null) {
            exits.put(Sandbox.FUNCTION, end(runtime, limit, external.isEmpty() ? 1 : RUNTIME_SHARE));
        }
        long end = start + limit.toNanos();
        state.lock();
        try {
            members.sendShutdown(reason, System.currentTimeMillis() + left(end).toMillis());
        } finally {
            state.unlock();
        }
        for (Member member : external) {
            ManagedProcess process = member.process;
            if (process != null) {
                boolean ended = !process.alive() || (Members.wantsShutdown(member) && process.endsWithin(left(end)));
                exits.put(member.name, finish(process, !ended));
            }
        }
        state.lock();
        try {
            state.enter(SandboxState.Phase.ENDED);
        } finally {
            state.unlock();
        }
        return exits;
    }

    private Sandbox.Exit end(ManagedProcess runtime, Duration limit, double share) {
        boolean killed = runtime.alive() && limit.isZero();
        if (runtime.alive() && !limit.isZero()) {
            state.lock();
            try {
                state.happened("SHUTDOWN_SENT", Sandbox.FUNCTION);
            } finally {
                state.unlock();
            }
            runtime.terminate();
            killed = !runtime.endsWithin(Duration.ofNanos((long) (limit.toNanos() * share)));
        }
        return finish(runtime, killed);
    }

    private Sandbox.Exit finish(ManagedProcess process, boolean kill) {
        if (kill) {
            process.kill();
            process.endsWithin(Duration.ofSeconds(5));
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        process.finishReading();
        process.awaitExitTold();
        return new Sandbox.Exit(process.exitCode(), time, kill);
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
