package io.github.vaultlambda.testkit.lambda;

import java.time.Duration;

/** How an invocation ended; {@code kind} is a name of InvocationResult.Outcome. */
public final class Outcome {
    private final String requestId;
    private final String kind;
    private final byte[] payload;
    private final String errorType;
    private final Duration duration;
    private final Duration total;

    Outcome(String requestId, String kind, byte[] payload, String errorType, Duration duration, Duration total) {
        this.requestId = requestId;
        this.kind = kind;
        this.payload = payload;
        this.errorType = errorType;
        this.duration = duration;
        this.total = total;
    }

    public String requestId() {
        return requestId;
    }

    public String kind() {
        return kind;
    }

    public byte[] payload() {
        return payload;
    }

    public String errorType() {
        return errorType;
    }

    public Duration duration() {
        return duration;
    }

    public Duration total() {
        return total;
    }
}
