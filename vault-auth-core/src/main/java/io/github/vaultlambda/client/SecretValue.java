package io.github.vaultlambda.client;

import io.github.vaultlambda.json.JsonReader;
import io.github.vaultlambda.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value that cannot be printed by mistake: {@link #toString} hides it, {@link #reveal} hands it out. What Vault
 * answers is of this type from the first parsed byte to the caller. Immutable and thread-safe; two values are equal when
 * their contents are.
 */
public final class SecretValue {
    /** What kind of JSON value this is. */
    public enum Kind {
        /** Named values; see {@link SecretValue#fields()}. */
        OBJECT,
        /** A list; see {@link SecretValue#elements()}. */
        ARRAY,
        /** Text. */
        STRING,
        /** A number, whose text is kept as it was written. */
        NUMBER,
        /** True or false. */
        BOOLEAN,
        /** JSON's null. */
        NULL
    }

    private static final SecretValue NULL_VALUE = new SecretValue(Kind.NULL, "null");
    private static final SecretValue TRUE_VALUE = new SecretValue(Kind.BOOLEAN, "true");
    private static final SecretValue FALSE_VALUE = new SecretValue(Kind.BOOLEAN, "false");
    private static final SecretValue EMPTY_OBJECT = new SecretValue(Kind.OBJECT, new Fields(0));

    /** Names of fields seen lately: Vault's own come in each answer, and secrets of one kind have the same ones. */
    private static final @Nullable String[] NAMES = new @Nullable String[128];

    private static final int LONGEST_SHARED_NAME = 40;

    private final Kind kind;
    private final Object content;

    private SecretValue(Kind kind, Object content) {
        this.kind = kind;
        this.content = content;
    }

    /** Text as a value. */
    public static SecretValue of(String text) {
        return new SecretValue(Kind.STRING, Objects.requireNonNull(text, "text"));
    }

    /** A JSON number. */
    public static SecretValue of(long number) {
        return new SecretValue(Kind.NUMBER, Long.toString(number));
    }

    /** A JSON object, with its fields in the map's order. */
    public static SecretValue of(Map<String, SecretValue> fields) {
        return new SecretValue(Kind.OBJECT, Fields.copyOf(fields));
    }

    /** A JSON array. */
    public static SecretValue of(List<SecretValue> elements) {
        return new SecretValue(Kind.ARRAY, List.copyOf(elements));
    }

    /** The object without fields. */
    static SecretValue emptyObject() {
        return EMPTY_OBJECT;
    }

    /**
     * Reads one JSON document in UTF-8. Of fields with the same name the last one counts.
     *
     * @throws IOException when the bytes are not exactly one JSON value, or one with more than 512 objects and arrays within each
     *     other or a number of more than 1000 characters; the message never quotes the content
     */
    public static SecretValue parse(byte[] json) throws IOException {
        JsonReader reader = new JsonReader(json);
        SecretValue value = read(reader);
        reader.end();
        return value;
    }

    private static SecretValue read(JsonReader json) throws IOException {
        switch (json.peek()) {
            case '{' -> {
                Fields fields = new Fields(8);
                json.open();
                for (String name = json.nextName(); name != null; name = json.nextName()) {
                    fields.add(shared(name), read(json));
                }
                return new SecretValue(Kind.OBJECT, fields.trimmed());
            }
            case '[' -> {
                List<SecretValue> elements = new ArrayList<>();
                json.open();
                while (json.nextElement()) {
                    elements.add(read(json));
                }
                return new SecretValue(Kind.ARRAY, Collections.unmodifiableList(elements));
            }
            case '"' -> {
                return new SecretValue(Kind.STRING, json.string());
            }
            case 't' -> {
                json.word("true");
                return TRUE_VALUE;
            }
            case 'f' -> {
                json.word("false");
                return FALSE_VALUE;
            }
            case 'n' -> {
                json.word("null");
                return NULL_VALUE;
            }
            default -> {
                return new SecretValue(Kind.NUMBER, json.number());
            }
        }
    }

    /** The same name as one String, so that values which are kept share it. Threads may overwrite each other's: no harm. */
    private static String shared(String name) {
        if (name.length() > LONGEST_SHARED_NAME) {
            return name;
        }
        int slot = name.hashCode() & (NAMES.length - 1);
        String known = NAMES[slot];
        if (known != null && known.equals(name)) {
            return known;
        }
        NAMES[slot] = name;
        return name;
    }

    /** The kind of value. */
    public Kind kind() {
        return kind;
    }

    /** Whether this is JSON's null. */
    public boolean isNull() {
        return kind == Kind.NULL;
    }

    /**
     * The plain text of a string, number or boolean. The one deliberate way out of hiding: from here on the caller keeps it.
     *
     * @throws IllegalStateException for an object, an array or null
     */
    public String reveal() {
        if (kind == Kind.OBJECT || kind == Kind.ARRAY || kind == Kind.NULL) {
            throw new IllegalStateException("no plain text in a JSON " + kind);
        }
        return (String) content;
    }

    /**
     * Hands the plain text to a function as characters that are wiped when it returns, however it does: for interfaces that take
     * a {@code char[]} and keep none. That saves one copy, and no more: the text itself stays on the heap in this value, as it
     * does in the answer that it came from, until all of them are collected.
     *
     * @param use must not hand out the array; may return null
     * @throws IllegalStateException for an object, an array or null
     */
    public <R extends @Nullable Object> R withChars(Function<char[], R> use) {
        char[] chars = reveal().toCharArray();
        try {
            return use.apply(chars);
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    /** As {@link #withChars}, as bytes in UTF-8. */
    public <R extends @Nullable Object> R withBytes(Function<byte[], R> use) {
        byte[] bytes = reveal().getBytes(StandardCharsets.UTF_8);
        try {
            return use.apply(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The fields of an object in their order, unmodifiable; empty for every other kind. */
    public Map<String, SecretValue> fields() {
        return kind == Kind.OBJECT ? (Fields) content : Map.of();
    }

    /** The elements of an array in their order, unmodifiable; empty for every other kind. */
    @SuppressWarnings("unchecked") // the content of an ARRAY is such a list by construction
    public List<SecretValue> elements() {
        return kind == Kind.ARRAY ? (List<SecretValue>) content : List.of();
    }

    /** The field of that name, or null when this is no object or has none; one that is JSON's null counts as none. */
    public @Nullable SecretValue field(String name) {
        SecretValue value = kind == Kind.OBJECT ? ((Fields) content).get(name) : null;
        return value == null || value.isNull() ? null : value;
    }

    /** The text of a scalar field, or null when there is none. */
    public @Nullable String text(String name) {
        SecretValue value = field(name);
        return value == null || value.content instanceof Map || value.content instanceof List ? null : value.reveal();
    }

    /** The whole number in a field; {@code otherwise} when there is none. */
    public long number(String name, long otherwise) {
        SecretValue value = field(name);
        if (value == null || value.kind != Kind.NUMBER) {
            return otherwise;
        }
        try {
            return Long.parseLong(value.reveal());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Whether a field is there and true. */
    public boolean isTrue(String name) {
        SecretValue value = field(name);
        return value != null && value.kind == Kind.BOOLEAN && value.reveal().equals("true");
    }

    /** The texts in an array field; empty when there is none. */
    public List<String> texts(String name) {
        SecretValue value = field(name);
        if (value == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (SecretValue element : value.elements()) {
            if (element.kind == Kind.STRING) {
                texts.add(element.reveal());
            }
        }
        return texts;
    }

    /** This value as compact JSON, in the clear: fields in their order, numbers as they were written. */
    public String revealJson() {
        JsonWriter writer = new JsonWriter();
        write(writer);
        return writer.json();
    }

    private void write(JsonWriter json) {
        if (kind == Kind.OBJECT) { // a switch over an enum costs a class at the first use
            json.open('{');
            Fields fields = (Fields) content;
            for (int i = 0; i < fields.size(); i++) {
                json.name(fields.nameAt(i));
                fields.valueAt(i).write(json);
            }
            json.close('}');
        } else if (kind == Kind.ARRAY) {
            json.open('[');
            for (SecretValue element : elements()) {
                element.write(json);
            }
            json.close(']');
        } else if (kind == Kind.STRING) {
            json.string((String) content);
        } else {
            json.literal((String) content);
        }
    }

    /** About how many bytes of memory it takes, for those that keep many; names of fields are shared and do not count. */
    public long footprint() {
        if (kind == Kind.OBJECT) {
            Fields fields = (Fields) content;
            long bytes = 88;
            for (int i = 0; i < fields.size(); i++) {
                bytes += 8 + fields.valueAt(i).footprint();
            }
            return bytes;
        }
        if (kind == Kind.ARRAY) {
            long bytes = 64;
            for (SecretValue element : elements()) {
                bytes += 8 + element.footprint();
            }
            return bytes;
        }
        return 72L + ((String) content).length();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretValue that && kind == that.kind && content.equals(that.content);
    }

    @Override
    public int hashCode() {
        return content.hashCode();
    }

    /** Says only that something is hidden here. */
    @Override
    public String toString() {
        return "SecretValue[hidden]";
    }
}
