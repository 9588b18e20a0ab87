package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns what was read into the type that the user asked for. Thread-safe. */
final class SecretBinding<T> {
    private final Class<T> type;

    @SuppressWarnings("unchecked") // int.class and Integer.class are both a Class<Integer>
    SecretBinding(Class<T> type) {
        this.type = type.isPrimitive()
                ? (Class<T>) MethodType.methodType(type).wrap().returnType()
                : type;
    }

    /**
     * The value of the referenced field, or of the whole secret.
     *
     * @throws SecretFormatException when there is no such field or it does not fit the type; the message holds no value
     */
    T bind(SecretReference reference, SecretValue data) {
        SecretValue value = selected(reference, data);
        Object converted;
        if (type == SecretValue.class) {
            converted = value;
        } else if (type == String.class) {
            converted = isScalar(value) ? value.reveal() : value.revealJson();
        } else if (type == Integer.class || type == Long.class || type == Double.class || type == Boolean.class) {
            converted = number(reference, value);
        } else if (type == Map.class || type == List.class) {
            converted = PlainBinding.bind(reference, value, type);
        } else {
            // The first use of databind loads hundreds of classes; the plain types above do without it.
            converted = JacksonBinding.bind(reference, value, type);
        }
        return type.cast(converted);
    }

    private static SecretValue selected(SecretReference reference, SecretValue data) {
        String field = reference.field();
        if (field == null) {
            return data;
        }
        SecretValue value = nested(data, field);
        if (value == null) {
            throw new SecretFormatException(
                    "does not exist; the secret's fields are "
                            + new TreeSet<>(data.fields().keySet()),
                    reference);
        }
        return value;
    }

    /** A field of that very name, else the way through nested objects that its dots describe. */
    private static @Nullable SecretValue nested(SecretValue data, String field) {
        SecretValue direct = data.field(field);
        if (direct != null) {
            return direct;
        }
        SecretValue value = data;
        for (String name : field.split("\\.", -1)) {
            value = value.field(name);
            if (value == null) {
                return null;
            }
        }
        return value;
    }

    private Object number(SecretReference reference, SecretValue value) {
        if (isScalar(value)) {
            String text = value.reveal().strip();
            try {
                if (type == Integer.class) {
                    return Integer.valueOf(text);
                }
                if (type == Long.class) {
                    return Long.valueOf(text);
                }
                if (type == Double.class) {
                    return Double.valueOf(text);
                }
                if (text.equals("true") || text.equals("false")) {
                    return Boolean.valueOf(text);
                }
            } catch (NumberFormatException e) {
                // reported below, without the text
            }
        }
        throw new SecretFormatException("is no " + type.getSimpleName(), reference);
    }

    private static boolean isScalar(SecretValue value) {
        return switch (value.kind()) {
            case STRING, NUMBER, BOOLEAN -> true;
            case OBJECT, ARRAY, NULL -> false;
        };
    }
}
