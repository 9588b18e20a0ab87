package io.github.vaultlambda.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one class. To find SLF4J's provider and to set it up takes a fresh process 30 ms and more, so nobody who waits for
 * a first secret is made to wait for that: until it is done, lines are kept, and a thread of their own writes them in their
 * order. From then on, and for each warning, lines are written where they arise. A program with a log of its own has its lines
 * {@linkplain #writeTo there} at once, and SLF4J is not touched. Thread-safe.
 */
public final class Log {
    private static final Backlog BACKLOG = new Backlog(new SetUp());
    private static volatile @Nullable LogWriter own;

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
        if (own == null) {
            BACKLOG.begin();
        }
    }

    /** Writes what is kept, and from now on each line where it arises: when it does not matter that somebody waits for that. */
    public static void writeAtOnce() {
        if (own == null) {
            BACKLOG.flush();
        }
    }

    /**
     * From now on every line of this process goes there, where it arises, and none to SLF4J. For programs: the first thing to do,
     * before there are other threads. With null SLF4J has them again.
     */
    public static void writeTo(@Nullable LogWriter writer) {
        own = writer;
    }

    /** Whether lines at debug level are written, or may be when the first moments are over. */
    public boolean isDebugEnabled() {
        LogWriter writer = own;
        if (writer != null) {
            return writer.isEnabled(LogLevel.DEBUG);
        }
        return !BACKLOG.isOver() || logger().isDebugEnabled();
    }

    /** What helps to find a fault. */
    public void debug(String format, @Nullable Object... arguments) {
        log(LogLevel.DEBUG, format, arguments);
    }

    /** What an operator may want to know. */
    public void info(String format, @Nullable Object... arguments) {
        log(LogLevel.INFO, format, arguments);
    }

    /** What an operator should look at; a last argument that is a Throwable is printed with its trace. */
    public void warn(String format, @Nullable Object... arguments) {
        log(LogLevel.WARN, format, arguments);
    }

    /** What keeps the program from doing what it is for; a last argument that is a Throwable is printed with its trace. */
    public void error(String format, @Nullable Object... arguments) {
        log(LogLevel.ERROR, format, arguments);
    }

    private void log(LogLevel level, String format, @Nullable Object[] arguments) {
        LogWriter writer = own;
        if (writer != null) {
            if (writer.isEnabled(level)) {
                Words words = Words.of(format, arguments);
                writer.write(level, owner, words.text(), words.failure());
            }
        } else if (level.compareTo(LogLevel.WARN) >= 0) {
            BACKLOG.flush();
            write(level, format, arguments);
        } else if (BACKLOG.isOver()) {
            write(level, format, arguments);
        } else {
            BACKLOG.add(new Line(this, level, format, arguments));
        }
    }

    private void write(LogLevel level, String format, @Nullable Object[] arguments) {
        Logger to = logger();
        if (level == LogLevel.DEBUG) { // compared, as a switch over an enum costs a class at the first use
            to.debug(format, arguments);
        } else if (level == LogLevel.INFO) {
            to.info(format, arguments);
        } else if (level == LogLevel.WARN) {
            to.warn(format, arguments);
        } else {
            to.error(format, arguments);
        }
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
            Log log,
            LogLevel level,
            String format,
            @Nullable Object[] arguments) implements Runnable {
        @Override
        public void run() {
            log.write(level, format, arguments);
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
