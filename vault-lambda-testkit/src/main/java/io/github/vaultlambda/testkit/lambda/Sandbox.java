package io.github.vaultlambda.testkit.lambda;

import io.github.vaultlambda.testkit.lambda.SandboxState.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of one execution environment, as a test leads it: starts the processes in Lambda's order, waits for them, sends
 * invocations, ends them. What the processes ask is answered by {@link RuntimeWork} and {@link Members}. One lock guards all
 * state; everything that waits, waits for its condition.
 */
public final class Sandbox {
    /** The runtime's name among the processes. */
    public static final String FUNCTION = "function";

    /** How one process ended. */
    public record Exit(int code, Duration duration, boolean killed) {}

    private final Settings settings;
    private final SandboxState state;
    private final Processes processes;
    private final RuntimeWork runtime;
    private final Members members;

    public Sandbox(Settings settings, Timeline timeline) {
        this.settings = settings;
        this.state = new SandboxState(timeline);
        this.processes = new Processes(settings);
        this.runtime = new RuntimeWork(settings, state);
        this.members = new Members(settings, state, processes, runtime);
    }

    Settings settings() {
        return settings;
    }

    RuntimeWork runtime() {
        return runtime;
    }

    Members members() {
        return members;
    }

    /** How many invocations run at a time. */
    public int concurrency() {
        return settings.concurrency();
    }

    /** Starts everything and waits until it is ready; with SnapStart, for its snapshot. */
    public void init(String api) throws SandboxFailure {
        long deadline = System.nanoTime() + settings.initTimeout().toNanos();
        state.lock();
        try {
            if (state.phase() != Phase.NEW) {
                throw new IllegalStateException("init() was called before");
            }
            state.enter(Phase.STARTING);
            for (Map.Entry<String, List<String>> extension :
                    settings.extensions().entrySet()) {
                String name = extension.getKey();
                state.happened("EXTENSION_STARTED", name);
                members.add(
                        name,
                        launch(
                                name,
                                extension.getValue(),
                                settings.extensionEnvironment(api),
                                "Extension.LaunchError"));
            }
            await(deadline, () -> members.areAll(member -> member.registered), () -> lateInit("register"));
            startRuntime(api);
            await(
                    deadline,
                    () -> runtime.isInitialised() && members.areAll(member -> member.registered && member.ready),
                    () -> lateInit("ask for their first event"));
            state.enter(settings.snapStart() ? Phase.SNAPSHOT : Phase.READY);
        } finally {
            state.unlock();
        }
    }

    private void startRuntime(String api) throws SandboxFailure {
        List<String> function = settings.function();
        state.happened("RUNTIME_STARTED", FUNCTION);
        if (function == null) {
            runtime.isTheSandbox();
            return;
        }
        List<String> command = new ArrayList<>(function);
        String wrapper = settings.environment().get("AWS_LAMBDA_EXEC_WRAPPER");
        if (wrapper != null && !wrapper.isEmpty()) {
            command.add(0, wrapper);
        }
        launch(FUNCTION, command, settings.runtimeEnvironment(api), "Runtime.InvalidEntrypoint");
    }

    private ManagedProcess launch(String name, List<String> command, Map<String, String> environment, String errorType)
            throws SandboxFailure {
        return processes.launch(name, command, environment, errorType, () -> {
            state.lock();
            try {
                state.happened("PROCESS_EXITED", name);
                state.signal();
            } finally {
                state.unlock();
            }
        });
    }

    /** Wakes what was initialised for SnapStart; gives the time until the runtime asked for an invocation. */
    public Duration restore() throws SandboxFailure {
        state.lock();
        try {
            if (state.phase() != Phase.SNAPSHOT) {
                throw new IllegalStateException(
                        settings.snapStart()
                                ? "restore() follows init(), and once"
                                : "only an environment with SnapStart is restored");
            }
            long start = System.nanoTime();
            processes.thaw();
            state.enter(Phase.RESTORING);
            await(
                    start + settings.restoreTimeout().toNanos(),
                    runtime::isReady,
                    () -> late(
                            "Lambda.SnapStartTimeoutException",
                            "the restore",
                            settings.restoreTimeout(),
                            "ask for an invocation"));
            state.enter(Phase.READY);
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            state.unlock();
        }
    }

    private void await(long deadline, BooleanSupplier done, Supplier<SandboxFailure> late) throws SandboxFailure {
        while (!done.getAsBoolean()) {
            SandboxFailure failure = state.reported();
            if (failure != null) {
                throw failure;
            }
            ManagedProcess dead = processes.firstDead();
            if (dead != null) {
                throw new SandboxFailure(
                        crashType(dead),
                        dead.name() + " exited with code " + dead.exitCode() + " during "
                                + (state.phase() == Phase.RESTORING ? "the restore" : "init")
                                + Processes.lastLines(dead));
            }
            if (!state.awaitUntil(deadline)) {
                throw late.get();
            }
        }
    }

