package io.github.vaultlambda.testkit;

import java.time.Duration;

/**
 * Something that happened in an execution environment.
 *
 * @param type what
 * @param process the extension's name, or {@code function} for the runtime
 * @param offset since {@link LambdaEmulator#init()} began
 */
public record LambdaEvent(Type type, String process, Duration offset) {
    /** What can happen. */
    public enum Type {
        /** An extension's process was started. */
        EXTENSION_STARTED,
        /** An extension has registered. */
        EXTENSION_REGISTERED,
        /** The runtime's process was started. */
        RUNTIME_STARTED,
        /** The runtime asked for its first invocation. */
        RUNTIME_READY,
        /** The runtime is ready for the snapshot and waits to be restored. */
        RUNTIME_SNAPSHOT_READY,
        /** The runtime was told that it has been restored. */
        RESTORE_SENT,
        /** An extension asked for its first event. */
        EXTENSION_READY,
        /** An invocation was offered, to the runtime or to an extension. */
        INVOKE_SENT,
        /** The runtime answered an invocation, with a result or an error. */
        RESPONSE_RECEIVED,
        /** The runtime got SIGTERM, or an extension was offered the SHUTDOWN event. */
        SHUTDOWN_SENT,
        /** A process has ended. */
        PROCESS_EXITED,
        /** The runtime or an extension reported that its initialisation failed. */
        INIT_ERROR,
        /** The runtime reported that its restore failed. */
        RESTORE_ERROR,
        /** An extension reported an error before it left. */
        EXIT_ERROR
    }
}
