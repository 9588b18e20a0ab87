package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps, lists and objects without a type of their own, as Jackson would make them, but without loading it: texts, booleans, null,
 * the smallest of Integer, Long and BigInteger that holds a whole number, Double for any other number, and maps and lists that
 * cannot be changed, because all who read the secret share them.
 */
final class PlainBinding implements Conversion {
    private final Class<?> type;

    PlainBinding(Class<?> type) {
        this.type = type;
    }

    /** Whether values of this class are made here. */
    static boolean knows(Class<?> type) {
        return type == Map.class || type == List.class || type == Collection.class || type == Object.class;
    }

    @Override
    public Object from(SecretValue value) throws Misfit {
        Object plain = plain(value);
        if (plain == null || !type.isInstance(plain)) {
            throw new Misfit("does not fit " + type.getName());
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
                yield Collections.unmodifiableMap(map);
            }
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (SecretValue element : value.elements()) {
                    list.add(plain(element));
                }
                yield Collections.unmodifiableList(list);
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