    private static String crashType(ManagedProcess dead) {
        return dead.name().equals(FUNCTION) ? "Runtime.ExitError" : "Extension.Crash";
    }

    private SandboxFailure lateInit(String what) {
        return late("Sandbox.Timeout", "init", settings.initTimeout(), what);
    }

    private SandboxFailure late(String errorType, String phase, Duration limit, String what) {
        return new SandboxFailure(
                errorType,
                phase + " took longer than " + limit.toMillis() + " ms waiting for processes to " + what
                        + processes.late(name -> {
                            Member member = members.get(name);
                            return member == null ? runtime.isReady() : member.ready;
                        }));
    }

    /** Stops all processes where they are. */
    public void freeze() {
        state.lock();
        try {
            if (settings.managedInstances()) {
                throw new IllegalStateException("Managed Instances are not frozen");
            }
            processes.freeze();
        } finally {
            state.unlock();
        }
    }

    /** Lets all processes go on. */
    public void thaw() {
        state.lock();
        try {
            processes.thaw();
        } finally {
            state.unlock();
        }
    }

    /** Lets the runtime, a JVM, collect its garbage. */
    public void collectGarbage() {
        ManagedProcess process;
        state.lock();
        try {
            process = processes.get(FUNCTION);
            if (process == null || processes.frozen()) {
                throw new IllegalStateException("the runtime " + (process == null ? "was not started" : "is frozen"));
            }
        } finally {
            state.unlock();
        }
        process.collectGarbage();
    }

    /** Sends one invocation and waits until runtime and extensions are done with it. */
    public Outcome invoke(byte[] payload) {
        state.lock();
        try {
            if (state.phase() == Phase.SNAPSHOT) {
                throw new IllegalStateException("an environment with SnapStart takes invocations after restore()");
            }
            if (state.phase() != Phase.READY || processes.firstDead() != null) {
                throw new IllegalStateException("the environment is not ready for an invocation");
            }
            long start = System.nanoTime();
            Invocation invocation = new Invocation(
                    payload, System.currentTimeMillis() + settings.timeout().toMillis());
            runtime.offer(invocation);
            members.sendInvoke(invocation);
            processes.thaw();
            state.signal();
            try {
                return follow(invocation, start, start + settings.timeout().toNanos());
            } finally {
                runtime.end(invocation);
            }
        } finally {
            state.unlock();
        }
    }

    private Outcome follow(Invocation invocation, long start, long deadline) {
        while (true) {
            byte[] answer = invocation.answer;
            if (answer != null && members.areAll(member -> !member.busy)) {
                String kind = invocation.failed ? "FUNCTION_ERROR" : "OK";
                return new Outcome(
                        invocation.requestId,
                        kind,
                        answer,
                        invocation.errorType,
                        Duration.ofNanos(invocation.answeredNanos - start),
                        Duration.ofNanos(System.nanoTime() - start));
            }
            ManagedProcess dead = processes.firstDead();
            if (dead != null) {
                return ended(invocation, "CRASH", crashType(dead), start);
            }
            if (!state.awaitUntil(deadline)) {
                ManagedProcess process = processes.get(FUNCTION);
                if (settings.managedInstances()) {
                    runtime.abandon(invocation);
                } else if (process != null) {
                    process.kill();
                }
                return ended(invocation, "TIMEOUT", "Sandbox.Timedout", start);
            }
        }
    }

    private static Outcome ended(Invocation invocation, String kind, String errorType, long start) {
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return new Outcome(invocation.requestId, kind, new byte[0], errorType, time, time);
    }

    /** Ends all processes as Lambda does. */
    public Map<String, Exit> shutdown(String reason) {
        return new Shutdown(state, processes, members).run(reason);
    }

    /** Kills whatever still runs. */
    public void kill() {
        state.lock();
        try {
            state.enter(Phase.ENDED);
            processes.kill();
        } finally {
            state.unlock();
        }
    }

    /** From each extension's start until it had registered. */
    public Map<String, Duration> registrationTimes() {
        state.lock();
        try {
            Map<String, Duration> times = new TreeMap<>();
            for (Member member : members.all()) {
                if (member.process != null) {
                    times.put(member.name, Duration.ofNanos(member.registeredNanos - member.process.startedNanos()));
                }
            }
            return times;
        } finally {
            state.unlock();
        }
    }

    /** From each process's start until it was ready. */
    public Map<String, Duration> readyTimes() {
        state.lock();
        try {
            Map<String, Duration> times = new TreeMap<>();
            for (ManagedProcess process : processes.all()) {
                Member member = members.get(process.name());
                long ready = member == null ? runtime.readyNanos() : member.readyNanos;
                times.put(process.name(), Duration.ofNanos(ready - process.startedNanos()));
            }
            return times;
        } finally {
            state.unlock();
        }
    }

    /** The process of that name, or null. */
    public @Nullable ManagedProcess process(String name) {
        state.lock();
        try {
            return processes.get(name);
        } finally {
            state.unlock();
        }
    }
}
