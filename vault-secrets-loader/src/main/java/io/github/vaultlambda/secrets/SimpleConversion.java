package io.github.vaultlambda.secrets;

import io.github.vaultlambda.client.SecretValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values that are one text, number or boolean in JSON. */
final class SimpleConversion implements Conversion {
    private static final Set<Class<?>> TYPES = Set.of(
            String.class,
            SecretValue.class,
            byte[].class,
            char[].class,
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Character.class,
            BigInteger.class,
            BigDecimal.class,
            Instant.class,
            Duration.class,
            UUID.class,
            URI.class);

    private final Class<?> type;

    /** For a class that {@link #knows}. */
    SimpleConversion(Class<?> type) {
        this.type = type;
    }

    /** Whether values of this class, which is no primitive one, are made here. */
    static boolean knows(Class<?> type) {
        return TYPES.contains(type) || (type.isEnum() && !JacksonAnnotations.areOn(type));
    }

    @Override
    public Object from(SecretValue value) throws Misfit {
        if (type == SecretValue.class) {
            return value;
        }
        if (type == String.class && !value.isNull()) {
            return SelectedField.text(value);
        }
        Object converted = null;
        if (SelectedField.isScalar(value)) {
            try {
                String text = value.reveal();
                converted = Number.class.isAssignableFrom(type) ? number(text.strip()) : other(value, text);
            } catch (RuntimeException e) {
                // said below: the exception's own message quotes the text
            }
        }
        if (converted == null) {
            throw new Misfit(
                    type == byte[].class
                            ? "is no base64 text, which a byte[] is made of"
                            : "is no " + type.getSimpleName());
        }
        return converted;
    }

    private @Nullable Object number(String text) {
        if (type == Integer.class) {
            return Integer.valueOf(text);
        }
        if (type == Long.class) {
            return Long.valueOf(text);
        }
        if (type == Short.class) {
            return Short.valueOf(text);
        }
        if (type == Byte.class) {
            return Byte.valueOf(text);
        }
        if (type == BigInteger.class) {
            return new BigInteger(text);
        }
        if (type == BigDecimal.class) {
            return new BigDecimal(text);
        }
        if (!isDecimal(text)) {
            return null;
        }
        if (type == Float.class) {
            Float number = Float.valueOf(text);
            return number.isInfinite() ? null : number;
        }
        Double number = Double.valueOf(text);
        return number.isInfinite() ? null : number;
    }

    /** Java's own rule is wider: it takes {@code 1d}, hexadecimal digits and NaN. */
    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "+-.eE".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Object other(SecretValue value, String text) {
        if (type == Boolean.class) {
            String word = text.strip();
            return word.equals("true") ? Boolean.TRUE : word.equals("false") ? Boolean.FALSE : null;
        }
        if (type == char[].class) {
            return text.toCharArray();
        }
        if (type == byte[].class) {
            // Java's decoder forgives missing padding.
            return value.kind() == SecretValue.Kind.STRING && text.length() % 4 == 0
                    ? Base64.getDecoder().decode(text)
                    : null;
        }
        if (type.isEnum()) {
            return constant(text.strip());
        }
        if (type == Character.class) {
            return text.length() == 1 ? (Object) text.charAt(0) : null;
        }
        if (type == UUID.class) {
            UUID id = UUID.fromString(text.strip());
            return id.toString().equalsIgnoreCase(text.strip()) ? id : null; // Java forgives missing zeros
        }
        if (type == URI.class) {
            return URI.create(text.strip());
        }
        if (type == Instant.class) {
            return value.kind() == SecretValue.Kind.NUMBER
                    ? Instant.ofEpochSecond(Long.parseLong(text))
                    : Instant.parse(text.strip());
        }
        if (type == Duration.class) {
            return value.kind() == SecretValue.Kind.NUMBER
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.parse(text.strip());
        }
        return null;
    }

    private @Nullable Object constant(String name) {
        Object like = null;
        for (Object constant : type.getEnumConstants()) {
            String known = ((Enum<?>) constant).name();
            if (known.equals(name)) {
                return constant;
            }
            if (known.equalsIgnoreCase(name)) {
                like = constant;
            }
        }
        return like;
    }
}
