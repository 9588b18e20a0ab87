package io.github.vaultlambda.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A socket whose reads end at one moment, however many there are and whatever stands above it: TLS too reads through it. The
 * JDK's time-out begins anew with each read, so that a server that sends a byte now and then would never be late.
 */
final class TimedSocket extends Socket {
    private static final long MAX_SECONDS = 10_000_000;

    private volatile long deadline;
    private volatile boolean writeFailed;

    TimedSocket(long deadline) {
        this.deadline = deadline;
    }

    /** The moment in {@link System#nanoTime()} that is this far away. */
    static long deadlineIn(Duration time) {
        return System.nanoTime() + (time.toSeconds() >= MAX_SECONDS ? MAX_SECONDS * 1_000_000_000 : time.toNanos());
    }

    /** The whole milliseconds until then, rounded up; 0 when it is over. */
    static int millisUntil(long deadline) {
        long nanos = deadline - System.nanoTime();
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + 1);
    }

    /** Sets the moment at which reads end; also for the read that is under way, unless it is earlier than before. */
    void endAt(long newDeadline) {
        deadline = newDeadline;
    }

    /** Closes without a word to the other side, and wakes whoever reads or writes. */
    void drop() {
        try {
            close();
        } catch (IOException e) {
            // There is nothing to lose.
        }
    }

    /** Whether what is written reaches nobody any more, also when no write has said so yet. */
    boolean takesNoMore() {
        return writeFailed || isClosed();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new TimedInput(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new PatientOutput(super.getOutputStream());
    }

    /**
     * Keeps the first failures to itself: a server that refuses a request or a certificate says so and hangs up, and the JDK's
     * TLS would give the connection up without reading what it said. Whoever reads next finds that, or the failure;
     * whoever has more to write asks {@link #takesNoMore}.
     */
    private final class PatientOutput extends OutputStream {
        private static final int PATIENCE = 16;

        private final OutputStream out;
        private int failures;

        PatientOutput(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                writeFailed = true;
                if (++failures > PATIENCE) {
                    throw e;
                }
            }
        }
    }

    private final class TimedInput extends InputStream {
        private final InputStream in;

        TimedInput(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (true) {
                int millis = millisUntil(deadline);
                if (millis == 0) {
                    throw new SocketTimeoutException("time is over");
                }
                setSoTimeout(millis);
                try {
                    return in.read(bytes, offset, length);
                } catch (SocketTimeoutException e) {
                    // The deadline may have been moved meanwhile; otherwise the next round ends it.
                }
            }
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }
    }
}
