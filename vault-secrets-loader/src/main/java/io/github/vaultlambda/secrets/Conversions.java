package io.github.vaultlambda.secrets;

import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the conversion for a type among those that do without Jackson, whose first use loads hundreds of classes. For one
 * question, on one thread.
 */
final class Conversions {
    /** Records that have been met, so that one may hold others of its kind. */
    private final Map<Class<?>, RecordBinding> records = new HashMap<>();

    private Conversions() {}

    /** The conversion to this type; by Jackson when nothing else knows it. */
    static Conversion of(Type type) {
        Conversion conversion = new Conversions().find(type);
        return conversion == null ? new JacksonBinding(type) : conversion;
    }

    /** The class of the objects for a primitive class; every other as it is. */
    static Class<?> boxed(Class<?> type) {
        return type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type;
    }

    /** Null when this type is for Jackson. */
    @Nullable
    Conversion find(Type type) {
        if (type instanceof Class<?> raw) {
            return find(boxed(raw));
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            Type last = arguments[arguments.length - 1];
            Type content = last instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : last;
            return raw == Map.class && arguments[0] != String.class ? null : find(raw, content);
        }
        return null;
    }

    private @Nullable Conversion find(Class<?> raw, Type contentType) {
        if (contentType == Object.class && PlainBinding.knows(raw)) {
            return new PlainBinding(raw); // which may hold nulls
        }
        Conversion content = find(contentType);
        if (content == null) {
            return null;
        }
        if (raw == Optional.class) {
            return new OptionalConversion(content);
        }
        if (raw == List.class || raw == Collection.class) {
            return new ListConversion(content);
        }
        if (raw == Set.class) {
            return new SetConversion(content);
        }
        return raw == Map.class ? new MapConversion(content) : null;
    }

    private @Nullable Conversion find(Class<?> type) {
        if (SimpleConversion.knows(type)) {
            return new SimpleConversion(type);
        }
        if (PlainBinding.knows(type)) {
            return new PlainBinding(type);
        }
        if (!type.isRecord()) { // first, so that reading a record loads nothing of the others
            Conversion time = TimeConversion.of(type);
            return time == null ? PrimitiveOptional.of(type) : time;
        }
        if (type.getTypeParameters().length > 0) {
            return null;
        }
        RecordBinding known = records.get(type);
        if (known != null) {
            return known;
        }
        RecordBinding binding = new RecordBinding(type);
        records.put(type, binding);
        return binding.prepare(this) ? binding : null;
    }
}
