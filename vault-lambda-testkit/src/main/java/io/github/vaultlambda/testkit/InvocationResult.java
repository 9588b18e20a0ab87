package io.github.vaultlambda.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** How an invocation ended. Immutable. */
public final class InvocationResult {
    /** The ways to end. */
    public enum Outcome {
        /** The function returned. */
        OK,
        /** The function threw: the payload is the error object. */
        FUNCTION_ERROR,
        /** It took longer than the function's timeout; the runtime was killed, except on Managed Instances. */
        TIMEOUT,
        /** The runtime or an extension ended in the middle of it. */
        CRASH
    }

    private final String requestId;
    private final Outcome outcome;
    private final byte[] payload;
    private final String errorType;
    private final Duration duration;
    private final Duration totalDuration;

    InvocationResult(
            String requestId,
            Outcome outcome,
            byte[] payload,
            String errorType,
            Duration duration,
            Duration totalDuration) {
        this.requestId = requestId;
        this.outcome = outcome;
        this.payload = payload.clone();
        this.errorType = errorType;
        this.duration = duration;
        this.totalDuration = totalDuration;
    }

    /** The AWS request id. */
    public String requestId() {
        return requestId;
    }

    /** How it ended. */
    public Outcome outcome() {
        return outcome;
    }

    /** What the function answered, or the error object; empty after a timeout or crash. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The payload as UTF-8 text. */
    public String payloadText() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** Lambda's error type, such as {@code Sandbox.Timedout} or {@code Runtime.ExitError}; empty when it went well. */
    public String errorType() {
        return errorType;
    }

    /** Until the runtime answered. */
    public Duration duration() {
        return duration;
    }

    /** Until the last extension was done too. */
    public Duration totalDuration() {
        return totalDuration;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "InvocationResult[%s, %s, %d bytes, error type '%s', %d ms]",
                requestId,
                outcome,
                payload.length,
                errorType,
                totalDuration.toMillis());
    }
}
