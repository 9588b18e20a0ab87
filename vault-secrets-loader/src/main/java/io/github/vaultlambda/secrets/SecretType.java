package io.github.vaultlambda.secrets;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The type that a secret is handed out as, with its arguments, which a {@link Class} cannot say. Immutable and thread-safe.
 *
 * <pre>{@code
 * SecretType<List<Integer>> ports = SecretType.of(List.class, SecretType.of(Integer.class));
 * Secret<List<Integer>> secret = vault.secret("secret/data/orders/db#ports", ports);
 * }</pre>
 *
 * <p>A secret in the type {@link Optional} need not be there: it is empty when there is no such secret, no such field, or the field
 * is null.
 *
 * @param <T> the type
 */
public final class SecretType<T> {
    private final Class<? super T> raw;
    private final Type type;

    private SecretType(Class<? super T> raw, Type type) {
        this.raw = raw;
        this.type = type;
    }

    /** A type without arguments; a primitive one is that of its objects. */
    public static <T> SecretType<T> of(Class<T> type) {
        Class<? super T> raw = boxed(Objects.requireNonNull(type, "type"));
        return new SecretType<>(raw, raw);
    }

    @SuppressWarnings("unchecked") // int.class and Integer.class are both a Class<Integer>
    private static <T> Class<? super T> boxed(Class<T> type) {
        return (Class<T>) Conversions.boxed(type);
    }

    /**
     * A type with arguments, which is what the caller says it is.
     *
     * @param raw such as {@code Map.class}
     * @param arguments as many as the class has parameters
     * @throws IllegalArgumentException when there are more or fewer
     */
    public static <T> SecretType<T> of(Class<? super T> raw, SecretType<?>... arguments) {
        int expected = raw.getTypeParameters().length;
        if (arguments.length != expected) {
            throw new IllegalArgumentException(
                    raw.getName() + " has " + expected + " type arguments, and not " + arguments.length);
        }
        Type[] types = new Type[arguments.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = arguments[i].type;
        }
        return new SecretType<>(raw, types.length == 0 ? raw : new Generic(raw, types));
    }

    /** Whether a secret in this type need not be there: whether it is an {@link Optional}. */
    public boolean isOptional() {
        return raw == Optional.class;
    }

    Class<? super T> raw() {
        return raw;
    }

    Type type() {
        return type;
    }

    /** Of an {@link Optional}, the type of what is in it; null for all others. */
    @Nullable
    SecretType<?> optional() {
        if (!isOptional()) {
            return null;
        }
        if (!(type instanceof ParameterizedType generic)) {
            return of(Object.class);
        }
        Type content = generic.getActualTypeArguments()[0];
        Class<?> contentRaw = content instanceof ParameterizedType nested ? ((Generic) nested).raw : (Class<?>) content;
        return withType(contentRaw, content);
    }

    private static <C> SecretType<C> withType(Class<C> raw, Type type) {
        return new SecretType<>(raw, type);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretType<?> that && type.equals(that.type);
    }

    @Override
    public int hashCode() {
        return type.hashCode();
    }

    /** The type as in Java, with the full names of its classes. */
    @Override
    public String toString() {
        return type.getTypeName();
    }

    /** A class with its arguments. */
    private static final class Generic implements ParameterizedType {
        private final Class<?> raw;
        private final Type[] arguments;

        Generic(Class<?> raw, Type[] arguments) {
            this.raw = raw;
            this.arguments = arguments;
        }

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.clone();
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return raw.getDeclaringClass();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ParameterizedType that
                    && raw.equals(that.getRawType())
                    && Objects.equals(getOwnerType(), that.getOwnerType())
                    && Arrays.equals(arguments, that.getActualTypeArguments());
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(arguments) ^ Objects.hashCode(getOwnerType()) ^ raw.hashCode();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(raw.getTypeName()).append('<');
            for (int i = 0; i < arguments.length; i++) {
                text.append(i == 0 ? "" : ", ").append(arguments[i].getTypeName());
            }
            return text.append('>').toString();
        }
    }
}
