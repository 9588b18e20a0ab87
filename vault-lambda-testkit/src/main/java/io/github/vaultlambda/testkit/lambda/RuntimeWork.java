package io.github.vaultlambda.testkit.lambda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the runtime is to do and has done: its restore and its invocations. Guarded by the state's lock. */
final class RuntimeWork {
    private final Settings settings;
    private final SandboxState state;
    private final Deque<Invocation> offered = new ArrayDeque<>();
    private final Map<String, Invocation> running = new LinkedHashMap<>();
    private boolean ready;
    private boolean restoreAsked;
    private long readyNanos;

    RuntimeWork(Settings settings, SandboxState state) {
        this.settings = settings;
        this.state = state;
    }

    // ---- called by the sandbox, which has the lock ----

    /** Whether it asked for an invocation. */
    boolean isReady() {
        return ready;
    }

    /** Whether it asked for an invocation or for its restore. */
    boolean isInitialised() {
        return ready || restoreAsked;
    }

    /** When its initialisation was over. */
    long readyNanos() {
        return readyNanos;
    }

    /** There is no runtime: the sandbox answers. */
    void isTheSandbox() {
        ready = true;
        state.happened("RUNTIME_READY", Sandbox.FUNCTION);
    }

    /** Offers an invocation to the runtime. */
    void offer(Invocation invocation) {
        if (running.size() >= settings.concurrency()) {
            throw new IllegalStateException("no more invocations: this environment runs at a time "
                    + settings.concurrency() + ", and they are running");
        }
        running.put(invocation.requestId, invocation);
        if (settings.function() == null) {
            state.happened("INVOKE_SENT", Sandbox.FUNCTION);
            answer(invocation, invocation.payload, false, "");
        } else {
            offered.add(invocation);
        }
    }

    /** Nobody waits for this invocation any more; the worker that has it goes on, and is busy until it has answered. */
    void abandon(Invocation invocation) {
        invocation.abandoned = !offered.contains(invocation);
    }

    /** The invocation is over. */
    void end(Invocation invocation) {
        offered.remove(invocation);
        if (!invocation.abandoned) {
            running.remove(invocation.requestId);
        }
    }

    // ---- called by the Runtime API ----

    /** The next invocation, or null when the environment ends first. */
    @Nullable
    Invocation nextInvocation() throws InterruptedException {
        state.lock();
        try {
            if (!ready) {
                ready = true;
                if (!restoreAsked) {
                    readyNanos = System.nanoTime();
                }
                state.happened("RUNTIME_READY", Sandbox.FUNCTION);
                state.signal();
            }
            while (!state.isEnding()) {
                Invocation invocation = offered.poll();
                if (invocation != null) {
                    state.happened("INVOKE_SENT", Sandbox.FUNCTION);
                    return invocation;
                }
                state.await();
            }
            // The process is about to be ended; an answer now could make it spin.
            while (state.phase() != SandboxState.Phase.ENDED) {
                state.await();
            }
            return null;
        } finally {
            state.unlock();
        }
    }

    /** Waits for the restore of what the runtime has initialised; false when the environment ends first. */
    boolean nextRestore() throws InterruptedException {
        state.lock();
        try {
            restoreAsked = true;
            readyNanos = System.nanoTime();
            state.happened("RUNTIME_SNAPSHOT_READY", Sandbox.FUNCTION);
            state.signal();
            while (state.phase() == SandboxState.Phase.STARTING || state.phase() == SandboxState.Phase.SNAPSHOT) {
                state.await();
            }
            if (state.phase() != SandboxState.Phase.RESTORING) {
                return false;
            }
            state.happened("RESTORE_SENT", Sandbox.FUNCTION);
            return true;
        } finally {
            state.unlock();
        }
    }

    /** Takes the runtime's answer; false when that invocation does not run. */
    boolean answered(String requestId, byte[] payload, boolean failed, String errorType) {
        state.lock();
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
            state.unlock();
        }
    }

    private void answer(Invocation invocation, byte[] payload, boolean failed, String errorType) {
        invocation.answer = payload;
        invocation.failed = failed;
        invocation.errorType = errorType;
        invocation.answeredNanos = System.nanoTime();
        state.happened("RESPONSE_RECEIVED", Sandbox.FUNCTION);
        state.signal();
    }

    /** The runtime could not be initialised. */
    void initFailed(String errorType, byte[] body) {
        failed("INIT_ERROR", errorType, body);
    }

    /** The runtime could not be restored. */
    void restoreFailed(String errorType, byte[] body) {
        failed("RESTORE_ERROR", errorType, body);
    }

    private void failed(String event, String errorType, byte[] body) {
        state.lock();
        try {
            state.failed(event, Sandbox.FUNCTION, errorType, body);
        } finally {
            state.unlock();
        }
    }
}
