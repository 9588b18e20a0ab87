package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps and lists without a type of their own, as Jackson would make them, but without loading it: texts, booleans, null, the
 * smallest of Integer, Long and BigInteger that holds a whole number, Double for any other number, and LinkedHashMap and ArrayList,
 * which the caller may change.
 */
final class PlainBinding {
    private PlainBinding() {}

    static Object bind(SecretReference reference, SecretValue value, Class<?> type) {
        SecretValue.Kind fitting = type == Map.class ? SecretValue.Kind.OBJECT : SecretValue.Kind.ARRAY;
        Object plain = value.kind() == fitting ? plain(value) : null;
        if (plain == null) {
            throw new SecretFormatException("does not fit " + type.getName(), reference);
        }
        return plain;
    }

    private static @Nullable Object plain(SecretValue value) {
        return switch (value.kind()) {
            case OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (Map.Entry<String, SecretValue> field : value.fields().entrySet()) {
                    map.put(field.getKey(), plain(field.getValue()));
                }
                yield map;
            }
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (SecretValue element : value.elements()) {
                    list.add(plain(element));
                }
                yield list;
            }
            case STRING -> value.reveal();
            case NUMBER -> number(value.reveal());
            case BOOLEAN -> Boolean.valueOf(value.reveal());
            case NULL -> null;
        };
    }

    private static Number number(String text) {
        if (text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            return Double.valueOf(text);
        }
        BigInteger number = new BigInteger(text);
        if (number.bitLength() < Integer.SIZE) {
            return number.intValue();
        }
        if (number.bitLength() < Long.SIZE) {
            return number.longValue();
        }
        return number;
    }
}
