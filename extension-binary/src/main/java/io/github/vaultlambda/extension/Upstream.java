package io.github.vaultlambda.extension;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends proxied requests to Vault and waits for the head of the answer; the body comes as it arrives. Follows no redirect,
 * retries nothing. Thread-safe.
 */
final class Upstream {
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

    private final HttpClient client;
    private final Duration timeout;

    /** An upstream that waits at most this long for the head of an answer. */
    Upstream(Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT)
                .build();
    }

    /**
     * Sends a request. The time for the answer counts from now, or from the last byte that the client sent of the body.
     *
     * @return the answer, whose body must be subscribed to
     * @throws HttpTimeoutException when the head of the answer does not come in time
     * @throws IOException when the request fails; the message holds nothing of the request
     */
    HttpResponse<Publisher<List<ByteBuffer>>> send(HttpRequest request, @Nullable UploadStream body)
            throws IOException {
        CompletableFuture<HttpResponse<Publisher<List<ByteBuffer>>>> answer =
                client.sendAsync(request, BodyHandlers.ofPublisher());
        long left = timeout.toNanos();
        try {
            while (true) {
                try {
                    return answer.get(left, TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    left = body == null ? 0 : timeout.toNanos() - body.nanosSinceMove();
                    if (left <= 0 && answer.cancel(true)) {
                        throw new HttpTimeoutException("no answer within " + timeout.toMillis() + " ms");
                    }
                    left = Math.max(left, 1);
                }
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the proxy is stopping");
        }
    }

    private static IOException failure(Throwable cause) {
        if (cause instanceof ConnectException) {
            boolean unknown = cause.getCause() instanceof UnresolvedAddressException
                    || (cause.getCause() != null && cause.getCause().getCause() instanceof UnresolvedAddressException);
            return new IOException(unknown ? "unknown host" : "connection refused", cause);
        }
        return new IOException(OneLine.of(cause), cause);
    }
}
