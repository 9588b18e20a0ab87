package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Map;

/** Turns what was read into a value of a class. Thread-safe. */
final class TypeBinding<T> implements SecretBinding<T> {
    private final Class<T> type;

    @SuppressWarnings("unchecked") // int.class and Integer.class are both a Class<Integer>
    TypeBinding(Class<T> type) {
        this.type = type.isPrimitive()
                ? (Class<T>) MethodType.methodType(type).wrap().returnType()
                : type;
    }

    @Override
    public T bind(SecretReference reference, SecretAnswer answer) {
        return bind(reference, answer.data());
    }

    @Override
    public boolean freshEachTime() {
        return type == byte[].class || type == char[].class;
    }

    /**
     * The value of the referenced field, or of the whole secret.
     *
     * @throws SecretFormatException when there is no such field or it does not fit the type; the message holds no value
     */
    T bind(SecretReference reference, SecretValue data) {
        SecretValue value = SelectedField.of(reference, data);
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
