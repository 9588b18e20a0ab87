package io.github.vaultlambda.testkit.lambda;

import io.github.vaultlambda.testkit.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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
    private final Map<String, ManagedProcess> processes = new LinkedHashMap<>();
    private final Map<String, Member> members = new LinkedHashMap<>();
    private Phase phase = Phase.NEW;
    private @Nullable Invocation offered;
    private @Nullable Invocation running;
    private boolean runtimeReady;
    private long runtimeReadyNanos;
    private @Nullable SandboxFailure reported;
    private long changes;

    public Sandbox(Settings settings, Timeline timeline) {
        this.settings = settings;
        this.timeline = timeline;
    }

    Settings settings() {
        return settings;
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
            await(deadline, () -> members.values().stream().allMatch(member -> member.registered), "register");
            startRuntime(api);
            await(
                    deadline,
                    () -> runtimeReady
                            && members.values().stream().allMatch(member -> member.registered && member.ready),
                    "ask for their first event");
            phase = Phase.READY;
        } finally {
            lock.unlock();
        }
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
        ManagedProcess process;
        try {
            process = ManagedProcess.start(
                    name, command, environment, settings.workDirectory(), settings.outputListener());
        } catch (IOException e) {
            throw new SandboxFailure(errorType, name + " cannot be started: " + e.getMessage());
        }
        processes.put(name, process);
        process.onExit(() -> {
            lock.lock();
            try {
                timeline.happened("PROCESS_EXITED", name);
                signal();
            } finally {
                lock.unlock();
            }
        });
        return process;
    }

    private void await(long deadline, BooleanSupplier done, String what) throws SandboxFailure {
        while (!done.getAsBoolean()) {
            SandboxFailure failure = reported;
            if (failure != null) {
                throw failure;
            }
            ManagedProcess dead = firstDead();
            if (dead != null) {
                String type = dead.name().equals(FUNCTION) ? "Runtime.ExitError" : "Extension.Crash";
                throw new SandboxFailure(
                        type, dead.name() + " exited with code " + dead.exitCode() + " during init" + lastLines(dead));
            }
            if (!waitUntil(deadline)) {
                throw new SandboxFailure(
                        "Sandbox.Timeout",
                        "init took longer than " + settings.initTimeout().toMillis() + " ms waiting for processes to "
                                + what + late());
            }
        }
    }

    private String late() {
        StringBuilder out = new StringBuilder();
        for (ManagedProcess process : processes.values()) {
            Member member = members.get(process.name());
            boolean ready = member == null ? runtimeReady : member.ready;
            if (!ready) {
                out.append("; ").append(process.name()).append(" is not ready").append(lastLines(process));
            }
        }
        return out.toString();
    }

    private static String lastLines(ManagedProcess process) {
        List<String> lines = process.output();
        if (lines.isEmpty()) {
            return ", without output";
        }
        return ", last output:\n  " + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }

    private @Nullable ManagedProcess firstDead() {
        for (ManagedProcess process : processes.values()) {
            if (!process.alive()) {
                return process;
            }
        }
        return null;
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
            for (ManagedProcess process : processes.values()) {
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
            if (phase != Phase.READY || firstDead() != null) {
                throw new IllegalStateException("the environment is not ready for an invocation");
            }
            if (running != null) {
                throw new IllegalStateException("an invocation is running; an environment runs one at a time");
            }
            long start = System.nanoTime();
            long deadline = start + settings.timeout().toNanos();
            Invocation invocation = new Invocation(
                    payload, System.currentTimeMillis() + settings.timeout().toMillis());
            running = invocation;
            offered = invocation;
            if (settings.function() == null) {
                offered = null;
                timeline.happened("INVOKE_SENT", FUNCTION);
                answer(invocation, payload, false, "");
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
                running = null;
                offered = null;
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
            ManagedProcess dead = firstDead();
            if (dead != null) {
                String type = dead.name().equals(FUNCTION) ? "Runtime.ExitError" : "Extension.Crash";
                return ended(invocation, "CRASH", type, start);
            }
            if (!waitUntil(deadline)) {
                ManagedProcess runtime = processes.get(FUNCTION);
                if (runtime != null) {
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
            processes.values().forEach(ManagedProcess::kill);
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
                runtimeReadyNanos = System.nanoTime();
                timeline.happened("RUNTIME_READY", FUNCTION);
                signal();
            }
            while (phase != Phase.ENDED && phase != Phase.ENDING) {
                Invocation invocation = offered;
                if (invocation != null) {
                    offered = null;
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
            Invocation invocation = running;
            if (invocation == null || !invocation.requestId.equals(requestId) || invocation.answer != null) {
                return false;
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

    /** The runtime or an extension could not be initialised. */
    void initFailed(String process, String errorType, byte[] body) {
        lock.lock();
        try {
            timeline.happened("INIT_ERROR", process);
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
                if (!processes.containsKey(FUNCTION)) {
                    throw new SandboxFailure(
                            "Extension.InvalidExtensionName",
                            "no extension's file is called " + name + ", and the runtime was not started yet");
                }
                if (phase != Phase.STARTING || runtimeReady) {
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
