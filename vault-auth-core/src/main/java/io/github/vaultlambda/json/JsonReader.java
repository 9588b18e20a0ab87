package io.github.vaultlambda.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks once through one JSON document in UTF-8. It is strict, except that a byte order mark may come first. The caller asks
 * what comes next, and takes it:
 *
 * <ul>
 *   <li>at <code>{</code> {@link #open}, then {@link #nextName} and a value until there is no name,
 *   <li>at {@code [} {@link #open}, then a value as long as {@link #nextElement} says that there is one,
 *   <li>at {@code "} {@link #string}; at {@code t}, {@code f} and {@code n} {@link #word}; at anything else {@link #number},
 * </ul>
 *
 * and {@link #end} when the outermost value is read. What is not JSON is reported by an {@link IOException} with its position;
 * no message quotes the document. For one document on one thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 */
public final class JsonReader {
    /** Objects and arrays within each other: callers recurse, and half a megabyte of stack is to be enough for them. */
    static final int MAX_DEPTH = 512;
    /** Bytes of one number: what turns it into a BigDecimal takes more than linear time. */
    static final int MAX_NUMBER_LENGTH = 1000;

    private final byte[] json;
    private int at;
    private int depth;
    /** Whether the bracket that opens an object or array was the last thing read. */
    private boolean opened;

    /**
     * Begins with a document, which is not copied.
     *
     * @throws IOException when there is nothing but white space
     */
    public JsonReader(byte[] json) throws IOException {
        this.json = json;
        if (json.length >= 3 && json[0] == (byte) 0xef && json[1] == (byte) 0xbb && json[2] == (byte) 0xbf) {
            at = 3; // byte order mark
        }
        skipSpace();
        if (at == json.length) {
            throw new IOException("empty instead of JSON");
        }
    }

    /** The first character of the value that comes next; any other character, or 0 at the end, when there is none. */
    public char peek() {
        skipSpace();
        return (char) (here() & 0xff);
    }

    /** Enters the object or array that comes next. */
    public void open() throws IOException {
        if (depth == MAX_DEPTH) {
            throw fault();
        }
        depth++;
        at++;
        opened = true;
    }

    /** The name of the next field, or null when the object is over, which leaves it. */
    public @Nullable String nextName() throws IOException {
        if (closedOrNext('}')) {
            return null;
        }
        skipSpace();
        String name = string();
        skipSpace();
        skip(':');
        return name;
    }

    /** Whether another element comes; when there is none, the array is left. */
    public boolean nextElement() throws IOException {
        return !closedOrNext(']');
    }

    private boolean closedOrNext(char bracket) throws IOException {
        skipSpace();
        if (here() == bracket) {
            at++;
            depth--;
            opened = false;
            return true;
        }
        if (!opened) {
            skip(',');
        }
        opened = false;
        return false;
    }

    /** The text of a string. Half a surrogate pair is possible: an escape may say so. */
    public String string() throws IOException {
        skip('"');
        int start = at;
        while (at < json.length) {
            byte b = json[at];
            if (b == '"') {
                return new String(json, start, at++ - start, ISO_8859_1);
            }
            if (b == '\\' || b < 0) {
                return decoded(start);
            }
            if (b < ' ') {
                throw fault();
            }
            at++;
        }
        throw fault();
    }

    /** A string that is more than plain ASCII, which it is only up to here. */
    private String decoded(int start) throws IOException {
        int end = at;
        while (end < json.length && json[end] != '"') {
            end += json[end] == '\\' ? 2 : 1;
        }
        if (end >= json.length) {
            at = json.length;
            throw fault();
        }
        char[] text = new char[end - start]; // no character takes less than a byte
        int length = 0;
        for (int i = start; i < at; i++) {
            text[length++] = (char) json[i];
        }
        while (at < end) {
            byte b = json[at];
            if (b == '\\') {
                text[length++] = escaped();
            } else if (b < 0) {
                int codePoint = multiByte();
                if (codePoint < 0x10000) {
                    text[length++] = (char) codePoint;
                } else {
                    text[length++] = Character.highSurrogate(codePoint);
                    text[length++] = Character.lowSurrogate(codePoint);
                }
            } else if (b < ' ') {
                throw fault();
            } else {
                text[length++] = (char) b;
                at++;
            }
        }
        at++;
        return new String(text, 0, length);
    }

    private char escaped() throws IOException {
        at++;
        char escape = (char) here();
        switch (escape) {
            case '"', '\\', '/' -> {}
            case 'n' -> escape = '\n';
            case 't' -> escape = '\t';
            case 'r' -> escape = '\r';
            case 'b' -> escape = '\b';
            case 'f' -> escape = '\f';
            case 'u' -> {
                int unit = 0;
                for (int i = 0; i < 4; i++) {
                    at++;
                    int digit = Character.digit(here() & 0xff, 16);
                    if (digit < 0) {
                        throw fault();
                    }
                    unit = unit << 4 | digit;
                }
                escape = (char) unit;
            }
            default -> throw fault();
        }
        at++;
        return escape;
    }

    /** The code point of two to four bytes: the shortest form only, no surrogates, nothing above U+10FFFF. */
    private int multiByte() throws IOException {
        int start = at;
        int lead = json[at++] & 0xff;
        int codePoint;
        boolean wellFormed;
        if (lead < 0xe0) {
            codePoint = (lead & 0x1f) << 6 | continuation();
            wellFormed = lead >= 0xc2;
        } else if (lead < 0xf0) {
            codePoint = (lead & 0x0f) << 12 | continuation() << 6 | continuation();
            wellFormed = codePoint >= 0x800 && (codePoint < 0xd800 || codePoint > 0xdfff);
        } else {
            codePoint = (lead & 0x07) << 18 | continuation() << 12 | continuation() << 6 | continuation();
            wellFormed = lead < 0xf8 && codePoint >= 0x10000 && codePoint <= 0x10ffff;
        }
        if (!wellFormed) {
            at = start;
            throw fault();
        }
        return codePoint;
    }

    private int continuation() throws IOException {
        byte b = here();
        if ((b & 0xc0) != 0x80) {
            throw fault();
        }
        at++;
        return b & 0x3f;
    }

    /** The text of a number, as it is written. */
    public String number() throws IOException {
        int start = at;
        if (here() == '-') {
            at++;
        }
        if (here() == '0') {
            at++;
        } else {
            skipDigits();
        }
        if (here() == '.') {
            at++;
            skipDigits();
        }
        if (here() == 'e' || here() == 'E') {
            at++;
            if (here() == '+' || here() == '-') {
                at++;
            }
            skipDigits();
        }
        if (at - start > MAX_NUMBER_LENGTH) {
            throw fault();
        }
        return new String(json, start, at - start, ISO_8859_1);
    }

    private void skipDigits() throws IOException {
        int start = at;
        while (here() >= '0' && here() <= '9') {
            at++;
        }
        if (at == start) {
            throw fault();
        }
    }

    /** Takes this one of JSON's words: {@code true}, {@code false} or {@code null}. */
    public void word(String expected) throws IOException {
        for (int i = 0; i < expected.length(); i++) {
            skip(expected.charAt(i));
        }
    }

    /** Makes sure that nothing follows. */
    public void end() throws IOException {
        skipSpace();
        if (at < json.length) {
            throw fault();
        }
    }

    private void skipSpace() {
        while (at < json.length) {
            byte b = json[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return;
            }
            at++;
        }
    }

    private void skip(char expected) throws IOException {
        if (here() != expected) {
            throw fault();
        }
        at++;
    }

    /** The byte at this place; 0, which stands nowhere in JSON, at the end. */
    private byte here() {
        return at < json.length ? json[at] : 0;
    }

    private IOException fault() {
        return new IOException("not JSON (fault at byte " + at + " of " + json.length + ")");
    }
}
