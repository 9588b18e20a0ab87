package io.github.vaultlambda.extension.log;

import org.jspecify.annotations.Nullable;

/** Makes one line of a text from elsewhere, so that a log event stays a line and an error message a sentence. */
public final class OneLine {
    private static final int MAX_CHARS = 2_000;

    private OneLine() {}

    /** The text with every run of white space as one space, cut when it is very long; "no message" for none. */
    public static String of(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return "no message";
        }
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > MAX_CHARS ? line.substring(0, MAX_CHARS) + "..." : line;
    }

    /** What happened: the failure's message, or its kind when it has none. */
    public static String of(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : of(message);
    }
}
