package io.github.vaultlambda.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();
    private static final SecretValue NULL_VALUE = new SecretValue(Kind.NULL, "null");
    private static final SecretValue EMPTY_OBJECT = new SecretValue(Kind.OBJECT, Map.of());

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

    /** A JSON object, with its fields in the map's order. */
    public static SecretValue of(Map<String, SecretValue> fields) {
        return new SecretValue(Kind.OBJECT, Collections.unmodifiableMap(new LinkedHashMap<>(fields)));
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
     * Reads one JSON document.
     *
     * @throws IOException when the bytes are not exactly one JSON value; the message never quotes the content
     */
    public static SecretValue parse(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new IOException("empty instead of JSON");
            }
            SecretValue value = read(parser, first);
            if (parser.nextToken() != null) {
                throw new IOException("more than one JSON value");
            }
            return value;
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            // The parser's own message may quote what it read. No cause either, for the same reason.
            throw new IOException("not JSON (fault at byte "
                    + (e.getLocation() == null ? -1 : e.getLocation().getByteOffset()) + " of " + json.length + ")");
        } catch (CharConversionException e) {
            throw new IOException("not JSON (no Unicode)"); // this message, too, quotes what was read
        }
    }

    private static SecretValue read(JsonParser parser, JsonToken token) throws IOException {
        switch (token) {
            case START_OBJECT -> {
                Map<String, SecretValue> fields = new LinkedHashMap<>();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    fields.put(name, read(parser, parser.nextToken()));
                }
                return new SecretValue(Kind.OBJECT, Collections.unmodifiableMap(fields));
            }
            case START_ARRAY -> {
                List<SecretValue> elements = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    elements.add(read(parser, next));
                }
                return new SecretValue(Kind.ARRAY, Collections.unmodifiableList(elements));
            }
            case VALUE_STRING -> {
                return of(parser.getText());
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return new SecretValue(Kind.NUMBER, parser.getText());
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return new SecretValue(Kind.BOOLEAN, parser.getText());
            }
            case VALUE_NULL -> {
                return NULL_VALUE;
            }
            default -> throw new IOException("unexpected end of JSON");
        }
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

    /** The fields of an object in their order, unmodifiable; empty for every other kind. */
    @SuppressWarnings("unchecked") // the content of an OBJECT is such a map by construction
    public Map<String, SecretValue> fields() {
        return kind == Kind.OBJECT ? (Map<String, SecretValue>) content : Map.of();
    }

    /** The elements of an array in their order, unmodifiable; empty for every other kind. */
    @SuppressWarnings("unchecked") // the content of an ARRAY is such a list by construction
    public List<SecretValue> elements() {
        return kind == Kind.ARRAY ? (List<SecretValue>) content : List.of();
    }

    /** The field of that name, or null when this is no object or has none; one that is JSON's null counts as none. */
    public @Nullable SecretValue field(String name) {
        SecretValue value = fields().get(name);
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
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            write(generator);
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be written to", e);
        }
        return text.toString();
    }

    private void write(JsonGenerator generator) throws IOException {
        switch (kind) {
            case OBJECT -> {
                generator.writeStartObject();
                for (Map.Entry<String, SecretValue> field : fields().entrySet()) {
                    generator.writeFieldName(field.getKey());
                    field.getValue().write(generator);
                }
                generator.writeEndObject();
            }
            case ARRAY -> {
                generator.writeStartArray();
                for (SecretValue element : elements()) {
                    element.write(generator);
                }
                generator.writeEndArray();
            }
            case STRING -> generator.writeString((String) content);
            case NUMBER, BOOLEAN, NULL -> generator.writeRawValue((String) content);
        }
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
