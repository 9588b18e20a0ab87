package io.github.vaultlambda.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one class. To find SLF4J's provider and to set it up takes a fresh process 30 ms and more, so nobody who waits for
 * a first secret is made to wait for that: until it is done, lines are kept, and a thread of their own writes them in their
 * order. From then on, and for each warning, lines are written where they arise. Thread-safe.
 */
public final class Log {
    private static final Backlog BACKLOG = new Backlog(new SetUp());

    private final Class<?> owner;
    private volatile @Nullable Logger logger;

    private Log(Class<?> owner) {
        this.owner = owner;
    }

    /** The log of this class. Does not touch SLF4J. */
    public static Log of(Class<?> owner) {
        return new Log(owner);
    }

    /** Begins to set SLF4J up in the background, which is best done when a wait for the network begins. */
    public static void prepare() {
        BACKLOG.begin();
    }

    /** Writes what is kept and, from now on, each line where it arises: for programs whose own logging is set up already. */
    public static void writeAtOnce() {
        BACKLOG.flush();
    }

    /** What helps to find a fault. */
    public void debug(String format, @Nullable Object... arguments) {
        if (BACKLOG.isOver()) {
            logger().debug(format, arguments);
        } else {
            BACKLOG.add(new Line(this, false, format, arguments));
        }
    }

    /** What an operator may want to know. */
    public void info(String format, @Nullable Object... arguments) {
        if (BACKLOG.isOver()) {
            logger().info(format, arguments);
        } else {
            BACKLOG.add(new Line(this, true, format, arguments));
        }
    }

    /** What an operator should look at; a last argument that is a Throwable is printed with its trace. */
    public void warn(String format, @Nullable Object... arguments) {
        BACKLOG.flush();
        logger().warn(format, arguments);
    }

    private Logger logger() {
        Logger known = logger;
        if (known == null) {
            known = LoggerFactory.getLogger(owner);
            logger = known;
        }
        return known;
    }

    /** A line that is kept. Its arguments are put into words when it is written, so they must be immutable. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Line(
            Log log, boolean info, String format, @Nullable Object[] arguments) implements Runnable {
        @Override
        public void run() {
            if (info) {
                log.logger().info(format, arguments);
            } else {
                log.logger().debug(format, arguments);
            }
        }
    }

    /** The costly part of SLF4J's first use. */
    private static final class SetUp implements Runnable {
        @Override
        public void run() {
            LoggerFactory.getILoggerFactory();
        }
    }
}
