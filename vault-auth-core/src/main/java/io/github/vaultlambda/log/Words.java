package io.github.vaultlambda.log;

import org.jspecify.annotations.Nullable;

/**
 * A line put into words: each <code>{}</code> of its format is the next argument, as in SLF4J. Immutable.
 *
 * @param text the words
 * @param failure the last argument when it is a Throwable for which there is no <code>{}</code>; otherwise null
 */
record Words(String text, @Nullable Throwable failure) {
    static Words of(String format, @Nullable Object[] arguments) {
        StringBuilder text = new StringBuilder(format.length() + 64);
        int used = 0;
        int from = 0;
        for (int place = format.indexOf("{}");
                place >= 0 && used < arguments.length;
                place = format.indexOf("{}", from)) {
            text.append(format, from, place).append(arguments[used++]);
            from = place + 2;
        }
        text.append(format, from, format.length());
        Object last = used < arguments.length ? arguments[arguments.length - 1] : null;
        return new Words(text.toString(), last instanceof Throwable failure ? failure : null);
    }
}
