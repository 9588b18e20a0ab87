package io.github.vaultlambda.extension;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of Vault's answer on its way to the client: one piece is asked for when the last one is written, so that never more
 * than one is held. The HTTP client's threads bring the pieces, one other takes them.
 */
final class AnswerBody implements Subscriber<List<ByteBuffer>>, AutoCloseable {
    private static final int BUFFER_BYTES = 8 * 1024;

    /** At most one piece, because only one is asked for, and then the end. */
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

    private volatile @Nullable Subscription subscription;
    private volatile boolean complete;

    private AnswerBody() {}

    /** Takes over the body of this answer. */
    static AnswerBody of(HttpResponse<Publisher<List<ByteBuffer>>> answer) {
        AnswerBody body = new AnswerBody();
        answer.body().subscribe(body);
        return body;
    }

    /**
     * Writes the body as it comes, each piece at once. Does not close the stream.
     *
     * @param idle how long to wait for the next piece
     * @throws IOException when either side fails, or no piece comes in time
     */
    void copyTo(OutputStream out, Duration idle) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (!complete) {
            Piece piece = next(idle);
            if (piece.failure() != null) {
                throw new IOException("the answer broke off: " + OneLine.of(piece.failure()), piece.failure());
            }
            for (ByteBuffer bytes : piece.bytes()) {
                while (bytes.hasRemaining()) {
                    int count = Math.min(bytes.remaining(), buffer.length);
                    bytes.get(buffer, 0, count);
                    out.write(buffer, 0, count);
                }
            }
            complete = piece.last();
            Subscription current = subscription;
            if (!complete && current != null) {
                out.flush();
                current.request(1);
            }
        }
    }

    /** Gives up what was not copied, and with it the connection to Vault. */
    @Override
    public void close() {
        Subscription current = subscription;
        if (!complete && current != null) {
            current.cancel();
        }
    }

    private Piece next(Duration idle) throws IOException {
        try {
            Piece piece = pieces.poll(idle.toNanos(), TimeUnit.NANOSECONDS);
            if (piece == null) {
                throw new IOException("the answer stopped for " + idle.toSeconds() + " s");
            }
            return piece;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the proxy is stopping");
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        pieces.add(new Piece(bytes, false, null));
    }

    @Override
    public void onError(Throwable failure) {
        pieces.add(new Piece(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece(List.of(), true, null));
    }

    private record Piece(
            List<ByteBuffer> bytes, boolean last, @Nullable Throwable failure) {}
}
