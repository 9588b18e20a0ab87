package io.github.vaultlambda.log;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The log lines of the first moments, and the thread that writes them. Thread-safe. */
final class Backlog implements Runnable {
    private final Runnable setUp;
    private final Queue<Runnable> lines = new ArrayDeque<>();
    private boolean begun;
    private volatile boolean over;
    /** Held while lines are written, so that they keep their order. */
    private final Object writing = new Object();

    /** A backlog that does this before it writes its first line. */
    Backlog(Runnable setUp) {
        this.setUp = setUp;
    }

    /** Whether everything is written, and lines are to be written where they arise. */
    boolean isOver() {
        return over;
    }

    /** Begins to write in the background. */
    void begin() {
        synchronized (lines) {
            if (begun || over) {
                return;
            }
            begun = true;
        }
        Thread thread = new Thread(this, "vault-log");
        thread.setDaemon(true);
        thread.start();
    }

    /** Keeps a line, or writes it when the first moments are over. */
    void add(Runnable line) {
        synchronized (lines) {
            if (!over) {
                lines.add(line);
                begin();
                return;
            }
        }
        line.run();
    }

    /** Writes everything now, in this thread. */
    void flush() {
        if (!over) {
            run();
        }
    }

    @Override
    public void run() {
        synchronized (writing) {
            setUp.run();
            for (Runnable line = next(); line != null; line = next()) {
                line.run();
            }
        }
    }

    /** The line that has been kept longest; when there is none, the first moments are over. */
    private @Nullable Runnable next() {
        synchronized (lines) {
            Runnable line = lines.poll();
            over = line == null;
            return line;
        }
    }
}
