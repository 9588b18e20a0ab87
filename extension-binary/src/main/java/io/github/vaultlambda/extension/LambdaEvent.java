package io.github.vaultlambda.extension;

import java.time.Instant;

/**
 * What Lambda tells an extension.
 *
 * @param type {@code INVOKE}, {@code SHUTDOWN} or something newer
 * @param requestId which invocation it is; empty for other events
 * @param reason why the environment ends; empty for other events
 * @param deadline by when the invocation or the shutdown is over; {@link Instant#EPOCH} when Lambda named none
 */
record LambdaEvent(String type, String requestId, String reason, Instant deadline) {
    /** Whether the execution environment ends. */
    boolean isShutdown() {
        return type.equals("SHUTDOWN");
    }
}
