package io.github.vaultlambda.testkit.lambda;

import io.github.vaultlambda.testkit.wire.Mint;
import org.jspecify.annotations.Nullable;

/** One invocation in flight; guarded by the state's lock. */
final class Invocation {
    final String requestId = Mint.uuid();
    final String traceId;
    final byte[] payload;
    final long deadlineMillis;
    byte @Nullable [] answer;
    boolean failed;
    String errorType = "";
    long answeredNanos;
    /** Whether nobody waits for its answer any more. */
    boolean abandoned;

    Invocation(byte[] payload, long deadlineMillis) {
        this.payload = payload;
        this.deadlineMillis = deadlineMillis;
        this.traceId = "Root=1-" + hex(8) + "-" + hex(24) + ";Parent=" + hex(16) + ";Sampled=0";
    }

    private static String hex(int length) {
        String digits = (Mint.uuid() + Mint.uuid()).replace("-", "");
        return digits.substring(0, length);
    }
}
