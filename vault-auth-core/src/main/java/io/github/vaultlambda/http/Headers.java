package io.github.vaultlambda.http;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Header fields in their order, several of one name allowed. Not thread-safe. */
public final class Headers {
    private @Nullable String[] fields = new String[16];
    private int size;

    /** No fields yet. */
    public Headers() {}

    /**
     * Adds a field behind the others. What cannot be sent is refused when it is sent.
     *
     * @return this
     */
    public Headers add(String name, String value) {
        if (2 * size == fields.length) {
            fields = Arrays.copyOf(fields, 4 * size);
        }
        fields[2 * size] = Objects.requireNonNull(name, "name");
        fields[2 * size + 1] = Objects.requireNonNull(value, "value");
        size++;
        return this;
    }

    /**
     * Adds the field that stands in a line of a head, behind the others.
     *
     * @param line without its end
     * @return false when it is no field: a folded line, for instance
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-5">RFC 9112, section 5</a>
     */
    public boolean addLine(String line) {
        int colon = line.indexOf(':');
        if (colon <= 0 || !Syntax.isToken(line, colon)) {
            return false;
        }
        add(line.substring(0, colon), Syntax.trimmed(line.substring(colon + 1)));
        return true;
    }

    /** Whether a field may have this name. */
    public static boolean isName(String text) {
        return Syntax.isToken(text, text.length());
    }

    /** Whether a field may have this value: no control characters, nothing beyond Latin-1. */
    public static boolean isValue(String text) {
        return Syntax.isFieldValue(text);
    }

    /** The number of fields. */
    public int size() {
        return size;
    }

    /** The name of a field, as it was written; the first has number 0. */
    public String name(int number) {
        return field(number, 0);
    }

    /** The value of a field, without blanks around it; the first has number 0. */
    public String value(int number) {
        return field(number, 1);
    }

    /** The value of the first field of that name in any case of letters, or null. */
    public @Nullable String first(String name) {
        for (int i = 0; i < size; i++) {
            if (name(i).equalsIgnoreCase(name)) {
                return value(i);
            }
        }
        return null;
    }

    /** Whether a field of that name is a list with commas that has this entry; in any case of letters, both. */
    public boolean list(String name, String entry) {
        for (int i = 0; i < size; i++) {
            if (name(i).equalsIgnoreCase(name) && Syntax.listHas(value(i), entry)) {
                return true;
            }
        }
        return false;
    }

    private String field(int number, int part) {
        Objects.checkIndex(number, size);
        return Objects.requireNonNull(fields[2 * number + part]);
    }

    /** The number of fields only: values may be secrets. */
    @Override
    public String toString() {
        return size + " headers";
    }
}
