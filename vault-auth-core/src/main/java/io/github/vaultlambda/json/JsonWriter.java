package io.github.vaultlambda.json;

/**
 * Writes one compact JSON document. Commas and colons come by themselves; that names and brackets are where they belong is
 * the caller's business. Escaped is what must be, and half a surrogate pair, which has no UTF-8. For one document on one thread.
 */
public final class JsonWriter {
    private static final String HEX = "0123456789ABCDEF";

    private final StringBuilder text = new StringBuilder(512);
    /** Whether a value of the same object or array stands before. */
    private boolean follows;

    /** Begins an object or array by its bracket. */
    public void open(char bracket) {
        separate();
        text.append(bracket);
        follows = false;
    }

    /** Ends an object or array by its bracket. */
    public void close(char bracket) {
        text.append(bracket);
        follows = true;
    }

    /** The name of a field, whose value is to be written next. */
    public void name(String name) {
        separate();
        quoted(name);
        text.append(':');
        follows = false;
    }

    /** A string. */
    public void string(String value) {
        separate();
        quoted(value);
        follows = true;
    }

    /** A number or word of JSON, as it is. */
    public void literal(String json) {
        separate();
        text.append(json);
        follows = true;
    }

    /** What was written, in the clear. */
    public String json() {
        return text.toString();
    }

    private void separate() {
        if (follows) {
            text.append(',');
        }
    }

    private void quoted(String value) {
        text.append('"');
        int written = 0;
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c >= ' ' && c != '"' && c != '\\' && !(Character.isSurrogate(c) && isLone(value, at))) {
                continue;
            }
            text.append(value, written, at);
            written = at + 1;
            text.append('\\');
            switch (c) {
                case '"', '\\' -> text.append(c);
                case '\n' -> text.append('n');
                case '\t' -> text.append('t');
                case '\r' -> text.append('r');
                case '\b' -> text.append('b');
                case '\f' -> text.append('f');
                default -> {
                    text.append('u');
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        text.append(HEX.charAt(c >> shift & 0xf));
                    }
                }
            }
        }
        if (written == 0) {
            text.append(value);
        } else {
            text.append(value, written, value.length());
        }
        text.append('"');
    }

    private static boolean isLone(String value, int at) {
        return Character.isHighSurrogate(value.charAt(at))
                ? at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(value.charAt(at - 1));
    }
}
