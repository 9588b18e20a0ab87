package io.github.vaultlambda.testkit.lambda;

import io.github.vaultlambda.testkit.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of one execution environment: starts the processes in Lambda's order, hands out events and invocations, ends
 * them. One lock guards all state; everything that waits, waits for its condition.
 */
public final class Sandbox {
    /** The runtime's name among the processes. */
    public static final String FUNCTION = "function";

    private static final Duration WITH_EXTENSIONS = Duration.ofSeconds(2);
    private static final Duration WITH_INTERNAL = Duration.ofMillis(500);
    // The runtime gets this part of the time, the extensions what is left.
    private static final double RUNTIME_SHARE = 0.3;

    private enum Phase {
        NEW,
        STARTING,
        SNAPSHOT,
        RESTORING,
        READY,
        ENDING,
        ENDED
    }

    /** How one process ended. */
    public record Exit(int code, Duration duration, boolean killed) {}

    private final Settings settings;
    private final Timeline timeline;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Processes processes;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private Phase phase = Phase.NEW;
    private final Deque<Invocation> offered = new ArrayDeque<>();
    private final Map<String, Invocation> running = new LinkedHashMap<>();
    private boolean restoreAsked;
    private boolean runtimeReady;
    private long runtimeReadyNanos;
    private @Nullable SandboxFailure reported;
    private long changes;

    public Sandbox(Settings settings, Timeline timeline) {
        this.settings = settings;
        this.timeline = timeline;
        this.processes = new Processes(settings);
    }

    Settings settings() {
        return settings;
    }

    /** How many invocations run at a time. */
    public int concurrency() {
        return settings.concurrency();
    }

    // ---- called by the test ----

    /** Starts everything; gives the time each process took, by name. */
    public void init(String api) throws SandboxFailure {
        long deadline = System.nanoTime() + settings.initTimeout().toNanos();
        lock.lock();
        try {
            if (phase != Phase.NEW) {
                throw new IllegalStateException("init() was called before");
            }
            phase = Phase.STARTING;
            for (Map.Entry<String, List<String>> extension :
                    settings.extensions().entrySet()) {
                String name = extension.getKey();
                timeline.happened("EXTENSION_STARTED", name);
                ManagedProcess process =
                        launch(name, extension.getValue(), settings.extensionEnvironment(api), "Extension.LaunchError");
                members.put(name, new Member(name, process));
            }
            await(deadline, () -> members.values().stream().allMatch(member -> member.registered), this::registering);
            startRuntime(api);
            await(
                    deadline,
                    () -> (runtimeReady || restoreAsked)
                            && members.values().stream().allMatch(member -> member.registered && member.ready),
                    this::initialising);
            phase = settings.snapStart() ? Phase.SNAPSHOT : Phase.READY;
        } finally {
            lock.unlock();
        }
    }

    private SandboxFailure registering() {
        return late("Sandbox.Timeout", "init", settings.initTimeout(), "register");
    }

    private SandboxFailure initialising() {
        return late("Sandbox.Timeout", "init", settings.initTimeout(), "ask for their first event");
    }

    /** Wakes what was initialised for SnapStart; gives the time until the runtime asked for an invocation. */
    public Duration restore() throws SandboxFailure {
        lock.lock();
        try {
            if (phase != Phase.SNAPSHOT) {
                throw new IllegalStateException(
                        settings.snapStart()
                                ? "restore() follows init(), and once"
                                : "only an environment with SnapStart is restored");
            }
            long start = System.nanoTime();
            phase = Phase.RESTORING;
            processes.thaw();
            signal();
            await(
                    start + settings.restoreTimeout().toNanos(),
                    () -> runtimeReady,
                    () -> late(
                            "Lambda.SnapStartTimeoutException",
                            "the restore",
                            settings.restoreTimeout(),
                            "ask for an invocation"));
            phase = Phase.READY;
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            lock.unlock();
        }
    }

    /** Stops all processes where they are. */
    public void freeze() {
        lock.lock();
        try {
            if (settings.managedInstances()) {
                throw new IllegalStateException("Managed Instances are not frozen");
            }
            processes.freeze();
        } finally {
            lock.unlock();
        }
    }

