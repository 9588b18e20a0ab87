package io.github.vaultlambda.handler;

import com.amazonaws.services.lambda.runtime.Context;
import io.github.vaultlambda.client.TimeLimit;
import org.jspecify.annotations.Nullable;

/**
 * One invocation while it runs: the thread that runs it waits for Vault no longer than the invocation has time, but for a reserve.
 * From {@link Invocations#begin}; ends with {@link #end()}.
 */
public final class Invocation extends TimeLimit {
    private final @Nullable Context context;
    private final long reserveMillis;

    Invocation(@Nullable Context context, long reserveMillis) {
        this.context = context;
        this.reserveMillis = reserveMillis;
    }

    @Override
    protected long remainingMillis() {
        return context == null ? Long.MAX_VALUE : context.getRemainingTimeInMillis() - reserveMillis;
    }
}
