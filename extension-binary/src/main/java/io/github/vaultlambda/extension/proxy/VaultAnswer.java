package io.github.vaultlambda.extension.proxy;

import io.github.vaultlambda.client.VaultToken;
import io.github.vaultlambda.http.Exchange;
import io.github.vaultlambda.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Vault's answer, whose head is there and whose content comes. For one thread. */
final class VaultAnswer implements AutoCloseable {
    /** Some of Vault's answers have no end and long pauses, such as its log; but one that hangs must not hold a thread for ever. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private static final Duration DISCARD_PAUSE = Duration.ofSeconds(1);
    /** To read more than this costs more than a new connection. */
    private static final int DISCARD_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final long sentAtMillis;
    private final @Nullable VaultToken token;

    /**
     * The answer of an exchange that was sent.
     *
     * @param sentAtMillis a moment before that, by the wall clock
     * @param token the session's token that the request had, or null when it had the client's own
     */
    VaultAnswer(Exchange exchange, long sentAtMillis, @Nullable VaultToken token) {
        this.exchange = exchange;
        this.sentAtMillis = sentAtMillis;
        this.token = token;
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

    long sentAtMillis() {
        return sentAtMillis;
    }

    @Nullable
    VaultToken token() {
        return token;
    }

    /** All of the content, which must have a length, of a short answer: it comes at once, or it never comes. */
    byte[] readWhole(int length) throws IOException {
        byte[] whole = new byte[length];
        InputStream content = exchange.content();
        int count = 0;
        while (count < length) {
            int more = content.read(whole, count, length - count);
            if (more < 0) {
                throw new IOException("Vault's answer is shorter than announced");
            }
            count += more;
        }
        if (length == 0) {
            close();
        }
        return whole;
    }

    /** Allows for the pauses of answers that come bit by bit. */
    InputStream contentAsItComes() {
        exchange.timeout(LONGEST_PAUSE);
        return exchange.content();
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
    }
}