    /** Lets all processes go on. */
    public void thaw() {
        lock.lock();
        try {
            processes.thaw();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the runtime, a JVM, collect its garbage. */
    public void collectGarbage() {
        ManagedProcess runtime;
        lock.lock();
        try {
            runtime = processes.get(FUNCTION);
            if (runtime == null || processes.frozen()) {
                throw new IllegalStateException("the runtime " + (runtime == null ? "was not started" : "is frozen"));
            }
        } finally {
            lock.unlock();
        }
        runtime.collectGarbage();
    }

    private void startRuntime(String api) throws SandboxFailure {
        List<String> function = settings.function();
        timeline.happened("RUNTIME_STARTED", FUNCTION);
        if (function == null) {
            runtimeReady = true;
            timeline.happened("RUNTIME_READY", FUNCTION);
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
            lock.lock();
            try {
                timeline.happened("PROCESS_EXITED", name);
                signal();
            } finally {
                lock.unlock();
            }
        });
    }

    private void await(long deadline, BooleanSupplier done, Supplier<SandboxFailure> late) throws SandboxFailure {
        while (!done.getAsBoolean()) {
            SandboxFailure failure = reported;
            if (failure != null) {
                throw failure;
            }
            ManagedProcess dead = processes.firstDead();
            if (dead != null) {
                throw new SandboxFailure(
                        crashType(dead),
                        dead.name() + " exited with code " + dead.exitCode() + " during "
                                + (phase == Phase.RESTORING ? "the restore" : "init") + Processes.lastLines(dead));
            }
            if (!waitUntil(deadline)) {
                throw late.get();
            }
        }
    }

    private static String crashType(ManagedProcess dead) {
        return dead.name().equals(FUNCTION) ? "Runtime.ExitError" : "Extension.Crash";
    }

    private SandboxFailure late(String errorType, String phaseName, Duration limit, String what) {
        return new SandboxFailure(
                errorType,
                phaseName + " took longer than " + limit.toMillis() + " ms waiting for processes to " + what
                        + processes.late(name -> {
                            Member member = members.get(name);
                            return member == null ? runtimeReady : member.ready;
                        }));
    }

    /** From each extension's start until it had registered. */
    public Map<String, Duration> registrationTimes() {
        lock.lock();
        try {
            Map<String, Duration> times = new TreeMap<>();
            for (Member member : members.values()) {
                if (member.process != null) {
                    times.put(member.name, Duration.ofNanos(member.registeredNanos - member.process.startedNanos()));
                }
            }
            return times;
        } finally {
            lock.unlock();
        }
    }

    /** From each process's start until it was ready. */
    public Map<String, Duration> readyTimes() {
        lock.lock();
        try {
            Map<String, Duration> times = new TreeMap<>();
            for (ManagedProcess process : processes.all()) {
                Member member = members.get(process.name());
                long ready = member == null ? runtimeReadyNanos : member.readyNanos;
                times.put(process.name(), Duration.ofNanos(ready - process.startedNanos()));
            }
            return times;
        } finally {
            lock.unlock();
        }
    }

    /** Sends one invocation and waits until runtime and extensions are done with it. */
    public Outcome invoke(byte[] payload) {
        lock.lock();
        try {
            if (phase == Phase.SNAPSHOT) {
                throw new IllegalStateException("an environment with SnapStart takes invocations after restore()");
            }
            if (phase != Phase.READY || processes.firstDead() != null) {
                throw new IllegalStateException("the environment is not ready for an invocation");
            }
            if (running.size() >= settings.concurrency()) {
                throw new IllegalStateException("no more invocations: this environment runs at a time "
                        + settings.concurrency() + ", and they are running");
            }
            long start = System.nanoTime();
            long deadline = start + settings.timeout().toNanos();
            Invocation invocation = new Invocation(
                    payload, System.currentTimeMillis() + settings.timeout().toMillis());
            running.put(invocation.requestId, invocation);
            processes.thaw();
            if (settings.function() == null) {
                timeline.happened("INVOKE_SENT", FUNCTION);
                answer(invocation, payload, false, "");
            } else {
                offered.add(invocation);
            }
            for (Member member : members.values()) {
                if (member.wanted.contains("INVOKE")) {
                    member.events.add(invokeEvent(invocation));
                    member.busy = true;
                }
            }
            signal();
            try {
                return follow(invocation, start, deadline);
            } finally {
                offered.remove(invocation);
                if (!invocation.abandoned) {
                    running.remove(invocation.requestId);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private Outcome follow(Invocation invocation, long start, long deadline) {
        while (true) {
            byte[] answer = invocation.answer;
            boolean extensionsDone = members.values().stream().noneMatch(member -> member.busy);
            if (answer != null && extensionsDone) {
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
            if (!waitUntil(deadline)) {
                ManagedProcess runtime = processes.get(FUNCTION);
                if (settings.managedInstances()) {
                    // Its worker goes on, and is busy until it has answered.
                    invocation.abandoned = !offered.contains(invocation);
                } else if (runtime != null) {
                    runtime.kill();
                }
                return ended(invocation, "TIMEOUT", "Sandbox.Timedout", start);
            }
        }
    }

    private static Outcome ended(Invocation invocation, String kind, String errorType, long start) {
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return new Outcome(invocation.requestId, kind, new byte[0], errorType, time, time);
    }

    private String invokeEvent(Invocation invocation) {
        Map<String, Object> tracing = new LinkedHashMap<>();
        tracing.put("type", "X-Amzn-Trace-Id");
        tracing.put("value", invocation.traceId);
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("eventType", "INVOKE");
        event.put("deadlineMs", invocation.deadlineMillis);
        event.put("requestId", invocation.requestId);
        event.put("invokedFunctionArn", settings.functionArn());
        event.put("tracing", tracing);
        return Json.write(event);
    }

    /** Ends all processes as Lambda does. */
    public Map<String, Exit> shutdown(String reason) {
        long start = System.nanoTime();
        Duration limit;
        List<Member> external = new ArrayList<>();
        lock.lock();
        try {
            if (phase == Phase.ENDED) {
                return Map.of();
            }
            phase = Phase.ENDING;
            processes.thaw();
            boolean internal = false;
            for (Member member : members.values()) {
                if (member.process == null) {
                    internal = true;
                } else {
                    external.add(member);
                }
            }
            limit = !external.isEmpty() ? WITH_EXTENSIONS : internal ? WITH_INTERNAL : Duration.ZERO;
            signal();
        } finally {
            lock.unlock();
        }
        long end = start + limit.toNanos();
        Map<String, Exit> exits = new LinkedHashMap<>();
        ManagedProcess runtime = processes.get(FUNCTION);
        if (runtime != null) {
            boolean killed = runtime.alive() && limit.isZero();
            if (runtime.alive() && !limit.isZero()) {
                timeline.happened("SHUTDOWN_SENT", FUNCTION);
                runtime.terminate();
                double share = external.isEmpty() ? 1 : RUNTIME_SHARE;
                killed = !runtime.endsWithin(Duration.ofNanos((long) (limit.toNanos() * share)));
            }
            exits.put(FUNCTION, finish(runtime, killed, start));
        }
        sendShutdown(external, reason, System.currentTimeMillis() + left(end).toMillis());
        for (Member member : external) {
            ManagedProcess process = member.process;
            if (process != null) {
                boolean asked = member.wanted.contains("SHUTDOWN");
                boolean ended = !process.alive() || (asked && process.endsWithin(left(end)));
                exits.put(member.name, finish(process, !ended, start));
            }
        }
        lock.lock();
        try {
            phase = Phase.ENDED;
            signal();
        } finally {
            lock.unlock();
        }
        return exits;
    }

    private void sendShutdown(List<Member> external, String reason, long deadlineMillis) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("eventType", "SHUTDOWN");
        event.put("shutdownReason", reason);
        event.put("deadlineMs", deadlineMillis);
        lock.lock();
        try {
            for (Member member : external) {
                if (member.wanted.contains("SHUTDOWN")) {
                    timeline.happened("SHUTDOWN_SENT", member.name);
                    member.events.add(Json.write(event));
                }
            }
            signal();
        } finally {
            lock.unlock();
        }
    }

    private static Exit finish(ManagedProcess process, boolean kill, long start) {
        if (kill) {
            process.kill();
            process.endsWithin(Duration.ofSeconds(5));
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        process.finishReading();
        process.awaitExitTold();
        return new Exit(process.exitCode(), time, kill);
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** Kills whatever still runs. */
    public void kill() {
        lock.lock();
        try {
            phase = Phase.ENDED;
            processes.kill();
            signal();
        } finally {
            lock.unlock();
        }
    }

    /** The process of that name, or null. */
    public @Nullable ManagedProcess process(String name) {
        lock.lock();
        try {
            return processes.get(name);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next change of state; false when the deadline comes first. */
    private boolean waitUntil(long deadline) {
        long seen = changes;
        try {
            while (changes == seen) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void signal() {
        changes++;
        changed.signalAll();
    }

    // ---- called by the Runtime API ----

    /** The next invocation, or null when the environment ends first. */
    @Nullable
    Invocation nextInvocation() throws InterruptedException {
        lock.lock();
        try {
            if (!runtimeReady) {
                runtimeReady = true;
                if (!restoreAsked) {
                    runtimeReadyNanos = System.nanoTime();
                }
                timeline.happened("RUNTIME_READY", FUNCTION);
                signal();
            }
            while (phase != Phase.ENDED && phase != Phase.ENDING) {
                Invocation invocation = offered.poll();
                if (invocation != null) {
                    timeline.happened("INVOKE_SENT", FUNCTION);
                    return invocation;
                }
                changed.await();
            }
            // The process is about to be ended; an answer now could make it spin.
            while (phase != Phase.ENDED) {
                changed.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the runtime's answer; false when that invocation does not run. */
    boolean answered(String requestId, byte[] payload, boolean failed, String errorType) {
        lock.lock();
        try {
            Invocation invocation = running.get(requestId);
            if (invocation == null || invocation.answer != null) {
                return false;
            }
            if (invocation.abandoned) {
                running.remove(requestId);
            }
            answer(invocation, payload, failed, errorType);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void answer(Invocation invocation, byte[] payload, boolean failed, String errorType) {
        invocation.answer = payload;
        invocation.failed = failed;
        invocation.errorType = errorType;
        invocation.answeredNanos = System.nanoTime();
        timeline.happened("RESPONSE_RECEIVED", FUNCTION);
        signal();
    }

    /** Waits for the restore of what the runtime has initialised; false when the environment ends first. */
    boolean nextRestore() throws InterruptedException {
        lock.lock();
        try {
            restoreAsked = true;
            runtimeReadyNanos = System.nanoTime();
            timeline.happened("RUNTIME_SNAPSHOT_READY", FUNCTION);
            signal();
            while (phase == Phase.STARTING || phase == Phase.SNAPSHOT) {
                changed.await();
            }
            if (phase != Phase.RESTORING) {
                return false;
            }
            timeline.happened("RESTORE_SENT", FUNCTION);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The runtime could not be restored. */
    void restoreFailed(String errorType, byte[] body) {
        failed("RESTORE_ERROR", FUNCTION, errorType, body);
    }

    /** The runtime or an extension could not be initialised. */
    void initFailed(String process, String errorType, byte[] body) {
        failed("INIT_ERROR", process, errorType, body);
    }

    private void failed(String event, String process, String errorType, byte[] body) {
        lock.lock();
        try {
            timeline.happened(event, process);
            if (reported == null) {
                reported = new SandboxFailure(
                        errorType, process + " reported: " + new String(body, StandardCharsets.UTF_8));
            }
            signal();
        } finally {
            lock.unlock();
        }
    }

    void exitFailed(String process) {
        timeline.happened("EXIT_ERROR", process);
    }

    // ---- called by the Extensions API ----

    /** Registers an extension; gives it, or throws with Lambda's error type. */
    Member register(String name, Set<String> events) throws SandboxFailure {
        lock.lock();
        try {
            Member member = members.get(name);
            if (member == null) {
                if (processes.get(FUNCTION) == null) {
                    throw new SandboxFailure(
                            "Extension.InvalidExtensionName",
                            "no extension's file is called " + name + ", and the runtime was not started yet");
                }
                if (phase != Phase.STARTING || runtimeReady || restoreAsked) {
                    throw new SandboxFailure("Extension.RegistrationClosed", "Extension registration closed already");
                }
                if (events.contains("SHUTDOWN")) {
                    throw new SandboxFailure(
                            "Extension.InvalidEventType", "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension");
                }
                member = new Member(name, null);
                members.put(name, member);
            }
            if (member.registered) {
                throw new SandboxFailure(
                        "Extension.InvalidExtensionState",
                        "State transition from Registered to Registered failed for extension " + name
                                + ". Error: ErrNotAllowed");
            }
            member.registered = true;
            member.registeredNanos = System.nanoTime();
            member.wanted = Set.copyOf(events);
            timeline.happened("EXTENSION_REGISTERED", name);
            signal();
            return member;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Member member(String identifier) {
        lock.lock();
        try {
            for (Member member : members.values()) {
                if (member.registered && member.identifier.equals(identifier)) {
                    return member;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** The extension's next event, or null when the environment ends first. */
    @Nullable
    String nextEvent(Member member) throws InterruptedException {
        lock.lock();
        try {
            if (!member.ready) {
                member.ready = true;
                member.readyNanos = System.nanoTime();
                timeline.happened("EXTENSION_READY", member.name);
            }
            // Only with nothing left to fetch is it done with its last event.
            member.busy = !member.events.isEmpty();
            signal();
            while (phase != Phase.ENDED) {
                String event = member.events.poll();
                if (event != null) {
                    boolean invoke = event.startsWith("{\"eventType\":\"INVOKE\"");
                    member.busy = invoke;
                    if (invoke) {
                        timeline.happened("INVOKE_SENT", member.name);
                    }
                    return event;
                }
                changed.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }
}
