package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.http.Exchange;
import io.github.vaultlambda.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Vault's answer on its way to the client; never more than one piece of it is held. For one thread. */
final class VaultAnswer implements AutoCloseable {
    private static final int PIECE_BYTES = 16 * 1024;
    /** Some of Vault's answers have no end and long pauses, such as its log; but one that hangs must not hold a thread for ever. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private static final Duration DISCARD_PAUSE = Duration.ofSeconds(1);
    /** To read more than this costs more than a new connection. */
    private static final int DISCARD_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final Runnable atEnd;

    /**
     * The answer of an exchange that was sent.
     *
     * @param atEnd called when the answer is closed
     */
    VaultAnswer(Exchange exchange, Runnable atEnd) {
        this.exchange = exchange;
        this.atEnd = atEnd;
    }

    int status() {
        return exchange.status();
    }

    Headers headers() {
        return exchange.headers();
    }

    /** The length of the content, or -1 when Vault did not say. */
    long contentLength() {
        return exchange.contentLength();
    }

    /**
     * Writes the content as it comes, each piece at once. Does not close the stream.
     *
     * @throws IOException when either side fails, or no piece comes for five minutes
     */
    void copyTo(OutputStream out) throws IOException {
        exchange.timeout(LONGEST_PAUSE);
        InputStream content = exchange.content();
        byte[] piece = new byte[PIECE_BYTES];
        for (int count = content.read(piece); count >= 0; count = content.read(piece)) {
            out.write(piece, 0, count);
            out.flush();
        }
    }

    /** Takes the content of an answer that nobody wants, so that its connection is free again, and closes it. */
    void discard() {
        try (this) {
            exchange.timeout(DISCARD_PAUSE);
            exchange.content().readNBytes(DISCARD_BYTES);
        } catch (IOException e) {
            // Then its connection is not free: closed.
        }
    }

    /** Gives up what was not read, and with it the connection to Vault. */
    @Override
    public void close() {
        exchange.close();
        atEnd.run();
    }
}
