package io.github.vaultlambda.testkit.lambda;

import io.github.vaultlambda.testkit.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The extensions of an environment, those inside of the runtime included. Guarded by the state's lock. */
final class Members {
    private static final String INVOKE = "INVOKE";
    private static final String SHUTDOWN = "SHUTDOWN";

    private final Settings settings;
    private final SandboxState state;
    private final Processes processes;
    private final RuntimeWork runtime;
    private final Map<String, Member> byName = new LinkedHashMap<>();

    Members(Settings settings, SandboxState state, Processes processes, RuntimeWork runtime) {
        this.settings = settings;
        this.state = state;
        this.processes = processes;
        this.runtime = runtime;
    }

    // ---- called by the sandbox, which has the lock ----

    void add(String name, ManagedProcess process) {
        byName.put(name, new Member(name, process));
    }

    @Nullable
    Member get(String name) {
        return byName.get(name);
    }

    Iterable<Member> all() {
        return byName.values();
    }

    boolean areAll(Predicate<Member> what) {
        return byName.values().stream().allMatch(what);
    }

    /** Those with a process of their own. */
    List<Member> external() {
        List<Member> external = new ArrayList<>();
        for (Member member : byName.values()) {
            if (member.process != null) {
                external.add(member);
            }
        }
        return external;
    }

    /** Tells of an invocation those who want to know. */
    void sendInvoke(Invocation invocation) {
        for (Member member : byName.values()) {
            if (member.wanted.contains(INVOKE)) {
                member.events.add(invokeEvent(invocation));
                member.busy = true;
            }
        }
    }

    private String invokeEvent(Invocation invocation) {
        Map<String, Object> tracing = new LinkedHashMap<>();
        tracing.put("type", "X-Amzn-Trace-Id");
        tracing.put("value", invocation.traceId);
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("eventType", INVOKE);
        event.put("deadlineMs", invocation.deadlineMillis);
        event.put("requestId", invocation.requestId);
        event.put("invokedFunctionArn", settings.functionArn());
        event.put("tracing", tracing);
        return Json.write(event);
    }

    /** Tells of the end those who want to know and have a process of their own. */
    void sendShutdown(String reason, long deadlineMillis) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("eventType", SHUTDOWN);
        event.put("shutdownReason", reason);
        event.put("deadlineMs", deadlineMillis);
        for (Member member : external()) {
            if (wantsShutdown(member)) {
                state.happened("SHUTDOWN_SENT", member.name);
                member.events.add(Json.write(event));
            }
        }
        state.signal();
    }

    static boolean wantsShutdown(Member member) {
        return member.wanted.contains(SHUTDOWN);
    }

    // ---- called by the Extensions API ----

    /** Registers an extension; gives it, or throws with Lambda's error type. */
    Member register(String name, Set<String> events) throws SandboxFailure {
        state.lock();
        try {
            Member member = byName.get(name);
            if (member == null) {
                checkInternal(name, events);
                member = new Member(name, null);
                byName.put(name, member);
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
            state.happened("EXTENSION_REGISTERED", name);
            state.signal();
            return member;
        } finally {
            state.unlock();
        }
    }

    private void checkInternal(String name, Set<String> events) throws SandboxFailure {
        if (processes.get(Sandbox.FUNCTION) == null) {
            throw new SandboxFailure(
                    "Extension.InvalidExtensionName",
                    "no extension's file is called " + name + ", and the runtime was not started yet");
        }
        if (state.phase() != SandboxState.Phase.STARTING || runtime.isInitialised()) {
            throw new SandboxFailure("Extension.RegistrationClosed", "Extension registration closed already");
        }
        if (events.contains(SHUTDOWN)) {
            throw new SandboxFailure(
                    "Extension.InvalidEventType", "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension");
        }
    }

    @Nullable
    Member identified(String identifier) {
        state.lock();
        try {
            for (Member member : byName.values()) {
                if (member.registered && member.identifier.equals(identifier)) {
                    return member;
                }
            }
            return null;
        } finally {
            state.unlock();
        }
    }

    /** The extension's next event, or null when the environment ends first. */
    @Nullable
    String nextEvent(Member member) throws InterruptedException {
        state.lock();
        try {
            if (!member.ready) {
                member.ready = true;
                member.readyNanos = System.nanoTime();
                state.happened("EXTENSION_READY", member.name);
            }
            // Only with nothing left to fetch is it done with its last event.
            member.busy = !member.events.isEmpty();
            state.signal();
            while (state.phase() != SandboxState.Phase.ENDED) {
                String event = member.events.poll();
                if (event != null) {
                    boolean invoke = event.startsWith("{\"eventType\":\"" + INVOKE + "\"");
                    member.busy = invoke;
                    if (invoke) {
                        state.happened("INVOKE_SENT", member.name);
                    }
                    return event;
                }
                state.await();
            }
            return null;
        } finally {
            state.unlock();
        }
    }

    /** An extension could not be initialised. */
    void initFailed(Member member, String errorType, byte[] body) {
        state.lock();
        try {
            state.failed("INIT_ERROR", member.name, errorType, body);
        } finally {
            state.unlock();
        }
    }

    /** An extension leaves because of an error. */
    void exitFailed(Member member) {
        state.lock();
        try {
            state.happened("EXIT_ERROR", member.name);
        } finally {
            state.unlock();
        }
    }
}
