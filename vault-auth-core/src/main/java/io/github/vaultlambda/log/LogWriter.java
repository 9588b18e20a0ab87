package io.github.vaultlambda.log;

import org.jspecify.annotations.Nullable;

/** Where the lines of a program go that has a log of its own, and so no need of SLF4J. Implementations are thread-safe. */
public interface LogWriter {
    /** Whether lines of this level are written; others are not even put into words. */
    boolean isEnabled(LogLevel level);

    /**
     * Writes a line.
     *
     * @param owner the class whose line it is
     * @param message the line, in words; holds no secret
     * @param failure what is to be printed with its trace, or null
     */
    void write(LogLevel level, Class<?> owner, String message, @Nullable Throwable failure);
}
