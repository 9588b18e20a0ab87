package io.github.vaultlambda.auth.aws;

import io.github.vaultlambda.client.Deadline;
import io.github.vaultlambda.client.Platform;
import io.github.vaultlambda.client.VaultFailure;
import io.github.vaultlambda.http.HttpTransport;
import io.github.vaultlambda.http.TransportException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one host of AWS, each with a time-out per try, and repeated on throttling, 5xx and trouble with the connection,
 * with jittered waits inside the deadline. Thread-safe.
 */
final class AwsExchange {
    private static final long FIRST_WAIT_MILLIS = 100;

    private final String host;
    private final @Nullable String hint;
    private final Duration timeoutPerTry;
    private final int maxTries;
    private final HttpTransport transport;
    private final Platform platform;

    /**
     * @param host who is asked, for messages, such as {@code STS at https://sts.amazonaws.com/}
     * @param hint what to check when it does not answer, or null
     */
    AwsExchange(
            String host,
            @Nullable String hint,
            Duration timeoutPerTry,
            int maxTries,
            HttpTransport transport,
            Platform platform) {
        this.host = host;
        this.hint = hint;
        this.timeoutPerTry = timeoutPerTry;
        this.maxTries = maxTries;
        this.transport = transport;
        this.platform = platform;
    }

    /** Closes the connections that wait for another request: what was answered last is still in their buffers. */
    void forget() {
        transport.closeIdle();
    }

    /**
     * The answer, whatever its status; that of the last try when all were in vain.
     *
     * @param purpose what the request is for, as the start of messages, such as {@code Assuming arn:... failed}
     * @param operation what is asked, for {@link AwsUnavailableException#path()}
     * @throws AwsUnavailableException when no answer came
     */
    HttpTransport.Reply send(
            String purpose,
            String operation,
            String method,
            URI uri,
            Map<String, String> headers,
            byte @Nullable [] body,
            Deadline deadline) {
        for (int attempt = 1; ; attempt++) {
            Duration left = deadline.remaining();
            if (left.isZero()) {
                throw unavailable(purpose, operation, "no time is left", null, null);
            }
            HttpTransport.Reply reply = null;
            IOException trouble = null;
            try {
                reply = transport.send(new HttpTransport.Call(
                        method, uri, headers, body, left.compareTo(timeoutPerTry) < 0 ? left : timeoutPerTry));
                if (!isWorthRetrying(reply)) {
                    return reply;
                }
            } catch (IOException e) {
                trouble = e;
            }
            long wait = waitAfter(attempt);
            if (attempt >= maxTries
                    || (trouble instanceof TransportException failure
                            && failure.kind().isPermanent())
                    || wait >= deadline.remaining().toMillis()) {
                if (reply != null) {
                    return reply;
                }
                throw unavailable(purpose, operation, host + " did not answer" + why(trouble), hint, trouble);
            }
            pause(purpose, operation, wait);
        }
    }

    private static String why(@Nullable IOException trouble) {
        return trouble instanceof TransportException
                ? " (" + trouble.getMessage() + ")"
                : ""; // its message is made for this
    }

    /** Whether a later try may be answered otherwise. */
    static boolean isWorthRetrying(HttpTransport.Reply reply) {
        int status = reply.status();
        if (status == 429 || (status >= 500 && status != 501)) {
            return true;
        }
        if (status != 400) {
            return false;
        }
        StsFault fault = StsFault.in(new String(reply.body(), StandardCharsets.UTF_8));
        return fault != null && fault.isPassing();
    }

    /** Half to full of 100 ms, doubled each time. */
    private long waitAfter(int attempt) {
        long full = FIRST_WAIT_MILLIS << (attempt - 1);
        return full / 2 + platform.random().nextLong(full / 2 + 1);
    }

    private void pause(String purpose, String operation, long millis) {
        try {
            platform.sleeper().sleep(Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(purpose, operation, "interrupted while waiting to try again", null, null);
        }
    }

    private static AwsUnavailableException unavailable(
            String purpose, String operation, String what, @Nullable String hint, @Nullable IOException cause) {
        return new AwsUnavailableException(VaultFailure.of(purpose + ": " + what)
                .withPath(operation)
                .withHint(hint)
                .withCause(cause));
    }
}
