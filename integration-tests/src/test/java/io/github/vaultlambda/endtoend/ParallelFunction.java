package io.github.vaultlambda.endtoend;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.github.vaultlambda.handler.VaultSecret;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells whose password it has, at the begin of an invocation and at its end, with as many invocations in between as the
 * environment takes.
 */
public final class ParallelFunction implements RequestHandler<String, Map<String, String>> {
    private static final CyclicBarrier ALL =
            new CyclicBarrier(Integer.parseInt(System.getenv().getOrDefault("AWS_LAMBDA_MAX_CONCURRENCY", "1")));

    @VaultSecret("secret/data/orders/db#user")
    @Nullable
    String user;

    @VaultSecret("secret/data/orders/db#password")
    @Nullable
    String password;

    @Override
    public Map<String, String> handleRequest(String event, Context context) {
        meet();
        String first = set();
        meet();
        return Map.of("first", first, "last", set());
    }

    /** The user, and the user whose password this is: the password's end says so. */
    private String set() {
        String current = String.valueOf(password);
        return user + " has the password of " + current.substring(current.lastIndexOf('/') + 1);
    }

    private static void meet() {
        try {
            ALL.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("the others did not come", e);
        }
    }
}
