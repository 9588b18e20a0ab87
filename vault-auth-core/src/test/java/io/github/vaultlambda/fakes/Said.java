package io.github.vaultlambda.fakes;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What an exception tells to whoever prints it. */
public final class Said {
    private Said() {}

    /** Message, stack trace, causes and suppressed ones. */
    public static String by(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return failure + "\n" + failure.getMessage() + "\n" + text;
    }
}
